// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/provider/scorebreakdownmodel.h"

#include "ui/models/providerstate.h"
#include "ui/style/format.h"

#include <QLocale>

#include <algorithm>
#include <numeric>

namespace signalbox {

namespace {

/// Points that each factor can lose; see ScoreSnapshot.
constexpr std::array<double, ScoreBreakdownModel::factorCount> weights { 40, 25, 20, 15 };

QString tenths(double value)
{
    return QLocale().toString(value, 'f', 1);
}

QString tr(const char *text)
{
    return ScoreBreakdownModel::tr(text);
}

/// What was measured, what is aimed at, and how the sub-score follows from it.
struct FactorText
{
    QString measured;
    QString target;
    QString explanation;
};

FactorText successText(const ProviderSnapshot &provider)
{
    FactorText text;
    text.measured = provider.recentCalls == 0
        ? noValue()
        : tr("%1 of %2").arg(formatShare(provider.successRate), formatCount(provider.recentCalls));
    text.target = formatShare(1);
    text.explanation = tr("Calls of the last 5 min that succeeded; two successes are added, so that one bad first call "
                          "does not give 0.");
    return text;
}

QString limitText(Milliseconds limit)
{
    return formatLatency(static_cast<double>(limit.count()));
}

FactorText responseText(const ProviderSnapshot &provider, const HealthSettings &health)
{
    // The class with more calls weighs more, so it is the one to show.
    const bool streams = provider.firstByte.samples >= provider.total.samples;
    const LatencySnapshot &latency = streams ? provider.firstByte : provider.total;
    FactorText text;
    text.measured = latency.samples == 0
        ? noValue()
        : tr("%1 / %2").arg(formatLatency(latency.p50Ms), formatLatency(latency.p95Ms));
    text.target = tr("≤ %1").arg(limitText(streams ? health.firstByteGoodMs : health.totalGoodMs));
    text.explanation =
        tr("p50 and p95 of the first byte of streams (%1 calls; good up to %2, worth nothing from %3) and "
           "of the whole of other answers (%4 calls; %5, %6), weighted by calls.")
            .arg(formatCount(provider.firstByte.samples), limitText(health.firstByteGoodMs),
                 limitText(health.firstByteBadMs), formatCount(provider.total.samples), limitText(health.totalGoodMs),
                 limitText(health.totalBadMs));
    return text;
}

FactorText availabilityText(const ProviderSnapshot &provider)
{
    FactorText text;
    text.measured = provider.breaker.mode == BreakerMode::ForcedOpen ? tr("forced open")
        : provider.breaker.mode != BreakerMode::Auto                 ? tr("always closed")
        : provider.breaker.throttled                                 ? tr("throttled")
        : provider.breaker.state == BreakerState::Open               ? tr("open")
        : provider.breaker.state == BreakerState::HalfOpen           ? tr("half-open")
                                                                     : tr("closed");
    text.target = tr("closed");
    text.explanation =
        tr("Half of it is the share of the last 5 min in which the breaker was closed, half the share of "
           "good ones among the last 10 health checks; half-open halves it, open makes it 0.");
    return text;
}

FactorText trendText(const ProviderSnapshot &provider)
{
    FactorText text;
    const double perMinute = std::expm1(provider.trendSlopePerMinute);
    const bool known = provider.forecastFirstByteMs && std::isfinite(*provider.forecastFirstByteMs);
    text.measured = known ? tr("%1%2/min")
                                .arg(perMinute >= 0 ? QStringLiteral("+") : QString(),
                                     withUnit(QLocale().toString(100 * perMinute, 'f', 1), QStringLiteral("%")))
                          : noValue();
    text.target = tr("not slower");
    text.explanation = tr("How fast the median first byte grows, if it does so steadily. At a pace that makes it four "
                          "times as long in 5 min nothing is left.");
    return text;
}

} // namespace

std::vector<double> roundedToSum(const std::vector<double> &parts)
{
    const double sum = std::accumulate(parts.begin(), parts.end(), 0.0);
    std::vector<double> floors;
    floors.reserve(parts.size());
    std::vector<std::size_t> order(parts.size());
    std::iota(order.begin(), order.end(), std::size_t { 0 });
    for (const double part : parts)
        floors.push_back(std::floor(part * 10 + 1e-9));
    // The tenths that are missing go to those that lost most by rounding down.
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return parts[a] * 10 - floors[a] > parts[b] * 10 - floors[b];
    });
    auto missing =
        static_cast<int>(std::lround(sum * 10) - std::lround(std::accumulate(floors.begin(), floors.end(), 0.0)));
    for (std::size_t i = 0; i < order.size() && missing > 0; ++i, --missing)
        floors[order[i]] += 1;
    for (double &value : floors)
        value /= 10;
    return floors;
}

void ScoreBreakdownModel::setProvider(const ProviderSnapshot &provider, const HealthSettings &health)
{
    const ScoreSnapshot &score = provider.score;
    const std::array factors { score.success, score.response, score.availability, score.trend };
    const std::array texts { successText(provider), responseText(provider, health), availabilityText(provider),
                             trendText(provider) };
    std::vector<double> lost;
    for (std::size_t i = 0; i < factors.size(); ++i)
        lost.push_back(weights[i] * (1 - factors[i]));
    const std::vector<double> shown = roundedToSum(lost);
    double sum = 0;
    for (std::size_t i = 0; i < factors.size(); ++i) {
        Row row;
        row.text = { factorName(factorOf(static_cast<int>(i))),
                     texts[i].measured,
                     texts[i].target,
                     QLocale().toString(100 * factors[i], 'f', 0),
                     QLocale().toString(weights[i], 'f', 0),
                     tenths(shown[i]) };
        row.explanation = texts[i].explanation;
        row.lost = shown[i];
        row.weight = weights[i];
        sum += shown[i];
        if (row == m_rows[i])
            continue;
        m_rows[i] = std::move(row);
        Q_EMIT dataChanged(index(static_cast<int>(i), 0), index(static_cast<int>(i), ColumnCount - 1));
    }
    m_footer = tr("100 − %1 = %2").arg(tenths(sum), tenths(100 - sum));
    if (!hasScore(provider))
        m_footer = tr("%1 (assumed: no calls to judge by)").arg(m_footer);
}

int ScoreBreakdownModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : factorCount;
}

int ScoreBreakdownModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(ColumnCount);
}

QVariant ScoreBreakdownModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Row &row = m_rows[static_cast<std::size_t>(index.row())];
    const QString &text = row.text[static_cast<std::size_t>(index.column())];
    switch (role) {
    case Qt::DisplayRole:
        return text;
    case Qt::ToolTipRole:
        return QString(text + QLatin1Char('\n') + row.explanation);
    case Qt::AccessibleTextRole:
        return tr("%1: %2").arg(headerData(index.column(), Qt::Horizontal).toString(), text);
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(
            Qt::Alignment((index.column() == FactorColumn ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter));
    case LostRole:
        return row.lost;
    case WeightRole:
        return row.weight;
    default:
        return {};
    }
}

QVariant ScoreBreakdownModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(
            Qt::Alignment((section == FactorColumn ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter));
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole)
        return {};
    switch (section) {
    case FactorColumn:
        return tr("Factor");
    case MeasuredColumn:
        return tr("Measured");
    case TargetColumn:
        return tr("Target");
    case SubScoreColumn:
        return tr("Sub-score");
    case WeightColumn:
        return tr("Weight");
    default:
        return tr("Points lost");
    }
}

} // namespace signalbox
