// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/provider/breakerwatch.h"
#include "engine/telemetry/policyreplay.h"
#include "tests/support/breakerdriver.h"

#include <QTest>

#include <memory>

using namespace signalbox;
using namespace signalbox::test;

class TestPolicyReplay : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theSamePolicyDoesTheSame();
    void theShadowRunSaysWhatTheReplaySays();
    void aStricterDraftDiverts();
    void aLaxerDraftKnowsNothingWhereNothingWasSent();
    void beginsFromACheckpoint();
    void aRestartIsNoTransition();
    void lostRecordsAreNotGuessed();
    void withoutACheckpointNothingIsReplayed();
    void showsTheRateAsEvaluated();
    void showsStreaksAndSlowOnes();
    void canBeCancelled();
};

namespace {

constexpr std::int64_t wallMs = 1'700'000'000'000; ///< at the clock's zero
constexpr double halfJitter = 0.5; ///< what a replay assumes where it knows none

struct Seen
{
    std::int64_t atMs;
    BreakerState to;
    BreakerMode mode;
    QString sentence;
    bool operator==(const Seen &) const = default;
};

std::vector<Seen> seenOf(const ReplayRun &run)
{
    std::vector<Seen> result;
    for (const ReplayTransition &t : run.transitions)
        result.push_back({ t.atMs, t.to, t.mode, t.sentence });
    return result;
}

/// One provider of an engine that records: its breaker, and the chunks as the history keeps them.
class Recording
{
public:
    explicit Recording(
        const BreakerPolicy &policy, std::function<double()> jitter = [] { return halfJitter; })
        : m_jitter(std::move(jitter))
    {
        start(policy, 0);
    }
    Recording(const Recording &) = delete;
    Recording &operator=(const Recording &) = delete;

    /// Also again: a new process.
    void start(const BreakerPolicy &policy, std::int64_t nowMs)
    {
        m_watch.reset();
        breaker = std::make_unique<CircuitBreaker>(policy, m_jitter, nowMs);
        breaker->setObserver([this](const BreakerTransition &t) {
            seen.push_back({ wallMs + t.atMs, t.to, t.mode, reasonSentence(t) });
        });
        m_watch = std::make_unique<BreakerWatch>(*breaker);
        m_watch->startLog();
    }
    BreakerWatch &watch() { return *m_watch; }
    void keep(std::int64_t nowMs)
    {
        if (auto chunk = m_watch->takeLog(wallMs + nowMs, nowMs))
            chunks.push_back(std::move(chunk->records));
    }
    void call(Outcome outcome, std::int64_t nowMs, bool slow = false)
    {
        Admission admission = breaker->acquire(nowMs);
        if (admission)
            breaker->complete(admission.token, outcome, nowMs, slow);
    }
    ProviderReplay replay(std::int64_t untilMs, const std::optional<BreakerPolicy> &draft = std::nullopt,
                          std::int64_t sinceMs = 0, int points = 60) const
    {
        auto result = replayPolicy(chunks, { wallMs + sinceMs, wallMs + untilMs, points }, draft, {});
        return result ? std::move(result).value() : ProviderReplay();
    }

    std::unique_ptr<CircuitBreaker> breaker;
    std::vector<QByteArray> chunks;
    std::vector<Seen> seen;

private:
    std::function<double()> m_jitter;
    std::unique_ptr<BreakerWatch> m_watch;
};

BreakerPolicy threshold(int failures)
{
    BreakerPolicy policy;
    policy.failureThreshold = failures;
    return policy;
}

} // namespace

void TestPolicyReplay::theSamePolicyDoesTheSame()
{
    std::uint64_t transitions = 0;
    for (unsigned seed = 1; seed <= 2000; ++seed) {
        BreakerDriver driver(seed);
        BreakerPolicy policy = randomPolicy(driver.random());
        Recording recording(policy, [&] { return driver.real(); });
        for (int i = 0; i < 250; ++i) {
            driver.step(*recording.breaker);
            if (driver.pick(0, 79) == 0)
                recording.breaker->setPolicy(policy = randomPolicy(driver.random()));
            if (driver.pick(0, 9) == 0)
                recording.keep(driver.nowMs());
            if (driver.pick(0, 149) == 0) {
                driver.forgetCalls(*recording.breaker);
                recording.keep(driver.nowMs());
                recording.start(policy, driver.nowMs());
            }
        }
        recording.keep(driver.nowMs());
        const ProviderReplay replay = recording.replay(driver.nowMs() + 1);
        QVERIFY2(seenOf(replay.actual) == recording.seen, qPrintable(QString::number(seed)));
        QVERIFY2(seenOf(replay.draft) == recording.seen, qPrintable(QString::number(seed)));
        QCOMPARE(replay.diverted, std::uint64_t { 0 });
        transitions += replay.actual.transitionCount;
        // Naming the policy is no different from having it, if it never changed.
        const ProviderReplay named = recording.replay(driver.nowMs() + 1, policy);
        QCOMPARE(seenOf(named.actual), recording.seen);
    }
    QVERIFY(transitions > 20'000);
}

void TestPolicyReplay::theShadowRunSaysWhatTheReplaySays()
{
    for (unsigned seed = 1; seed <= 300; ++seed) {
        BreakerDriver driver(seed);
        const BreakerPolicy policy = randomPolicy(driver.random());
        const BreakerPolicy draft = randomPolicy(driver.random());
        Recording recording(policy);
        std::vector<Seen> shadow;
        recording.watch().startShadow(
            draft, std::numeric_limits<std::int64_t>::max(), [] { return halfJitter; },
            [&](const BreakerTransition &t) {
                shadow.push_back({ wallMs + t.atMs, t.to, t.mode, reasonSentence(t) });
            });
        for (int i = 0; i < 300; ++i) {
            driver.step(*recording.breaker);
            recording.watch().tickShadow(driver.nowMs());
        }
        recording.keep(driver.nowMs());
        const ProviderReplay replay = recording.replay(driver.nowMs() + 1, draft);
        QVERIFY2(seenOf(replay.draft) == shadow, qPrintable(QString::number(seed)));
        QCOMPARE(seenOf(replay.actual), recording.seen);
        const std::optional<ShadowSnapshot> end = recording.watch().shadow(driver.nowMs());
        QVERIFY(end);
        QCOMPARE(end->diverted, replay.diverted);
        QCOMPARE(end->failuresAvoided, replay.failuresAvoided);
        QCOMPARE(end->goodDiverted, replay.goodDiverted);
        QCOMPARE(end->opened, replay.draft.opened);
    }
}

void TestPolicyReplay::aStricterDraftDiverts()
{
    Recording recording(threshold(5));
    for (int i = 0; i < 4; ++i)
        recording.call(Outcome::Failure, 1'000 + i * 1'000); // fails at 1, 2, 3, 4 s
    recording.call(Outcome::Success, 5'000);
    recording.call(Outcome::Success, 70'000); // after the draft's wait, which began at 3 s
    recording.keep(80'000);
    const ProviderReplay replay = recording.replay(80'000, threshold(3));
    QCOMPARE(replay.requests, std::uint64_t { 6 });
    QCOMPARE(replay.actual.opened, std::uint64_t { 0 });
    QCOMPARE(replay.draft.opened, std::uint64_t { 1 });
    QCOMPARE(replay.draft.transitions[0].atMs, wallMs + 3'000);
    QCOMPARE(replay.draft.transitions[0].reason, QStringLiteral("consecutive"));
    QCOMPARE(replay.draft.transitions[1].atMs, wallMs + 63'000); // no recorded tick was needed for it
    QCOMPARE(replay.draft.transitions[1].to, BreakerState::HalfOpen);
    QCOMPARE(replay.diverted, std::uint64_t { 2 });
    QCOMPARE(replay.failuresAvoided, std::uint64_t { 1 });
    QCOMPARE(replay.goodDiverted, std::uint64_t { 1 });
    QVERIFY(replay.unknown.empty());
    QCOMPARE(replay.draft.bands.size(), std::size_t { 2 }); // open, then half-open to the end
    QCOMPARE(replay.draft.bands[0].fromMs, wallMs + 3'000);
    QCOMPARE(replay.draft.bands[0].toMs, wallMs + 63'000);
    QCOMPARE(replay.draft.bands[1].toMs, wallMs + 80'000);
    ProviderReplay named = replay;
    named.provider = QStringLiteral("alpha");
    QCOMPARE(replaySentence(named),
             QStringLiteral("With the draft, alpha would have opened once (actual: never); 2 of 6 recorded requests "
                            "would have gone elsewhere: 1 failures avoided, 1 good ones diverted."));
}

void TestPolicyReplay::aLaxerDraftKnowsNothingWhereNothingWasSent()
{
    Recording recording(threshold(2));
    recording.call(Outcome::Failure, 1'000);
    recording.call(Outcome::Failure, 2'000); // opens for 60 s
    recording.call(Outcome::Failure, 3'000); // refused, so nobody knows
    recording.breaker->tick(62'500);
    recording.keep(70'000);
    const ProviderReplay replay = recording.replay(70'000, threshold(5));
    QCOMPARE(replay.actual.opened, std::uint64_t { 1 });
    QCOMPARE(replay.draft.opened, std::uint64_t { 0 });
    QCOMPARE(replay.requests, std::uint64_t { 2 });
    QCOMPARE(replay.unknown.size(), std::size_t { 1 });
    QCOMPARE(replay.unknown[0].fromMs, wallMs + 2'000);
    QCOMPARE(replay.unknown[0].toMs, wallMs + 62'500);
}

void TestPolicyReplay::beginsFromACheckpoint()
{
    for (unsigned seed = 1; seed <= 100; ++seed) {
        BreakerDriver driver(seed);
        Recording recording(randomPolicy(driver.random()), [&] { return driver.real(); });
        std::vector<std::size_t> begins; // of the chunks with a regular checkpoint
        std::vector<std::int64_t> times;
        while (driver.nowMs() < 4 * checkpointIntervalMs) {
            driver.step(*recording.breaker);
            if (driver.pick(0, 4) > 0)
                continue;
            const std::size_t before = recording.chunks.size();
            recording.keep(driver.nowMs());
            if (recording.chunks.size() == before)
                continue;
            BreakerLogReader reader(recording.chunks.back());
            for (auto item = reader.next(); item != BreakerLogReader::Item::End; item = reader.next()) {
                if (item == BreakerLogReader::Item::Checkpoint &&
                    reader.checkpointCause() == CheckpointCause::Regular) {
                    begins.push_back(before);
                    times.push_back(driver.nowMs());
                }
            }
        }
        recording.keep(driver.nowMs());
        QVERIFY(begins.size() >= 3);
        // The retention took everything before the chunk that holds the second one.
        recording.chunks.erase(recording.chunks.begin(),
                               recording.chunks.begin() + static_cast<std::ptrdiff_t>(begins[1]));
        const std::int64_t sinceMs = times[1] + 1;
        const ProviderReplay replay = recording.replay(driver.nowMs() + 1, std::nullopt, sinceMs);
        std::vector<Seen> late;
        std::copy_if(recording.seen.begin(), recording.seen.end(), std::back_inserter(late),
                     [&](const Seen &s) { return s.atMs >= wallMs + sinceMs; });
        QCOMPARE(seenOf(replay.actual), late);
    }
}

void TestPolicyReplay::aRestartIsNoTransition()
{
    Recording recording(threshold(1));
    recording.call(Outcome::Failure, 1'000);
    recording.keep(1'000);
    recording.start(threshold(1), 11'000);
    recording.call(Outcome::Success, 12'000);
    recording.keep(12'000);
    const ProviderReplay replay = recording.replay(20'000);
    QCOMPARE(replay.actual.transitionCount, std::uint64_t { 1 });
    QCOMPARE(replay.actual.bands.size(), std::size_t { 1 });
    QCOMPARE(replay.actual.bands[0].toMs, wallMs + 11'000);
    QCOMPARE(replay.notRecorded.size(), std::size_t { 1 });
    QCOMPARE(replay.notRecorded[0].fromMs, wallMs + 1'000);
    QCOMPARE(replay.notRecorded[0].toMs, wallMs + 11'000);
    QCOMPARE(replay.requests, std::uint64_t { 2 });
}

void TestPolicyReplay::lostRecordsAreNotGuessed()
{
    Recording recording(threshold(5));
    recording.call(Outcome::Success, 1'000);
    recording.keep(1'000);
    recording.call(Outcome::Failure, 2'000);
    recording.watch().takeLog(wallMs + 2'000, 2'000); // the history's queue was full
    recording.watch().logLost();
    for (int i = 0; i < 4; ++i)
        recording.call(Outcome::Failure, 3'000 + i);
    recording.keep(4'000);
    const ProviderReplay replay = recording.replay(5'000);
    QCOMPARE(seenOf(replay.actual), recording.seen); // the lost failure counted, as the checkpoint after it says
    QCOMPARE(replay.actual.opened, std::uint64_t { 1 });
    QCOMPARE(replay.requests, std::uint64_t { 4 }); // it opened at the third of the four
    QCOMPARE(replay.notRecorded.size(), std::size_t { 1 });

    // A chunk that cannot be read: nothing after it until a checkpoint.
    recording.chunks[0] = QByteArray("\x01\xff\xff\xff", 4);
    QCOMPARE(recording.replay(5'000).requests, std::uint64_t { 3 });
}

void TestPolicyReplay::withoutACheckpointNothingIsReplayed()
{
    Recording recording(threshold(5));
    recording.keep(0);
    recording.call(Outcome::Success, 1'000);
    recording.keep(1'000);
    recording.chunks.erase(recording.chunks.begin());
    const ProviderReplay replay = recording.replay(5'000, threshold(1));
    QCOMPARE(replay.recordedFromMs, std::int64_t { 0 });
    QCOMPARE(replay.requests, std::uint64_t { 0 });
    QCOMPARE(replay.unusable, std::uint64_t { 2 });
}

void TestPolicyReplay::showsStreaksAndSlowOnes()
{
    Recording recording(threshold(3));
    recording.call(Outcome::Success, 1'000, true);
    recording.call(Outcome::Success, 1'500);
    for (int i = 0; i < 3; ++i)
        recording.call(Outcome::Failure, 11'000 + i * 100);
    recording.keep(30'000);
    const ProviderReplay replay = recording.replay(30'000, std::nullopt, 0, 3);
    QCOMPARE(replay.points[0].actualSlowRate->highest, 1.0);
    QCOMPARE(replay.points[0].actualSlowRate->lowest, 0.5);
    QCOMPARE(replay.points[0].mostInARow, 0U);
    QCOMPARE(replay.actual.opened, std::uint64_t { 1 });
    QCOMPARE(replay.points[1].mostInARow, 3U); // though opening it forgets them
}

void TestPolicyReplay::showsTheRateAsEvaluated()
{
    Recording recording(threshold(100));
    for (int i = 0; i < 10; ++i)
        recording.call(i % 2 == 0 ? Outcome::Success : Outcome::Failure, 1'000 + i * 100);
    recording.call(Outcome::Success, 65'000); // the window holds nothing else any more
    recording.keep(65'000);
    const ProviderReplay replay = recording.replay(70'000, std::nullopt, 0, 7);
    QCOMPARE(replay.points.size(), std::size_t { 7 });
    QCOMPARE(replay.points[0].succeeded, 5U);
    QCOMPARE(replay.points[0].failed, 5U);
    QCOMPARE(replay.points[0].actualRate->lowest, 0.0);
    QCOMPARE(replay.points[0].actualRate->highest, 0.5);
    QVERIFY(!replay.points[3].actualRate);
    QCOMPARE(replay.points[0].mostCalls, 10U);
    QCOMPARE(replay.points[6].mostCalls, 1U);
    QCOMPARE(replay.points[0].mostInARow, 1U);
    QCOMPARE(replay.points[6].draftRate->highest, 0.0);
    QCOMPARE(replay.points[6].startMs + replay.points[6].lengthMs, wallMs + 70'000);
}

void TestPolicyReplay::canBeCancelled()
{
    Recording recording(threshold(5));
    for (int i = 0; i < 20'000; ++i) {
        recording.call(Outcome::Success, i * 100);
        if (i % 10 == 0)
            recording.keep(i * 100);
    }
    int looks = 0;
    const auto result =
        replayPolicy(recording.chunks, { wallMs, wallMs + 10'000'000, 60 }, {}, [&] { return ++looks == 2; });
    QVERIFY(!result);
    QCOMPARE(looks, 2);
}

QTEST_APPLESS_MAIN(TestPolicyReplay)
#include "tst_policyreplay.moc"
