// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/waterfall.h"

#include "ui/models/requestcells.h"
#include "ui/models/requestwords.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>
#include <array>

namespace signalbox {

namespace {

using std::chrono::microseconds;

struct Mark
{
    WaterfallPhase phase;
    microseconds AttemptPhases::*end;
};

/// In the order in which they happen. The wait goes on from the head to the body's first byte.
constexpr std::array marks {
    Mark { WaterfallPhase::Queue, &AttemptPhases::queue },
    Mark { WaterfallPhase::Dns, &AttemptPhases::dns },
    Mark { WaterfallPhase::Connect, &AttemptPhases::connect },
    Mark { WaterfallPhase::Tls, &AttemptPhases::tls },
    Mark { WaterfallPhase::Sending, &AttemptPhases::sent },
    Mark { WaterfallPhase::Waiting, &AttemptPhases::head },
    Mark { WaterfallPhase::Waiting, &AttemptPhases::firstByte },
    Mark { WaterfallPhase::Stream, &AttemptPhases::lastByte },
};

QString tr(const char *text)
{
    return QCoreApplication::translate("Waterfall", text);
}

QString attemptLabel(const AttemptEvent &attempt, std::size_t number)
{
    QString name = QStringLiteral("%1  %2").arg(number).arg(attempt.provider);
    if (attempt.status >= 400)
        return QStringLiteral("%1  %2").arg(name, QString::number(attempt.status));
    if (attempt.reason == QLatin1String("ok") || attempt.reason.isEmpty())
        return name;
    return QStringLiteral("%1  %2").arg(name, reasonWords(attempt.reason));
}

class RowBuilder
{
public:
    explicit RowBuilder(WaterfallRow &row) : m_row(row), m_at(row.from) { }

    void until(WaterfallPhase phase, microseconds end)
    {
        if (end <= m_at)
            return;
        if (!m_row.segments.empty() && m_row.segments.back().phase == phase)
            m_row.segments.back().until = end;
        else
            m_row.segments.push_back({ phase, m_at, end });
        m_at = end;
    }

private:
    WaterfallRow &m_row;
    microseconds m_at;
};

/// What an attempt was in when it ended without reaching the next mark.
WaterfallPhase unfinishedPhase(const AttemptPhases &phases)
{
    if (phases.firstByte >= microseconds(0))
        return WaterfallPhase::Stream;
    if (phases.sent >= microseconds(0))
        return WaterfallPhase::Waiting;
    if (phases.connect >= microseconds(0) || phases.tls >= microseconds(0))
        return phases.tls >= microseconds(0) ? WaterfallPhase::Sending : WaterfallPhase::Tls;
    if (phases.dns >= microseconds(0) || phases.queue >= microseconds(0))
        return WaterfallPhase::Connect;
    return WaterfallPhase::Queue;
}

} // namespace

std::vector<WaterfallRow> waterfallOf(const RequestEvent &event)
{
    std::vector<WaterfallRow> rows;
    for (const AttemptEvent &attempt : event.attempts) {
        WaterfallRow row;
        row.label = attemptLabel(attempt, rows.size() + 1);
        row.from = attempt.startedAfter;
        row.until = attempt.startedAfter + attempt.total;
        RowBuilder builder(row);
        const bool answered = attempt.phases.head >= microseconds(0);
        for (const Mark &mark : marks) {
            const bool reached = attempt.phases.*mark.end >= microseconds(0);
            if (reached && (answered || mark.phase != WaterfallPhase::Stream))
                builder.until(mark.phase, row.from + attempt.phases.*mark.end);
        }
        builder.until(unfinishedPhase(attempt.phases), row.until);
        if (!row.segments.empty())
            row.until = std::max(row.until, row.segments.back().until);
        rows.push_back(std::move(row));
    }
    return rows;
}

QString phaseName(WaterfallPhase phase)
{
    switch (phase) {
    case WaterfallPhase::Queue:
        return tr("queue");
    case WaterfallPhase::Dns:
        return tr("DNS");
    case WaterfallPhase::Connect:
        return tr("connect");
    case WaterfallPhase::Tls:
        return tr("TLS");
    case WaterfallPhase::Sending:
        return tr("sending");
    case WaterfallPhase::Waiting:
        return tr("waiting");
    case WaterfallPhase::Stream:
        return tr("answer");
    }
    return {};
}

QString waterfallWords(const std::vector<WaterfallRow> &rows)
{
    QStringList texts;
    for (const WaterfallRow &row : rows) {
        QStringList parts;
        for (const WaterfallSegment &segment : row.segments)
            parts.append(QStringLiteral("%1 %2").arg(phaseName(segment.phase), timeText(segment.until - segment.from)));
        texts.append(QStringLiteral("%1: %2").arg(row.label, parts.join(QStringLiteral(", "))));
    }
    return texts.join(QStringLiteral("; "));
}

} // namespace signalbox
