// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/eventwords.h"

#include "ui/style/format.h"

#include <QCoreApplication>
#include <QRegularExpression>

#include <algorithm>

namespace signalbox {

namespace {

constexpr qsizetype mostWords = 400; ///< the comparison takes the square of this
constexpr qsizetype shortText = 60;

QString tr(const char *text)
{
    return QCoreApplication::translate("EventWords", text);
}

/// Words and what stands between them.
QStringList partsOf(const QString &text)
{
    static const QRegularExpression part(QStringLiteral("[\\w.\\-]+|\\s+|[^\\w\\s]"));
    QStringList parts;
    QRegularExpressionMatchIterator found = part.globalMatch(text);
    while (found.hasNext())
        parts.append(found.next().captured());
    return parts;
}

void append(std::vector<DiffPart> &parts, DiffPart::Kind kind, const QString &text)
{
    if (text.isEmpty())
        return;
    if (!parts.empty() && parts.back().kind == kind)
        parts.back().text += text;
    else
        parts.push_back({ kind, text });
}

/// Length of the longest common subsequence from each pair of places on.
std::vector<std::vector<int>> commonLengths(const QStringList &a, const QStringList &b)
{
    std::vector<std::vector<int>> length(static_cast<std::size_t>(a.size()) + 1,
                                         std::vector<int>(static_cast<std::size_t>(b.size()) + 1, 0));
    for (qsizetype i = a.size() - 1; i >= 0; --i) {
        for (qsizetype j = b.size() - 1; j >= 0; --j) {
            const auto x = static_cast<std::size_t>(i);
            const auto y = static_cast<std::size_t>(j);
            length[x][y] = a[i] == b[j] ? length[x + 1][y + 1] + 1 : std::max(length[x + 1][y], length[x][y + 1]);
        }
    }
    return length;
}

QString onlyOf(const std::vector<DiffPart> &parts, DiffPart::Kind kind)
{
    QStringList texts;
    for (const DiffPart &part : parts) {
        if (part.kind == kind)
            texts.append(part.text.trimmed());
    }
    return texts.join(QStringLiteral(" … "));
}

} // namespace

QString kindWord(StateEvent::Kind kind)
{
    switch (kind) {
    case StateEvent::Kind::Breaker:
        return tr("Breaker");
    case StateEvent::Kind::Command:
        return tr("Command");
    case StateEvent::Kind::Config:
        return tr("Configuration");
    case StateEvent::Kind::Credential:
        return tr("Key");
    case StateEvent::Kind::Listener:
        return tr("Listener");
    case StateEvent::Kind::Request:
        return tr("Request");
    case StateEvent::Kind::Probe:
        return tr("Health check");
    case StateEvent::Kind::Alarm:
        return tr("Alarm");
    case StateEvent::Kind::Recording:
        return tr("Recording");
    case StateEvent::Kind::Trend:
        return tr("Trend");
    case StateEvent::Kind::Shadow:
        return tr("Shadow run");
    }
    return {};
}

const std::vector<StateEvent::Kind> &allEventKinds()
{
    using Kind = StateEvent::Kind;
    static const std::vector<Kind> kinds { Kind::Breaker,   Kind::Command, Kind::Config, Kind::Credential,
                                           Kind::Listener,  Kind::Request, Kind::Probe,  Kind::Alarm,
                                           Kind::Recording, Kind::Trend,   Kind::Shadow };
    return kinds;
}

std::vector<DiffPart> diffWords(const QString &before, const QString &after)
{
    using Kind = DiffPart::Kind;
    const QStringList a = partsOf(before);
    const QStringList b = partsOf(after);
    std::vector<DiffPart> parts;
    if (a.size() > mostWords || b.size() > mostWords) {
        append(parts, Kind::Removed, before);
        append(parts, Kind::Added, after);
        return parts;
    }
    const std::vector<std::vector<int>> length = commonLengths(a, b);
    qsizetype i = 0;
    qsizetype j = 0;
    while (i < a.size() || j < b.size()) {
        const auto x = static_cast<std::size_t>(i);
        const auto y = static_cast<std::size_t>(j);
        if (i < a.size() && j < b.size() && a[i] == b[j]) {
            append(parts, Kind::Same, a[i]);
            ++i;
            ++j;
        } else if (i < a.size() && (j == b.size() || length[x + 1][y] >= length[x][y + 1])) {
            append(parts, Kind::Removed, a[i++]);
        } else {
            append(parts, Kind::Added, b[j++]);
        }
    }
    return parts;
}

QString changeText(const StateEvent &event)
{
    if (event.before.isEmpty() || event.after.isEmpty())
        return event.before.isEmpty() && event.after.isEmpty() ? noValue() : event.before + event.after;
    QString before = event.before;
    QString after = event.after;
    if (before.size() + after.size() > shortText) {
        const std::vector<DiffPart> parts = diffWords(before, after);
        before = onlyOf(parts, DiffPart::Kind::Removed);
        after = onlyOf(parts, DiffPart::Kind::Added);
    }
    const QString nothing = tr("(nothing)");
    return tr("%1 → %2").arg(before.isEmpty() ? nothing : before, after.isEmpty() ? nothing : after);
}

QString changeHtml(const StateEvent &event)
{
    QString html;
    for (const DiffPart &part : diffWords(event.before, event.after)) {
        const QString text = part.text.toHtmlEscaped().replace(QLatin1Char('\n'), QStringLiteral("<br>"));
        if (part.kind == DiffPart::Kind::Removed)
            html += QStringLiteral("<s>%1</s> ").arg(text);
        else
            html += part.kind == DiffPart::Kind::Added ? QStringLiteral("<b>%1</b>").arg(text) : text;
    }
    return html;
}

} // namespace signalbox
