// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/breaker/breakerlog.h"
#include "engine/breaker/draftbreaker.h"
#include "tests/support/breakerdriver.h"

#include <QTest>

using namespace signalbox;
using namespace signalbox::test;

class TestBreakerLog : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyInputComesBack();
    void aCheckpointHoldsEverything();
    void goesOnFromACheckpoint();
    void packsTightly();
    void aRefusalIsNoInput();
    void hostileBytesEndEarly();
};

namespace {

constexpr std::int64_t wallOffsetMs = 1'700'000'000'000;

/// Keeps what it heard beside the log.
class Tee final : public BreakerInputSink
{
public:
    void record(const BreakerInput &input) override
    {
        log.record(input);
        inputs.push_back(input);
        policies.push_back(input.policy ? *input.policy : BreakerPolicy());
    }
    BreakerLog log;
    std::vector<BreakerInput> inputs;
    std::vector<BreakerPolicy> policies;
};

void compare(const BreakerInput &got, const BreakerInput &want)
{
    QCOMPARE(got.kind, want.kind);
    QCOMPARE(got.admitted, want.admitted);
    QCOMPARE(got.slow, want.slow);
    QCOMPARE(got.ok, want.ok);
    QCOMPARE(got.outcome, want.outcome);
    QCOMPARE(got.mode, want.mode);
    QCOMPARE(got.call, want.call);
    QCOMPARE(got.atMs, want.atMs);
    QCOMPARE(got.durationMs, want.durationMs);
    QCOMPARE(got.retryAfterMs, want.retryAfterMs);
    QCOMPARE(got.jitter, want.jitter);
}

/// A chunk of a random run, beginning with a checkpoint.
QByteArray randomChunk(unsigned seed, int steps, Tee &tee, BreakerCheckpoint *end = nullptr)
{
    BreakerDriver driver(seed);
    CircuitBreaker breaker(
        randomPolicy(driver.random()), [&] { return driver.real(); }, 0);
    tee.log.checkpoint(breaker.checkpoint(), CheckpointCause::Start);
    breaker.setInputSink(&tee);
    for (int i = 0; i < steps; ++i) {
        driver.step(breaker);
        if (driver.pick(0, 99) == 0)
            breaker.setPolicy(randomPolicy(driver.random()));
    }
    if (end)
        *end = breaker.checkpoint();
    breaker.setInputSink(nullptr);
    return tee.log.take(wallOffsetMs);
}

} // namespace

void TestBreakerLog::everyInputComesBack()
{
    for (unsigned seed = 1; seed <= 50; ++seed) {
        Tee tee;
        const QByteArray chunk = randomChunk(seed, 500, tee);
        BreakerLogReader reader(chunk);
        QCOMPARE(reader.wallOffsetMs(), wallOffsetMs);
        QCOMPARE(reader.next(), BreakerLogReader::Item::Checkpoint);
        QCOMPARE(reader.checkpointCause(), CheckpointCause::Start);
        for (std::size_t i = 0; i < tee.inputs.size(); ++i) {
            QCOMPARE(reader.next(), BreakerLogReader::Item::Input);
            compare(reader.input(), tee.inputs[i]);
            if (tee.inputs[i].kind == BreakerInput::Kind::Policy)
                QVERIFY(*reader.input().policy == tee.policies[i]);
        }
        QCOMPARE(reader.next(), BreakerLogReader::Item::End);
        QVERIFY(reader.ok());
    }
}

void TestBreakerLog::aCheckpointHoldsEverything()
{
    for (unsigned seed = 1; seed <= 200; ++seed) {
        Tee tee;
        BreakerCheckpoint end;
        randomChunk(seed, static_cast<int>(seed), tee, &end);
        BreakerLog log;
        log.checkpoint(end, CheckpointCause::Regular);
        const QByteArray chunk = log.take(wallOffsetMs);
        BreakerLogReader reader(chunk);
        QCOMPARE(reader.next(), BreakerLogReader::Item::Checkpoint);
        QVERIFY(reader.checkpoint() == end);
        QCOMPARE(reader.next(), BreakerLogReader::Item::End);
        QVERIFY(reader.ok());
    }
}

void TestBreakerLog::goesOnFromACheckpoint()
{
    for (unsigned seed = 1; seed <= 200; ++seed) {
        BreakerDriver driver(seed);
        CircuitBreaker breaker(
            randomPolicy(driver.random()), [&] { return driver.real(); }, 0);
        for (int i = 0; i < 200; ++i)
            driver.step(breaker);
        DraftBreaker twin(std::nullopt, [] { return 0.0; });
        twin.restart(breaker.checkpoint());
        Tee tee;
        breaker.setInputSink(&tee);
        for (int i = 0; i < 200; ++i)
            driver.step(breaker);
        for (const BreakerInput &input : tee.inputs)
            twin.take(input, twin.breaker());
        twin.breaker().isThrottled(driver.nowMs());
        breaker.isThrottled(driver.nowMs());
        BreakerMemory got = twin.breaker().checkpoint().memory;
        BreakerMemory want = breaker.checkpoint().memory;
        got.window.counts(driver.nowMs());
        want.window.counts(driver.nowMs());
        QVERIFY2(got == want, qPrintable(QString::number(seed)));
        breaker.setInputSink(nullptr);
    }
}

void TestBreakerLog::packsTightly()
{
    Tee tee;
    CircuitBreaker breaker(
        {}, [] { return 0.0; }, 0);
    breaker.setInputSink(&tee);
    std::int64_t nowMs = 3'600'000;
    for (int i = 0; i < 10'000; ++i) {
        Admission admission = breaker.acquire(nowMs += 40);
        breaker.complete(admission.token, Outcome::Success, nowMs += 60);
    }
    breaker.setInputSink(nullptr);
    QCOMPARE(tee.inputs.size(), std::size_t { 20'000 });
    QVERIFY(tee.log.take(wallOffsetMs).size() <= 20'000 * 3 + 24);
}

void TestBreakerLog::aRefusalIsNoInput()
{
    Tee tee;
    CircuitBreaker breaker(
        {}, [] { return 0.0; }, 0);
    breaker.setInputSink(&tee);
    breaker.tripFor(60'000, 0);
    QCOMPARE(tee.inputs.size(), std::size_t { 1 });
    QVERIFY(!breaker.acquire(10));
    breaker.tick(20);
    QCOMPARE(tee.inputs.size(), std::size_t { 1 });
    breaker.tick(60'000);
    QCOMPARE(tee.inputs.size(), std::size_t { 2 });
    QCOMPARE(tee.inputs.back().kind, BreakerInput::Kind::Tick);
}

void TestBreakerLog::hostileBytesEndEarly()
{
    std::mt19937 random(1);
    int damaged = 0;
    for (unsigned seed = 1; seed <= 40; ++seed) {
        Tee tee;
        const QByteArray chunk = randomChunk(seed, 60, tee);
        for (int round = 0; round < 100; ++round) {
            QByteArray bytes = chunk;
            for (unsigned n = 1 + random() % 8; n > 0; --n)
                bytes[static_cast<qsizetype>(random() % static_cast<unsigned>(bytes.size()))] =
                    static_cast<char>(random());
            if (random() % 4 == 0)
                bytes.truncate(static_cast<qsizetype>(random() % static_cast<unsigned>(bytes.size())));
            BreakerLogReader reader(bytes);
            DraftBreaker twin(std::nullopt, [] { return 0.5; });
            bool running = false;
            for (auto item = reader.next(); item != BreakerLogReader::Item::End; item = reader.next()) {
                if (item == BreakerLogReader::Item::Checkpoint)
                    twin.restart(reader.checkpoint());
                else if (running)
                    twin.take(reader.input(), twin.breaker());
                running = true;
            }
            damaged += reader.ok() ? 0 : 1;
        }
    }
    QVERIFY(damaged > 1000);
}

QTEST_APPLESS_MAIN(TestBreakerLog)
#include "tst_breakerlog.moc"
