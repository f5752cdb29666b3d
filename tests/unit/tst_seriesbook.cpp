// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/history/seriesbook.h"

#include "engine/base/packing.h"

#include <QTest>

#include <algorithm>

using namespace signalbox;

namespace {

constexpr std::int64_t epochMs = 1'764'000'000'000; ///< a multiple of a minute

const QString alpha = QStringLiteral("alpha");

RequestEvent stream(double firstByteMs, Outcome outcome = Outcome::Success)
{
    RequestEvent event;
    event.stream = true;
    event.overhead = std::chrono::microseconds(500);
    event.gaps = { 10, std::chrono::milliseconds(20), std::chrono::milliseconds(90), std::chrono::milliseconds(100) };
    AttemptEvent attempt;
    attempt.provider = alpha;
    attempt.outcome = outcome;
    attempt.phases.firstByte = std::chrono::microseconds(static_cast<std::int64_t>(firstByteMs * 1000));
    attempt.usage = { true, 10, 0, 0, 5, 0 };
    attempt.costUsd = 0.5;
    event.attempts.push_back(attempt);
    return event;
}

ProviderSample sampleOf(double score, BreakerState state, BreakerMode mode = BreakerMode::Auto)
{
    return { score, 1.0, 0.5, 0.25, 1.0, state, mode, 3 };
}

bool isNear(std::optional<double> value, double wanted)
{
    return value && std::abs(*value - wanted) <= wanted / 32;
}

/// A book whose time is the test's.
class Bench
{
public:
    Bench() { book.setProviders({ alpha, QStringLiteral("beta") }); }

    /// Four samples a second, and one request.
    void run(int seconds, double firstByteMs, const ProviderSample &sample, Outcome outcome = Outcome::Success)
    {
        for (int second = 0; second < seconds; ++second) {
            for (int tick = 0; tick < 4; ++tick, nowMs += 250) {
                book.advance(nowMs);
                book.sample(alpha, sample);
            }
            book.record(stream(firstByteMs, outcome));
        }
        book.advance(nowMs);
    }
    SeriesFromMemory read(std::int64_t rangeMs, int maxPoints, const QString &provider = alpha) const
    {
        return book.read({ provider, nowMs - rangeMs, nowMs, maxPoints }, nowMs);
    }

    std::vector<std::pair<std::int64_t, GaugeSums>> told;
    SeriesBook book { [this](const QString &provider, std::int64_t atMs, const GaugeSums &gauges) {
        if (provider == alpha)
            told.emplace_back(atMs, gauges);
    } };
    std::int64_t nowMs = epochMs;
};

std::uint64_t attemptsIn(const std::vector<SeriesPoint> &points)
{
    std::uint64_t sum = 0;
    for (const SeriesPoint &point : points)
        sum += point.attempts();
    return sum;
}

} // namespace

class SeriesBookTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void pointsHoldWhatHappened();
    void everyResolutionCountsTheSame();
    void theStretchThatRunsIsThere();
    void ringsForget();
    void sharesAndScoresAreAveraged();
    void joinedPointsKeepSpikes();
    void pointLengthsFitTheRange();
    void gaugesAreHandedOnEveryTenSeconds();
    void recentPointsShowOpenPeriods();
    void aJumpOfTheClockLosesNothing();
    void allTogetherIsTheSum();
    void rollupsOfTheFirstVersionAreRead();
    void rollupsComeBackWhole();
    void gaugesReachTheRollups();
};

void SeriesBookTest::pointsHoldWhatHappened()
{
    Bench bench;
    bench.run(5, 100, sampleOf(80, BreakerState::Closed));
    const SeriesFromMemory known = bench.read(5'000, 10);
    QCOMPARE(known.lengthMs, 1'000);
    QVERIFY(known.exact);
    QCOMPARE(known.knownFromMs, std::optional(epochMs));
    QCOMPARE(known.points.size(), std::size_t(5));
    const SeriesPoint &point = known.points[2];
    QCOMPARE(point.startMs, epochMs + 2'000);
    QCOMPARE(point.succeeded, 1U);
    QVERIFY(isNear(point.firstByteP95Ms, 100));
    QVERIFY(!point.totalP50Ms);
    QVERIFY(isNear(point.overheadP50Ms, 0.5));
    QVERIFY(isNear(point.gapP50Ms, 20));
    QVERIFY(isNear(point.gapP99Ms, 90));
    QCOMPARE(point.tokens, 15U);
    QCOMPARE(point.costUsd, 0.5);
    QCOMPARE(point.mostInFlight, std::optional(3));
    QCOMPARE(point.attemptsPerSecond(), 1.0);
}

void SeriesBookTest::everyResolutionCountsTheSame()
{
    Bench bench;
    bench.run(600, 100, sampleOf(80, BreakerState::Closed));
    for (const auto &[maxPoints, length] : { std::pair { 600, 1'000 }, { 60, 10'000 }, { 10, 60'000 } }) {
        const SeriesFromMemory known = bench.read(600'000, maxPoints);
        QCOMPARE(known.lengthMs, length);
        QCOMPARE(attemptsIn(known.points), 600U);
        QVERIFY(static_cast<int>(known.points.size()) <= maxPoints + 1);
        QVERIFY(isNear(known.points.front().firstByteP50Ms, 100));
    }
}

void SeriesBookTest::theStretchThatRunsIsThere()
{
    Bench bench;
    bench.run(65, 100, sampleOf(80, BreakerState::Closed));
    const SeriesFromMemory minutes = bench.book.read({ alpha, epochMs, epochMs + 120'000, 2 }, bench.nowMs);
    QCOMPARE(minutes.points.size(), std::size_t(2));
    QCOMPARE(minutes.points[0].attempts(), 60U);
    QCOMPARE(minutes.points[1].attempts(), 5U);
    QCOMPARE(minutes.points[1].lengthMs, 5'000);
}

void SeriesBookTest::ringsForget()
{
    Bench bench;
    bench.run(700, 100, sampleOf(80, BreakerState::Closed));
    const SeriesFromMemory seconds = bench.read(700'000, 700);
    QCOMPARE(seconds.lengthMs, 1'000);
    QCOMPARE(*seconds.knownFromMs, bench.nowMs - 600'000);
    QCOMPARE(attemptsIn(seconds.points), 600U);
    QCOMPARE(attemptsIn(bench.read(700'000, 100).points), 700U);
}

void SeriesBookTest::sharesAndScoresAreAveraged()
{
    Bench bench;
    bench.run(5, 100, sampleOf(80, BreakerState::Closed));
    bench.run(3, 100, sampleOf(40, BreakerState::Open));
    bench.run(1, 100, sampleOf(40, BreakerState::HalfOpen));
    bench.run(1, 100, sampleOf(40, BreakerState::Closed, BreakerMode::ForcedOpen));
    const SeriesFromMemory known = bench.read(10'000, 1);
    QCOMPARE(known.points.size(), std::size_t(1));
    const SeriesPoint &point = known.points.front();
    QVERIFY(point.score && point.breaker);
    QCOMPARE(point.score->average, 60.0);
    QCOMPARE(point.score->lowest, 40.0);
    QCOMPARE(point.score->availability, 0.25);
    QVERIFY(qFuzzyCompare(point.breaker->closed, 0.5));
    QVERIFY(std::abs(point.breaker->open - 0.3) < 1e-6);
    QVERIFY(std::abs(point.breaker->halfOpen - 0.1) < 1e-6);
    QVERIFY(std::abs(point.breaker->forced - 0.1) < 1e-6);
}

void SeriesBookTest::joinedPointsKeepSpikes()
{
    Bench bench;
    bench.run(240, 100, sampleOf(80, BreakerState::Closed));
    bench.run(1, 5'000, sampleOf(20, BreakerState::Open));
    bench.run(59, 100, sampleOf(80, BreakerState::Closed));
    const SeriesFromMemory known = bench.read(300'000, 1);
    QVERIFY(!known.exact);
    QCOMPARE(known.points.size(), std::size_t(1));
    const SeriesPoint &point = known.points.front();
    QCOMPARE(point.attempts(), 300U);
    QCOMPARE(point.lengthMs, 300'000);
    QVERIFY(isNear(point.firstByteP99Ms, 5'000));
    QCOMPARE(point.score->lowest, 20.0);
    QVERIFY(point.score->average > 79.5 && point.score->average < 80.0);
    const BreakerShare &share = *point.breaker;
    QVERIFY(std::abs(share.closed + share.open + share.halfOpen + share.forced - 1.0) < 1e-5);
}

void SeriesBookTest::pointLengthsFitTheRange()
{
    for (const std::int64_t range : { 1'000LL, 300'000LL, 900'000LL, 3'600'000LL, 21'600'000LL, 86'400'000LL,
                                      604'800'000LL, 31'536'000'000LL, 315'360'000'000LL }) {
        for (const int maxPoints : { 1, 100, 300, 600, 1440 }) {
            const std::int64_t length = pointLengthMs({ alpha, epochMs, epochMs + range, maxPoints });
            QVERIFY2((range + length - 1) / length <= maxPoints,
                     qPrintable(QStringLiteral("%1 by %2 for %3").arg(range).arg(length).arg(maxPoints)));
        }
    }
    QCOMPARE(pointLengthMs({ alpha, 0, 300'000, 600 }), 1'000);
    QCOMPARE(pointLengthMs({ alpha, 0, 3'600'000, 600 }), 10'000);
    QCOMPARE(pointLengthMs({ alpha, 0, 21'600'000, 600 }), 60'000);
}

void SeriesBookTest::gaugesAreHandedOnEveryTenSeconds()
{
    Bench bench;
    bench.run(30, 100, sampleOf(80, BreakerState::Open));
    QCOMPARE(bench.told.size(), std::size_t(3));
    for (const auto &[atMs, gauges] : bench.told) {
        QCOMPARE(gauges.samples, 40U);
        QCOMPARE(gauges.states[GaugeSums::Open], 40U);
    }
}

void SeriesBookTest::recentPointsShowOpenPeriods()
{
    Bench bench;
    QVERIFY(!bench.book.recent(alpha));
    bench.run(310, 100, sampleOf(80, BreakerState::Closed));
    const RecentPoints before = bench.book.recent(alpha);
    QCOMPARE(before->size(), SeriesRings::recentPoints);
    bench.run(3, 200, sampleOf(80, BreakerState::Closed));
    QCOMPARE(bench.book.recent(alpha), before); // shared until 5 s are over
    bench.run(2, 200, sampleOf(10, BreakerState::Open), Outcome::Failure);
    const RecentPoints after = bench.book.recent(alpha);
    QVERIFY(after != before);
    QCOMPARE(after->size(), SeriesRings::recentPoints);
    const RecentPoint &last = after->back();
    QCOMPARE(last.startMs, bench.nowMs - 5'000);
    QCOMPARE(last.attempts, 5U);
    QCOMPARE(last.errors, 2U);
    QVERIFY(isNear(last.p95Ms, 200));
    QVERIFY(std::abs(last.openShare - 0.4F) < 1e-5F);
    QCOMPARE(last.halfOpenShare, 0.0F);
}

void SeriesBookTest::aJumpOfTheClockLosesNothing()
{
    Bench bench;
    bench.run(15, 100, sampleOf(80, BreakerState::Closed));
    bench.nowMs += 3'600'000; // asleep for an hour
    bench.run(15, 100, sampleOf(80, BreakerState::Closed));
    const SeriesFromMemory tens = bench.book.read({ alpha, epochMs, bench.nowMs, 1'000 }, bench.nowMs);
    QCOMPARE(tens.lengthMs, 10'000);
    QCOMPARE(attemptsIn(tens.points), 30U);
    QVERIFY(std::none_of(tens.points.begin(), tens.points.end(), [](const SeriesPoint &point) {
        return point.startMs > epochMs + 20'000 && point.startMs < epochMs + 3'600'000;
    }));
    bench.nowMs -= 1'800'000; // set back
    bench.run(15, 100, sampleOf(80, BreakerState::Closed));
    QVERIFY(attemptsIn(bench.read(10'000, 100).points) >= 9U);
}

void SeriesBookTest::allTogetherIsTheSum()
{
    Bench bench;
    for (int second = 0; second < 12; ++second) {
        bench.book.advance(bench.nowMs);
        bench.book.sample(alpha, sampleOf(80, BreakerState::Closed));
        bench.book.record(stream(100));
        RequestEvent other = stream(400);
        other.attempts.back().provider = QStringLiteral("beta");
        bench.book.record(other);
        bench.nowMs += 1'000;
    }
    bench.book.advance(bench.nowMs);
    const SeriesFromMemory all = bench.read(12'000, 12, {});
    QCOMPARE(attemptsIn(all.points), 24U);
    QVERIFY(isNear(all.points[3].firstByteP50Ms, 100));
    QVERIFY(isNear(all.points[3].firstByteP99Ms, 400));
    QVERIFY(!all.points[3].score);
    bench.book.setProviders({ QStringLiteral("beta") });
    QVERIFY(bench.read(12'000, 12).points.empty());
    QCOMPARE(attemptsIn(bench.read(12'000, 12, QStringLiteral("beta")).points), 12U);
}

void SeriesBookTest::rollupsOfTheFirstVersionAreRead()
{
    // Version 1: outcomes, two histograms with one value each, usage, cost.
    QByteArray bytes;
    Packer out(bytes);
    out.number(1);
    for (const std::uint64_t count : { 7U, 1U, 0U, 0U })
        out.number(count);
    for (int histogram = 0; histogram < 2; ++histogram) {
        out.signedNumber(250'000);
        out.number(1);
        out.number(LogHistogram::stepOf(250));
        out.number(1);
    }
    out.number(1);
    for (const std::uint64_t tokens : { 1U, 2U, 3U, 4U, 0U, 0U })
        out.number(tokens);
    out.real(1.25);
    out.finish();
    const std::optional<Rollup> rollup = unpackRollup(bytes);
    QVERIFY(rollup);
    const SeriesPoint point = rollup->point(epochMs, 60'000);
    QCOMPARE(point.succeeded, 7U);
    QCOMPARE(point.failed, 1U);
    QVERIFY(isNear(point.firstByteP50Ms, 250));
    QCOMPARE(point.tokens, 10U);
    QCOMPARE(point.costUsd, 1.25);
    QVERIFY(!point.overheadP50Ms && !point.gapP50Ms && !point.score && !point.breaker && !point.mostInFlight);
}

void SeriesBookTest::rollupsComeBackWhole()
{
    Rollup rollup;
    const RequestEvent event = stream(123);
    rollup.add(RequestRecord(event).attempts.back());
    rollup.gauges.add(sampleOf(66, BreakerState::HalfOpen));
    const QByteArray bytes = packRollup(rollup);
    const std::optional<Rollup> read = unpackRollup(bytes);
    QVERIFY(read);
    QCOMPARE(packRollup(*read), bytes);
    const SeriesPoint point = read->point(epochMs, 1'000);
    QVERIFY(isNear(point.firstByteP50Ms, 123));
    QVERIFY(isNear(point.gapP99Ms, 90));
    QCOMPARE(point.score->average, 66.0);
    QCOMPARE(point.breaker->halfOpen, 1.0);
    for (qsizetype size = 0; size < bytes.size(); ++size)
        QVERIFY(!unpackRollup(QByteArrayView(bytes).first(size)));
}

void SeriesBookTest::gaugesReachTheRollups()
{
    RollupTable table;
    GaugeSums gauges;
    gauges.add(sampleOf(50, BreakerState::Open));
    table.add(alpha, epochMs + 9'000, gauges);
    table.add(alpha, epochMs + 19'000, gauges);
    RequestEvent event = stream(100);
    event.at = QDateTime::fromMSecsSinceEpoch(epochMs + 20'000, Qt::UTC);
    table.add(event);
    int spans = 0;
    for (const auto &[key, bytes] : table.takeChanges()) {
        const std::optional<Rollup> rollup = unpackRollup(bytes);
        QVERIFY(rollup);
        QCOMPARE(rollup->attempts(), 1U);
        QCOMPARE(rollup->gauges.samples, key.span == RollupSpan::Second ? 0U : 2U);
        ++spans;
    }
    QCOMPARE(spans, 3);
}

QTEST_APPLESS_MAIN(SeriesBookTest)
#include "tst_seriesbook.moc"
