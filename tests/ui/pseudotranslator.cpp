// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/pseudotranslator.h"

#include <QRegularExpression>

namespace signalbox {

namespace {

const QString plain = QStringLiteral("aceginorsuyzACEGINORSUYZ");
const QString accented = QStringLiteral("åçéğîñöřšûýžÅÇÉĞÎÑÖŘŠÛÝŽ");
constexpr qsizetype padBreak = 6; ///< nobody writes longer words of "~"

/// A placeholder, tag, entity, or the letter after a mnemonic's mark: must stay as it is.
const QRegularExpression &untouched()
{
    static const QRegularExpression pattern(
        QStringLiteral("%L?(?:\\d{1,2}|n)|</?[A-Za-z][^>]*>|&[A-Za-z]+;|&[A-Za-z]"));
    return pattern;
}

QString withAccents(const QString &text)
{
    QString result = text;
    for (QChar &letter : result) {
        if (const qsizetype at = plain.indexOf(letter); at >= 0)
            letter = accented.at(at);
    }
    return result;
}

/// "~" is as wide as 1.4 letters, so this many make a text two fifths longer.
QString padding(qsizetype letters)
{
    QString pad;
    for (qsizetype i = 0; i < (letters * 2 + 6) / 7; ++i) {
        if (i > 0 && i % padBreak == 0)
            pad += QLatin1Char(' ');
        pad += QLatin1Char('~');
    }
    return pad;
}

} // namespace

QString PseudoTranslator::translate(const char *context, const char *sourceText, const char *, int n) const
{
    // Names of keys are read back, and not ours.
    if (qstrcmp(context, "QShortcut") == 0)
        return {};
    QString source = QString::fromUtf8(sourceText);
    if (n >= 0)
        source.replace(QLatin1String("(s)"), n == 1 ? QLatin1String() : QLatin1String("s"));
    QString result;
    qsizetype letters = 0;
    qsizetype from = 0;
    QRegularExpressionMatchIterator kept = untouched().globalMatch(source);
    while (kept.hasNext()) {
        const QRegularExpressionMatch match = kept.next();
        letters += match.capturedStart() - from;
        result += withAccents(source.mid(from, match.capturedStart() - from)) + match.captured();
        from = match.capturedEnd();
    }
    letters += source.size() - from;
    result += withAccents(source.mid(from));
    return QLatin1Char('[') + result + padding(letters) + QLatin1Char(']');
}

QString untranslatedPart(const QString &text)
{
    QString left;
    int depth = 0;
    for (const QChar letter : text) {
        if (letter == QLatin1Char('['))
            ++depth;
        else if (letter == QLatin1Char(']') && depth > 0)
            --depth;
        else if (depth == 0)
            left += letter;
    }
    return left;
}

} // namespace signalbox
