// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/thresholds/measuredview.h"

#include "ui/charts/timechart.h"
#include "ui/page/answer.h"
#include "ui/provider/chartmapping.h"
#include "ui/style/format.h"
#include "ui/thresholds/limitlines.h"
#include "ui/thresholds/phasemapping.h"
#include "ui/thresholds/rangebuttons.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include <algorithm>

namespace signalbox {

namespace {

constexpr int mostPoints = 600;
constexpr int mostRequests = 2000; ///< that times of single requests are taken from
constexpr std::int64_t shortestShownMs = 120'000;
constexpr int lowestScoreChart = 136; ///< pixels; three of them fit into a low window
constexpr int lowestTimeoutChart = 200; ///< two limits that are close to each other can be told apart

const ThresholdSetting *health(const char *key)
{
    return thresholdSetting(QStringLiteral("health"), QLatin1String(key));
}

const ThresholdSetting *timeout(const char *key)
{
    return thresholdSetting(QStringLiteral("timeouts"), QLatin1String(key));
}

/// From where anything was measured: a long time with nothing in it would press the rest together.
TimeSpan recordedSpan(const std::vector<SeriesPoint> &points, const TimeSpan &span)
{
    const auto first = std::find_if(points.begin(), points.end(), [](const SeriesPoint &point) {
        return point.succeeded + point.failed > 0 || point.score.has_value();
    });
    const std::int64_t firstMs = first == points.end() ? span.sinceMs : first->startMs;
    const std::int64_t shownMs = std::max(shortestShownMs, span.untilMs - firstMs);
    return { std::max(span.sinceMs, span.untilMs - shownMs - shownMs / 50), span.untilMs };
}

} // namespace

const std::vector<const ThresholdSetting *> &MeasuredView::Measured::of(ThresholdGroup group) const
{
    return group == ThresholdGroup::Timeouts ? timeouts : scores;
}

MeasuredView::MeasuredView(Engine &engine, const Appearance &appearance, const QList<QAction *> &ranges,
                           QWidget *parent)
    : QWidget(parent), m_engine(engine), m_pick(new QComboBox(this)), m_hint(new QLabel(this)),
      m_firstByte(new TimeChart(tr("First byte of streams"), ChartUnit::Milliseconds, appearance, m_group, this)),
      m_total(new TimeChart(tr("Whole answer, not streamed"), ChartUnit::Milliseconds, appearance, m_group, this)),
      m_gaps(new TimeChart(tr("Time between events of a stream"), ChartUnit::Milliseconds, appearance, m_group, this)),
      m_score(new TimeChart(tr("Health score"), ChartUnit::Score, appearance, m_group, this)),
      m_connect(new TimeChart(tr("Connecting, of up to %1 requests").arg(formatCount(mostRequests)),
                              ChartUnit::Milliseconds, appearance, m_group, this)),
      m_tls(new TimeChart(tr("TLS handshake, of up to %1 requests").arg(formatCount(mostRequests)),
                          ChartUnit::Milliseconds, appearance, m_group, this)),
      m_requests(new TimeChart(tr("All attempts together, of up to %1 requests").arg(formatCount(mostRequests)),
                               ChartUnit::Milliseconds, appearance, m_group, this))
{
    m_pick->setObjectName(QStringLiteral("measuredProvider"));
    m_pick->setAccessibleName(tr("Provider in the charts"));
    m_pick->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_hint->setObjectName(QStringLiteral("measuredHint"));
    m_hint->setWordWrap(true);
    m_hint->setForegroundRole(QPalette::PlaceholderText);
    m_hint->setText(
        tr("Drag a line, or move it with Up and Down; Page Up and Page Down choose which. What was measured "
           "stays: scores and timeouts cannot be tried on recorded traffic."));
    auto *measured = new QLabel(tr("&Measured"), this);
    measured->setBuddy(m_pick);
    auto *head = new QHBoxLayout;
    head->setSpacing(8);
    head->addWidget(measured);
    head->addWidget(m_pick);
    head->addWidget(new RangeButtons(ranges, QStringLiteral("measuredRange"), this));
    head->addStretch(1);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addLayout(head);
    addChart(QStringLiteral("measuredFirstByte"), tr("No streams in this time"), m_firstByte,
             { health("firstByteGoodMs"), health("firstByteBadMs") },
             { timeout("slowStreamMs"), timeout("firstByteMs") });
    addChart(QStringLiteral("measuredTotal"), tr("No other answers than streams in this time"), m_total,
             { health("totalGoodMs"), health("totalBadMs") }, { timeout("slowTotalMs"), timeout("responseMs") });
    addChart(QStringLiteral("measuredGaps"), tr("No streams in this time"), m_gaps, {}, { timeout("idleMs") });
    addChart(QStringLiteral("measuredScore"), tr("Nothing recorded of this time"), m_score,
             { health("degradedBelow"), health("unhealthyBelow") }, {});
    addChart(QStringLiteral("measuredConnect"), tr("No new connections in this time"), m_connect, {},
             { timeout("connectMs") });
    addChart(QStringLiteral("measuredTls"), tr("No TLS handshakes in this time"), m_tls, {}, { timeout("tlsMs") });
    addChart(QStringLiteral("measuredRequests"), tr("No requests in this time"), m_requests, {},
             { timeout("totalMs") });
    layout->addWidget(m_hint);
    m_score->setTop(100);
    // Limits and what is measured are often a factor of a hundred apart.
    for (TimeChart *chart : { m_firstByte, m_total, m_gaps, m_connect, m_tls, m_requests })
        chart->setLogarithmic(true);
    setGroup(m_settings);
    connect(m_pick, &QComboBox::textActivated, this, &MeasuredView::providerChosen);
    connect(&m_group, &ChartGroup::selected, this, [this](const TimeSpan &span) {
        m_zoom = span;
        m_group.setSpan(span);
    });
    connect(&m_group, &ChartGroup::resetRequested, this, &MeasuredView::resetZoom);
}

void MeasuredView::addChart(const QString &objectName, const QString &emptyText, TimeChart *chart,
                            std::vector<const ThresholdSetting *> scores,
                            std::vector<const ThresholdSetting *> timeouts)
{
    chart->setObjectName(objectName);
    chart->setEmptyText(emptyText);
    chart->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Ignored);
    static_cast<QVBoxLayout *>(layout())->addWidget(chart, 1);
    m_charts.push_back({ chart, std::move(scores), std::move(timeouts) });
    connect(chart, &TimeChart::thresholdMoved, this, [this, at = m_charts.size() - 1](std::size_t index, double value) {
        moveLine(m_charts[at], index, value);
    });
}

bool MeasuredView::shows(ThresholdGroup group)
{
    return group == ThresholdGroup::Score || group == ThresholdGroup::Timeouts;
}

void MeasuredView::setGroup(ThresholdGroup group)
{
    if (m_settings != group)
        m_span = {}; // charts that were hidden are asked for
    m_settings = group;
    for (const Measured &each : m_charts) {
        each.chart->setVisible(!each.of(group).empty());
        each.chart->setMinimumHeight(group == ThresholdGroup::Timeouts ? lowestTimeoutChart : lowestScoreChart);
    }
}

void MeasuredView::setProviders(const QStringList &names, const QString &shown)
{
    const QSignalBlocker quiet(m_pick);
    QStringList listed;
    for (int i = 0; i < m_pick->count(); ++i)
        listed.append(m_pick->itemText(i));
    if (names != listed) {
        m_pick->clear();
        m_pick->addItems(names);
    }
    m_pick->setCurrentIndex(static_cast<int>(names.indexOf(shown)));
    if (m_provider == shown)
        return;
    m_provider = shown;
    m_span = {}; // what is drawn is of another one
    draw({}, 0);
    drawRequests({});
}

void MeasuredView::showLimits(const ThresholdValues &active, const ThresholdValues &drafted, bool editable)
{
    for (const Measured &each : m_charts)
        each.chart->setThresholds(limitLines(each.of(m_settings), active, drafted, editable));
}

void MeasuredView::moveLine(const Measured &measured, std::size_t index, double value)
{
    if (const auto &settings = measured.of(m_settings); index < settings.size())
        Q_EMIT limitMoved(*settings[index], roundValue(*settings[index], value));
}

void MeasuredView::showTime(std::int64_t nowMs, std::int64_t rangeMs, std::int64_t refreshMs)
{
    if (m_span.lengthMs() != rangeMs)
        m_zoom.reset();
    else if (nowMs - m_span.untilMs < refreshMs)
        return;
    m_span = { nowMs - rangeMs, nowMs };
    onAnswer(m_engine.series({ m_provider, m_span.sinceMs, m_span.untilMs, mostPoints }), this,
             [this, nowMs, generation = ++m_generation](const Result<std::vector<SeriesPoint>> &answer) {
                 if (generation == m_generation)
                     draw(answer ? answer.value() : std::vector<SeriesPoint>(), nowMs);
             });
    askRequests();
}

/// The roll-ups have no phases, and count attempts.
void MeasuredView::askRequests()
{
    const Result<Filter> filter = Filter::parse(QStringLiteral("provider:\"%1\"").arg(m_provider));
    if (m_settings != ThresholdGroup::Timeouts || !filter)
        return;
    RequestQuery query;
    query.filter = filter.value();
    query.since = QDateTime::fromMSecsSinceEpoch(m_span.sinceMs, Qt::UTC);
    query.until = QDateTime::fromMSecsSinceEpoch(m_span.untilMs, Qt::UTC);
    query.limit = mostRequests;
    onAnswer(m_engine.requests(query), this, [this, generation = m_generation](const RequestPage &page) {
        if (generation == m_generation)
            drawRequests(page.requests);
    });
}

void MeasuredView::drawRequests(const std::vector<RequestEvent> &requests)
{
    m_connect->setSeries(requestTimeSeries(requests, m_provider, RequestTime::Connect, m_span));
    m_tls->setSeries(requestTimeSeries(requests, m_provider, RequestTime::Tls, m_span));
    m_requests->setSeries(requestTimeSeries(requests, m_provider, RequestTime::Request, m_span));
}

void MeasuredView::draw(const std::vector<SeriesPoint> &points, std::int64_t nowMs)
{
    if (m_span.lengthMs() > 0) {
        m_group.setDataEnd(m_span.untilMs);
        m_full = recordedSpan(points, m_span);
        m_group.setSpan(m_zoom.value_or(m_full));
    }
    m_firstByte->setSeries(latencySeries(points, Latency::FirstByte, nowMs));
    m_total->setSeries(latencySeries(points, Latency::Total, nowMs));
    m_gaps->setSeries(gapSeries(points, nowMs));
    m_score->setSeries(scoreSeries(points, std::nullopt, nowMs));
}

void MeasuredView::setStale(bool stale)
{
    for (const Measured &each : m_charts)
        each.chart->setStale(stale);
}

bool MeasuredView::resetZoom()
{
    if (!m_zoom)
        return false;
    m_zoom.reset();
    m_group.setSpan(m_full);
    return true;
}

} // namespace signalbox
