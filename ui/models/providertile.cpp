// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/providertile.h"

#include "ui/style/format.h"

#include <QCoreApplication>

#include <cmath>

namespace signalbox {

namespace {

/// ln of the median first byte per minute: ±3 % a minute is within what one slow answer does.
constexpr double steadySlopePerMinute = 0.03;
constexpr std::size_t pointsPerMinute = 12;

QString tr(const char *text)
{
    return QCoreApplication::translate("ProviderTile", text);
}

int trendDirection(const ProviderSnapshot &provider)
{
    if (provider.firstByte.samples == 0 || std::abs(provider.trendSlopePerMinute) < steadySlopePerMinute)
        return 0;
    return provider.trendSlopePerMinute > 0 ? 1 : -1;
}

QString sampleWords(const ProviderSnapshot &provider)
{
    QString count = provider.recentCalls == 0 ? tr("No calls in 5 min")
                                              : tr("%1 in 5 min").arg(formatSamples(provider.recentCalls));
    const bool judged = provider.breaker.mode == BreakerMode::Auto && provider.breaker.state == BreakerState::Closed &&
        provider.enabled && !provider.draining;
    if (!judged || provider.recentCalls == 0 || provider.breaker.calls >= rateRuleCalls)
        return count;
    return tr("%1; rate rule needs %2 calls in 60 s, consecutive rule active").arg(count).arg(rateRuleCalls);
}

} // namespace

double attemptsPerSecond(const ProviderSnapshot &provider)
{
    if (!provider.recent || provider.recent->empty())
        return 0;
    const auto &points = *provider.recent;
    const std::size_t count = std::min(points.size(), pointsPerMinute);
    std::uint64_t attempts = 0;
    for (std::size_t i = points.size() - count; i < points.size(); ++i)
        attempts += points[i].attempts;
    return static_cast<double>(attempts) / (static_cast<double>(count) * 5.0);
}

ProviderTile makeTile(const ProviderSnapshot &provider, const QDateTime &takenAt)
{
    ProviderTile tile;
    tile.name = provider.name;
    tile.state = describeState(provider, takenAt);
    tile.label = provider.score.label;
    tile.trend = trendDirection(provider);
    tile.simulated = provider.simulated;
    if (hasScore(provider))
        tile.score = static_cast<int>(std::lround(provider.score.value));
    const bool streams = provider.firstByte.samples > 0;
    tile.latencyLabel = streams || provider.total.samples == 0 ? tr("First byte p95") : tr("Answer p95");
    tile.latency = formatLatency(streams ? provider.firstByte.p95Ms : provider.total.p95Ms);
    tile.errors = provider.recentCalls == 0 ? noValue() : formatShare(1.0 - provider.successRate);
    tile.rate = formatRate(attemptsPerSecond(provider));
    tile.samples = sampleWords(provider);
    tile.recent = provider.recent;
    return tile;
}

} // namespace signalbox
