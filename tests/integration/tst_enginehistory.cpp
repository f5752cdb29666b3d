// SPDX-License-Identifier: GPL-3.0-or-later
// Pages, charts and timelines that go on from memory into the history, through the engine.
#include "tests/integration/recordedengine.h"

#include "engine/history/historywriter.h"

#include <set>

using namespace signalbox;
using namespace signalbox::test;

namespace {

std::int64_t nowMs()
{
    return QDateTime::currentMSecsSinceEpoch();
}

/// `count` requests a second apart, the newest `ageMs` old, written as an engine of an earlier run would have.
void writePast(const QString &directory, int count, std::int64_t ageMs)
{
    HistoryWriter writer({ directory, {} });
    for (int i = 0; i < count; ++i) {
        const std::int64_t endMs = nowMs() - ageMs - (count - 1 - i) * std::int64_t { 1'000 };
        RequestEvent event;
        event.sequence = static_cast<std::uint64_t>(endMs) * 1000;
        event.id = "old-" + QByteArray::number(i);
        event.total = std::chrono::milliseconds(400);
        event.at = QDateTime::fromMSecsSinceEpoch(endMs - 400, Qt::UTC);
        event.model = i % 100 == 0 ? "rare" : "common";
        event.provider = QStringLiteral("alpha");
        AttemptEvent attempt;
        attempt.provider = QStringLiteral("alpha");
        attempt.outcome = Outcome::Success;
        attempt.total = event.total;
        event.attempts.push_back(attempt);
        writer.record(std::move(event));
    }
    StateEvent started;
    started.kind = StateEvent::Kind::Listener;
    started.sequence = static_cast<std::uint64_t>(nowMs() - 300'000) * 1000;
    started.at = QDateTime::fromMSecsSinceEpoch(nowMs() - 300'000, Qt::UTC);
    started.after = QStringLiteral("started");
    writer.record(started);
    StateEvent opened = started;
    opened.kind = StateEvent::Kind::Breaker;
    opened.provider = QStringLiteral("alpha");
    opened.sequence += 100'000'000;
    opened.at = opened.at.addMSecs(100'000);
    opened.after = QStringLiteral("OPEN");
    opened.reason = QStringLiteral("Five failures in a row.");
    writer.record(opened);
    StateEvent stopped = started;
    stopped.sequence += 200'000'000;
    stopped.at = stopped.at.addMSecs(200'000);
    stopped.after = QStringLiteral("stopped");
    writer.record(stopped);
    writer.flush();
}

} // namespace

class EngineHistoryTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void pagesGoOnIntoTheHistory();
    void timeRangesReachTheWholeHistory();
    void memoryAnswersAloneWithoutAHistory();
    void aSearchCanBeCancelled();
    void seriesGoOnIntoTheHistory();
    void seriesShowTheBreaker();
    void theTimelineKnowsWhatWasNotRecorded();
    void aSecondEngineRunsWithoutRecording();
    void recordingBeginsWhenTheDirectoryCanBeWritten();
};

void EngineHistoryTest::pagesGoOnIntoTheHistory()
{
    QTemporaryDir data;
    writePast(data.path(), 350, 60'000);
    FakeProvider alpha(healthy("alpha"));
    FakeProvider beta(healthy("beta"));
    RecordedEngine recorded(alpha, beta, data.path());
    for (int i = 0; i < 30; ++i) {
        QCOMPARE(ask(recorded.port(), postJson(chatPath, payload::chat(false))).status(), 200);
        recorded.next();
    }
    RequestQuery query;
    query.limit = 100;
    std::vector<std::uint64_t> sequences;
    int pages = 0;
    for (bool more = true; more; ++pages) {
        const RequestPage page = RecordedEngine::wait(recorded.engine().requests(query));
        QVERIFY2(page.problem.isEmpty(), qPrintable(page.problem));
        QVERIFY(!page.requests.empty());
        for (const RequestEvent &event : page.requests)
            sequences.push_back(event.sequence);
        query.beforeSequence = sequences.back();
        more = page.more;
    }
    QCOMPARE(pages, 4);
    QCOMPARE(sequences.size(), std::size_t(380));
    QVERIFY(std::is_sorted(sequences.rbegin(), sequences.rend()));
    QCOMPARE(std::set<std::uint64_t>(sequences.begin(), sequences.end()).size(), std::size_t(380));

    RequestQuery filtered;
    filtered.filter = Filter::parse(QStringLiteral("model:rare")).value();
    const RequestPage rare = RecordedEngine::wait(recorded.engine().requests(filtered));
    QCOMPARE(rare.requests.size(), std::size_t(4));
    QCOMPARE(rare.searched, 380U);
    QVERIFY(!rare.more);
}

void EngineHistoryTest::timeRangesReachTheWholeHistory()
{
    QTemporaryDir data;
    writePast(data.path(), 200, 60'000);
    FakeProvider alpha(healthy("alpha"));
    FakeProvider beta(healthy("beta"));
    RecordedEngine recorded(alpha, beta, data.path());
    RequestQuery all;
    all.limit = largestPage;
    const RequestPage everything = RecordedEngine::wait(recorded.engine().requests(all));
    QCOMPARE(everything.requests.size(), std::size_t(200));
    // From the head of one to before the head of another, whenever they ended.
    RequestQuery query;
    query.until = everything.requests[10].at;
    query.since = everything.requests[50].at;
    const RequestPage page = RecordedEngine::wait(recorded.engine().requests(query));
    QCOMPARE(page.requests.size(), std::size_t(40));
    QCOMPARE(page.requests.front().id, everything.requests[11].id);
    QCOMPARE(page.requests.back().id, everything.requests[50].id);
    QCOMPARE(page.searched, 40U);
}

void EngineHistoryTest::memoryAnswersAloneWithoutAHistory()
{
    FakeProvider alpha(healthy("alpha"));
    FakeProvider beta(healthy("beta"));
    RecordedEngine recorded(alpha, beta);
    ask(recorded.port(), postJson(chatPath, payload::chat(false)));
    recorded.next();
    const RequestPage page = RecordedEngine::wait(recorded.engine().requests({}));
    QCOMPARE(page.requests.size(), std::size_t(1));
    QVERIFY(page.problem.isEmpty());
    const auto series = RecordedEngine::wait(
        recorded.engine().series({ QStringLiteral("alpha"), nowMs() - 60'000, nowMs() + 1000, 100 }));
    QVERIFY(series);
    QVERIFY(!RecordedEngine::wait(recorded.engine().capturedBody(page.requests.front().sequence)));
}

void EngineHistoryTest::aSearchCanBeCancelled()
{
    QTemporaryDir data;
    writePast(data.path(), 3'000, 1'000);
    FakeProvider alpha(healthy("alpha"));
    FakeProvider beta(healthy("beta"));
    RecordedEngine recorded(alpha, beta, data.path());
    RequestQuery query;
    query.filter = Filter::parse(QStringLiteral("model:nothing")).value();
    QFuture<RequestPage> future = recorded.engine().requests(query);
    future.cancel();
    QTRY_VERIFY(future.isFinished());
    QVERIFY(future.isCanceled());
    const RequestPage page = RecordedEngine::wait(recorded.engine().requests(query));
    QCOMPARE(page.searched, 3'000U);
}

void EngineHistoryTest::seriesGoOnIntoTheHistory()
{
    QTemporaryDir data;
    writePast(data.path(), 200, 60'000);
    FakeProvider alpha(healthy("alpha"));
    FakeProvider beta(healthy("beta"));
    RecordedEngine recorded(alpha, beta, data.path());
    for (int i = 0; i < 20; ++i)
        QCOMPARE(ask(recorded.port(), postJson(chatPath, payload::chat(false))).status(), 200);
    for (const int maxPoints : { 300, 60, 1 }) {
        const auto attempts = [&] {
            const auto series = RecordedEngine::wait(
                recorded.engine().series({ QStringLiteral("alpha"), nowMs() - 299'000, nowMs() + 1'000, maxPoints }));
            std::uint64_t sum = 0;
            for (const SeriesPoint &point : series.value())
                sum += point.succeeded;
            return sum;
        };
        // A point that reaches back before the range brings what is in it.
        QTRY_VERIFY2(attempts() == 220U, qPrintable(QString::number(attempts())));
    }
}

void EngineHistoryTest::seriesShowTheBreaker()
{
    FakeProvider alpha(healthy("alpha"));
    FakeProvider beta(healthy("beta"));
    RecordedEngine recorded(alpha, beta);
    recorded.engine().command({ ProviderCommand::Kind::ForceOpen, QStringLiteral("alpha"), {} }).waitForFinished();
    const auto forced = [&] {
        const auto series = RecordedEngine::wait(
            recorded.engine().series({ QStringLiteral("alpha"), nowMs() - 10'000, nowMs() + 1'000, 20 }));
        return std::any_of(series.value().begin(), series.value().end(), [](const SeriesPoint &point) {
            return point.breaker && point.breaker->forced == 1.0 && point.score && point.score->average > 0;
        });
    };
    QTRY_VERIFY(forced());
    QTRY_VERIFY_WITH_TIMEOUT(recorded.engine().snapshot()->providers.front().recent, 12'000);
    QVERIFY(recorded.engine().snapshot()->providers.front().recent->back().openShare > 0);
}

void EngineHistoryTest::theTimelineKnowsWhatWasNotRecorded()
{
    QTemporaryDir data;
    writePast(data.path(), 1, 60'000);
    FakeProvider alpha(healthy("alpha"));
    FakeProvider beta(healthy("beta"));
    RecordedEngine recorded(alpha, beta, data.path());
    const std::int64_t started = nowMs();
    recorded.engine().command({ ProviderCommand::Kind::ForceOpen, QStringLiteral("alpha"), {} }).waitForFinished();
    const auto timeline = RecordedEngine::wait(
        recorded.engine().breakerTimeline(QStringLiteral("alpha"), started - 400'000, nowMs() + 1'000));
    QVERIFY(timeline);
    const std::vector<BreakerSegment> &segments = timeline.value();
    QCOMPARE(segments.size(), std::size_t(6));
    QVERIFY(!segments[0].known);
    QCOMPARE(segments[0].fromMs, started - 400'000);
    QVERIFY(segments[1].known);
    QCOMPARE(segments[1].state, BreakerState::Closed);
    QCOMPARE(segments[2].state, BreakerState::Open);
    QCOMPARE(segments[2].reason, QStringLiteral("Five failures in a row."));
    QVERIFY(!segments[3].known);
    QCOMPARE(segments[4].state, BreakerState::Closed);
    QCOMPARE(segments[5].mode, BreakerMode::ForcedOpen);
    for (std::size_t i = 1; i < segments.size(); ++i)
        QCOMPARE(segments[i].fromMs, segments[i - 1].untilMs);
    // A window after the last change has one segment: what holds since then.
    const auto now = RecordedEngine::wait(
        recorded.engine().breakerTimeline(QStringLiteral("alpha"), nowMs() + 1'000, nowMs() + 2'000));
    QCOMPARE(now.value().size(), std::size_t(1));
    QCOMPARE(now.value().front().mode, BreakerMode::ForcedOpen);
    QVERIFY(now.value().front().known);
}

void EngineHistoryTest::aSecondEngineRunsWithoutRecording()
{
    QTemporaryDir data;
    FakeProvider alpha(healthy("alpha"));
    FakeProvider beta(healthy("beta"));
    RecordedEngine first(alpha, beta, data.path());
    RecordedEngine second(alpha, beta, data.path());
    QCOMPARE(first.engine().snapshot()->recording.state, RecordingState::Recording);
    const RecordingSnapshot recording = second.engine().snapshot()->recording;
    QCOMPARE(recording.state, RecordingState::Off);
    QVERIFY2(recording.reason.contains(QLatin1String("Another engine")), qPrintable(recording.reason));
    QCOMPARE(ask(second.port(), postJson(chatPath, payload::chat(false))).status(), 200);
    QCOMPARE(RecordedEngine::wait(second.engine().requests({})).requests.size(), std::size_t(1));
}

void EngineHistoryTest::recordingBeginsWhenTheDirectoryCanBeWritten()
{
    QTemporaryDir parent;
    const QString data = parent.filePath(QStringLiteral("data"));
    QFile inItsPlace(data);
    QVERIFY(inItsPlace.open(QIODevice::WriteOnly));
    inItsPlace.close();
    FakeProvider alpha(healthy("alpha"));
    FakeProvider beta(healthy("beta"));
    RecordedEngine recorded(alpha, beta, data);
    const RecordingSnapshot before = recorded.engine().snapshot()->recording;
    QCOMPARE(before.state, RecordingState::Stopped);
    QVERIFY2(before.reason.contains(data), qPrintable(before.reason));
    QCOMPARE(ask(recorded.port(), postJson(chatPath, payload::chat(false))).status(), 200);
    const auto told = [&](const char *state) {
        const std::vector<StateEvent> &states = recorded.states();
        return std::any_of(states.begin(), states.end(), [state](const StateEvent &event) {
            return event.kind == StateEvent::Kind::Alarm && event.after == QLatin1String(state) &&
                event.reason.contains(QLatin1String("Nothing is recorded"));
        });
    };
    QTRY_VERIFY_WITH_TIMEOUT(told("active"), 20000);
    const RequestPage page = RecordedEngine::wait(recorded.engine().requests({}));
    QVERIFY2(page.problem.isEmpty(), qPrintable(page.problem));
    QCOMPARE(page.requests.size(), std::size_t(1));
    QVERIFY(RecordedEngine::wait(recorded.engine().breakerTimeline(QStringLiteral("alpha"), nowMs() - 1'000, nowMs())));
    QVERIFY(!RecordedEngine::wait(recorded.engine().deleteHistory()));

    QVERIFY(inItsPlace.remove());
    QCOMPARE(ask(recorded.port(), postJson(chatPath, payload::chat(false))).status(), 200);
    QTRY_COMPARE_WITH_TIMEOUT(recorded.engine().snapshot()->recording.state, RecordingState::Recording, 20000);
    QTRY_VERIFY_WITH_TIMEOUT(told("cleared"), 20000);
    // Now it is this engine's, as if it had been from the start.
    RecordedEngine second(alpha, beta, data);
    QCOMPARE(second.engine().snapshot()->recording.state, RecordingState::Off);
    QTRY_VERIFY(recorded.engine().snapshot()->recording.writtenEvents > 0);
}

QTEST_GUILESS_MAIN(EngineHistoryTest)
#include "tst_enginehistory.moc"
