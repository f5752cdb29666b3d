// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/routingrows.h"

#include "ui/models/requestcells.h"
#include "ui/models/requestwords.h"

#include <QCoreApplication>

#include <algorithm>

namespace signalbox {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("RoutingRows", text);
}

std::optional<double> scoreOf(const QString &provider, const RequestDetails *details)
{
    if (!details)
        return std::nullopt;
    for (const ConsideredProvider &considered : details->considered) {
        if (considered.provider == provider)
            return considered.score;
    }
    return std::nullopt;
}

QString resultOf(const AttemptEvent &attempt)
{
    QString text = attempt.status > 0 ? QString::number(attempt.status) : QString();
    if (attempt.reason != QLatin1String("ok") && attempt.status < 400) {
        const QString words = reasonWords(attempt.reason);
        text = text.isEmpty() ? words : QStringLiteral("%1, %2").arg(text, words);
    }
    return tr("%1 after %2").arg(text.isEmpty() ? tr("ended") : text, timeText(attempt.total));
}

bool hasRow(const std::vector<RoutingRow> &rows, const QString &provider)
{
    return std::any_of(rows.begin(), rows.end(), [&](const RoutingRow &row) { return row.provider == provider; });
}

} // namespace

std::vector<RoutingRow> routingRows(const RequestEvent &event, const RequestDetails *details)
{
    std::vector<RoutingRow> rows;
    for (const AttemptEvent &attempt : event.attempts) {
        for (const SkippedProvider &skip : attempt.skipped)
            rows.push_back(
                { skip.provider, tr("skipped"), reasonWords(skip.reason), {}, scoreOf(skip.provider, details) });
        rows.push_back(
            { attempt.provider, tr("asked"), choiceWords(attempt.chosenBecause), resultOf(attempt), attempt.score });
    }
    if (!details)
        return rows;
    for (const ConsideredProvider &considered : details->considered) {
        if (hasRow(rows, considered.provider))
            continue;
        const bool spare = considered.reason == QLatin1String("not_needed");
        rows.push_back({ considered.provider,
                         spare ? tr("not needed") : tr("skipped"),
                         spare ? tr("would have been next") : reasonWords(considered.reason),
                         {},
                         considered.score });
    }
    if (details->notLookedAt > 0)
        rows.push_back({ tr("%1 others").arg(details->notLookedAt),
                         tr("not looked at"),
                         tr("enough could be asked before their turn"),
                         {},
                         {} });
    return rows;
}

} // namespace signalbox
