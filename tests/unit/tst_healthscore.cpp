// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/health/healthscore.h"
#include "engine/health/scorecache.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

using namespace signalbox;

class TestHealthScore : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void unknownProviderScoresBetweenGoodAndDegraded();
    void isMonotonicAndBounded();
    void survivesNonsense();
    void trendIgnoresTheUnit();
    void trendIgnoresTwoOutliers();
    void trendForecastsADoubling();
    void gateFollowsModeThenThrottleThenState();
    void cacheKeepsItsValueWithinItsLifetime();
    void cacheNeverGivesAnOldValue();
    void cacheFollowsEveryTransition();
};

namespace {

class RandomInput
{
public:
    ScoreInput next()
    {
        ScoreInput input;
        input.ok = whole(200);
        input.failed = whole(100);
        input.firstByte = latency();
        input.total = latency();
        input.gate = static_cast<Gate>(whole(4));
        input.probes = whole(10);
        input.probesOk = std::min(input.probes, whole(10));
        input.closedShare = real();
        std::vector<std::optional<double>> medians;
        for (int i = 0; i < 10; ++i)
            medians.push_back(whole(4) == 0 ? std::nullopt : std::optional<double>(50 + 5'000 * real()));
        input.trend = TrendEstimator::estimate(medians);
        return input;
    }
    double real() { return std::uniform_real_distribution(0.0, 1.0)(m_random); }

private:
    std::uint64_t whole(std::uint64_t most) { return std::uniform_int_distribution<std::uint64_t>(0, most)(m_random); }
    LatencyInput latency()
    {
        const double p50 = std::pow(10.0, 5.0 * real());
        return { whole(50), p50, p50 * (1.0 + 3.0 * real()) };
    }

    std::mt19937 m_random { 5 };
};

template <typename Change> bool falls(const ScoreInput &input, Change change)
{
    ScoreInput changed = input;
    change(changed);
    return healthScore(changed).score < healthScore(input).score - 1e-9;
}

template <typename Change> bool rises(const ScoreInput &input, Change change)
{
    ScoreInput changed = input;
    change(changed);
    return healthScore(changed).score > healthScore(input).score + 1e-9;
}

} // namespace

void TestHealthScore::unknownProviderScoresBetweenGoodAndDegraded()
{
    QVERIFY(std::abs(healthScore({}).score - 87.5) < 1e-9);
    QCOMPARE(ScoreResult().score, 87.5);
}

void TestHealthScore::isMonotonicAndBounded()
{
    RandomInput random;
    for (int i = 0; i < 4'000; ++i) {
        const ScoreInput input = random.next();
        const ScoreResult result = healthScore(input);
        QVERIFY(result.score >= 0.0 && result.score <= 100.0 + 1e-9);
        for (const double factor : { result.success, result.response, result.availability, result.trend })
            QVERIFY(factor >= 0.0 && factor <= 1.0 + 1e-12);
        QVERIFY(!falls(input, [](ScoreInput &in) { in.ok += 5; }));
        QVERIFY(!rises(input, [](ScoreInput &in) { in.failed += 5; }));
        QVERIFY(!rises(input, [](ScoreInput &in) { in.firstByte.p50Ms *= 1.3; }));
        QVERIFY(!rises(input, [](ScoreInput &in) { in.total.p95Ms *= 1.3; }));
        QVERIFY(!falls(input, [](ScoreInput &in) { in.probesOk = in.probes; }));
        QVERIFY(!falls(input, [](ScoreInput &in) { in.closedShare = 1.0; }));
        QVERIFY(!falls(input, [](ScoreInput &in) { in.gate = Gate::Closed; }));
        QVERIFY(!rises(input, [](ScoreInput &in) { in.gate = Gate::Open; }));
    }
}

void TestHealthScore::survivesNonsense()
{
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const double infinite = std::numeric_limits<double>::infinity();
    for (const double value : { nan, infinite, -infinite, -5.0, 0.0, 1e300 }) {
        ScoreInput input;
        input.ok = 3;
        input.firstByte = { 3, value, value };
        input.total = { 1, value, 100.0 };
        input.closedShare = value;
        const std::vector<std::optional<double>> medians(10, value);
        input.trend = TrendEstimator::estimate(medians);
        const double score = healthScore(input).score;
        QVERIFY2(score >= 0.0 && score <= 100.0 + 1e-9, qPrintable(QString::number(value)));
    }
}

void TestHealthScore::trendIgnoresTheUnit()
{
    const std::vector<std::optional<double>> medians { 100, 120, std::nullopt, 90, 150, 180, 170, 200 };
    std::vector<std::optional<double>> scaled = medians;
    for (auto &value : scaled) {
        if (value)
            value = *value * 37.0;
    }
    const TrendEstimate a = TrendEstimator::estimate(medians);
    const TrendEstimate b = TrendEstimator::estimate(scaled);
    QVERIFY(std::abs(a.slopePerMinute - b.slopePerMinute) < 1e-9);
    QCOMPARE(a.tau, b.tau);
    QVERIFY(std::abs(*b.forecastMs / *a.forecastMs - 37.0) < 1e-9);
}

void TestHealthScore::trendIgnoresTwoOutliers()
{
    for (std::size_t i = 0; i < 10; ++i) {
        for (std::size_t j = i; j < 10; ++j) {
            std::vector<std::optional<double>> medians(10, 800.0);
            medians[i] = 60'000.0;
            medians[j] = 60'000.0;
            ScoreInput input;
            input.trend = TrendEstimator::estimate(medians);
            QCOMPARE(healthScore(input).trend, 1.0);
        }
    }
}

void TestHealthScore::trendForecastsADoubling()
{
    std::vector<std::optional<double>> medians;
    for (int i = 0; i < 10; ++i)
        medians.push_back(800.0 * std::pow(2.0, i / 10.0));
    const TrendEstimate trend = TrendEstimator::estimate(medians);
    QVERIFY(std::abs(*trend.forecastMs - 2.0 * *medians.back()) < 1e-6);
    medians.resize(3);
    QVERIFY(!TrendEstimator::estimate(medians).isKnown());
    QVERIFY(!TrendEstimator::estimate({}).forecastMs.has_value());
}

void TestHealthScore::gateFollowsModeThenThrottleThenState()
{
    QCOMPARE(gateOf(BreakerMode::ForcedOpen, BreakerState::Closed, false), Gate::ForcedOpen);
    QCOMPARE(gateOf(BreakerMode::Disabled, BreakerState::Closed, true), Gate::Closed);
    QCOMPARE(gateOf(BreakerMode::Auto, BreakerState::Closed, true), Gate::Throttled);
    QCOMPARE(gateOf(BreakerMode::Auto, BreakerState::HalfOpen, false), Gate::HalfOpen);
    QCOMPARE(gateOf(BreakerMode::Auto, BreakerState::Open, false), Gate::Open);
}

void TestHealthScore::cacheKeepsItsValueWithinItsLifetime()
{
    ScoreCache cache;
    int computed = 0;
    std::uint64_t ok = 0;
    const auto compute = [&] {
        ++computed;
        ScoreInput input;
        input.ok = ++ok;
        input.failed = 1;
        return input;
    };
    const CachedScore first = cache.read({ 1, 0, false }, 1'000, compute);
    for (std::int64_t t = 1'000; t < 6'000; t += 10) {
        const CachedScore &again = cache.read({ 1, 0, false }, t, compute);
        QVERIFY(again.result == first.result);
        QCOMPARE(again.computedAtMs, first.computedAtMs);
    }
    QCOMPARE(computed, 1);
}

void TestHealthScore::cacheNeverGivesAnOldValue()
{
    ScoreCache cache;
    int computed = 0;
    std::mt19937 random(9);
    std::int64_t nowMs = 0;
    for (int i = 0; i < 10'000; ++i) {
        nowMs += std::uniform_int_distribution(0, 200)(random);
        const CachedScore &score = cache.read({ 1, 0, false }, nowMs, [&] {
            ++computed;
            return ScoreInput();
        });
        QVERIFY(nowMs - score.computedAtMs <= ScoreCache::LifetimeMs);
    }
    QVERIFY(computed <= nowMs / ScoreCache::LifetimeMs + 1);
}

void TestHealthScore::cacheFollowsEveryTransition()
{
    ScoreCache cache;
    int computed = 0;
    const auto compute = [&] {
        ++computed;
        return ScoreInput();
    };
    for (const ScoreKey &key : { ScoreKey { 1, 0, false }, ScoreKey { 2, 0, false }, ScoreKey { 2, 900, true },
                                 ScoreKey { 2, 950, true }, ScoreKey { 2, 950, false } })
        cache.read(key, 10, compute);
    QCOMPARE(computed, 5);
    cache.invalidate();
    cache.read({ 2, 950, false }, 10, compute);
    QCOMPARE(computed, 6);
}

QTEST_APPLESS_MAIN(TestHealthScore)
#include "tst_healthscore.moc"
