// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/dialect/masking.h"

#include <QRegularExpression>
#include <QString>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace signalbox {

namespace {

constexpr qsizetype excerptedBytes = qsizetype { 64 } << 10; ///< what is read to make an excerpt

struct Rule
{
    QRegularExpression pattern;
    QString replacement;
};

const std::array<Rule, 4> &rules()
{
    const auto pattern = [](const char *text) { return QRegularExpression(QString::fromLatin1(text)); };
    static const std::array<Rule, 4> list {
        Rule { pattern("(?i)\\b(bearer|basic)\\s+[A-Za-z0-9._~+/=*-]{8,}"), QStringLiteral("\\1 ***") },
        // Vendors' key prefixes.
        Rule { pattern("\\b(?:(?:sk|rk|pk|gsk|xai|pplx|hf|r8|csk|fw|nvapi|ghp|gho|ghu|ghs|glpat|github_pat)[-_]"
                       "[A-Za-z0-9_*-]{6,}|AIza[A-Za-z0-9_-]{10,}|ya29\\.[A-Za-z0-9_-]{10,}|AKIA[A-Z0-9]{12,}|"
                       "eyJ[A-Za-z0-9_-]{8,}(?:\\.[A-Za-z0-9_-]+)*)"),
               QStringLiteral("***") },
        // name=value, "name": "value", name: value
        Rule { pattern("(?i)\\b((?:x-)?(?:goog-)?(?:api[-_]?)?key|(?:proxy-)?authorization|(?:[a-z]+[-_])*token|secret|"
                       "password|cookie)([\"']?\\s*[=:]\\s*[\"']?)[^\\s\"'&,;}<]{8,}"),
               QStringLiteral("\\1\\2***") },
        Rule { pattern("(?i)(/t/)[^/\\s\"'?]{8,}"), QStringLiteral("\\1***") },
    };
    return list;
}

bool isWordCharacter(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/// Ids and names of models, which come with every answer: nothing in them is changed by simplifying, and of the rules
/// only that of the vendors' prefixes can fit.
bool isPlainName(QByteArrayView text)
{
    return std::all_of(text.begin(), text.end(), [](char c) { return isWordCharacter(c) || c == '-' || c == '.'; });
}

/// A vendor's prefix begins a word. May say yes where the rule would say no.
bool mayHoldKey(QByteArrayView name)
{
    static constexpr std::array<std::string_view, 21> prefixes { "sk",   "rk",   "pk",  "gsk",   "xai",        "pplx",
                                                                 "hf",   "r8",   "csk", "fw",    "nvapi",      "ghp",
                                                                 "gho",  "ghu",  "ghs", "glpat", "github_pat", "AIza",
                                                                 "ya29", "AKIA", "eyJ" };
    const std::string_view text(name.data(), static_cast<std::size_t>(name.size()));
    bool inWord = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool wasInWord = std::exchange(inWord, isWordCharacter(text[i]));
        if (wasInWord || !inWord)
            continue;
        const auto begins = [rest = text.substr(i)](std::string_view prefix) {
            return rest.front() == prefix.front() && rest.substr(0, prefix.size()) == prefix;
        };
        if (std::any_of(prefixes.begin(), prefixes.end(), begins))
            return true;
    }
    return false;
}

QByteArray shortened(QByteArray text, qsizetype bytes)
{
    if (text.size() <= bytes)
        return text;
    text.truncate(std::max<qsizetype>(bytes - 3, 0));
    while (!text.isEmpty() && !text.isValidUtf8())
        text.chop(1);
    return text + "...";
}

} // namespace

QByteArray maskSecrets(QByteArrayView text)
{
    // Latin-1 keeps every byte.
    QString masked = QString::fromLatin1(text.data(), text.size());
    for (const Rule &rule : rules())
        masked.replace(rule.pattern, rule.replacement);
    return masked.toLatin1();
}

QByteArray printableExcerpt(QByteArrayView text, qsizetype bytes)
{
    if (isPlainName(text) && !mayHoldKey(text))
        return shortened(text.first(std::min(text.size(), excerptedBytes)).toByteArray(), bytes);
    const QByteArray masked = maskSecrets(text.first(std::min(text.size(), excerptedBytes)));
    QString line = QString::fromUtf8(masked);
    std::replace_if(
        line.begin(), line.end(),
        [](QChar c) { return !c.isPrint() && !c.isSurrogate() && c.category() != QChar::Other_Format; },
        QLatin1Char(' '));
    // Invisible and direction-changing characters could make a log line read differently.
    line.removeIf([](QChar c) { return c.category() == QChar::Other_Format; });
    return shortened(line.simplified().toUtf8(), bytes);
}

} // namespace signalbox
