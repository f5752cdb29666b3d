// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/history/eventcodec.h"
#include "engine/history/historyreader.h"
#include "engine/history/historyschema.h"
#include "engine/history/historywriter.h"
#include "engine/history/retentionclock.h"

#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <random>

#include <sqlite3.h>
#include <sys/stat.h>

using namespace signalbox;

namespace {

std::uint64_t nextSequence()
{
    static std::uint64_t last = 0;
    return last = std::max(last + 1, static_cast<std::uint64_t>(QDateTime::currentMSecsSinceEpoch()) * 1000);
}

RequestEvent sample(const QString &provider, Outcome outcome, std::chrono::milliseconds firstByte, bool stream = true)
{
    RequestEvent event;
    event.sequence = nextSequence();
    event.id = "req_" + QByteArray::number(event.sequence, 36);
    event.at = QDateTime::currentDateTimeUtc();
    event.monotonic = std::chrono::seconds(77);
    event.userAgent = "codex";
    event.session = "0123456789ab";
    event.method = "POST";
    event.path = "/v1/chat/completions";
    event.dialect = Dialect::Gemini;
    event.endpoint = "chat/completions";
    event.model = "gpt-test";
    event.stream = stream;
    event.status = 200;
    event.streamEnd = RequestEvent::StreamEnd::Completed;
    event.gaps = { 7, std::chrono::microseconds(5), std::chrono::microseconds(6), std::chrono::microseconds(9) };
    event.provider = provider;
    event.overhead = std::chrono::microseconds(81);
    event.bytesToClient = 4711;
    AttemptEvent failed;
    failed.provider = QStringLiteral("first");
    failed.outcome = Outcome::Failure;
    failed.reason = QStringLiteral("status_5xx");
    failed.detail = QStringLiteral("first answered 503");
    failed.possiblyBilled = true;
    AttemptEvent attempt;
    attempt.provider = provider;
    attempt.outcome = outcome;
    attempt.reusedConnection = true;
    attempt.chosenBecause = QStringLiteral("failover");
    attempt.skipped = { { QStringLiteral("gamma"), QStringLiteral("open") } };
    attempt.score = 87.5;
    attempt.phases.firstByte = firstByte;
    attempt.total = firstByte;
    attempt.usage = { true, 10, 20, 30, 40, 5 };
    attempt.costUsd = 0.25;
    attempt.servedModel = "gpt-test-2026";
    event.attempts = { failed, attempt };
    return event;
}

bool same(const RequestEvent &a, const RequestEvent &b)
{
    QByteArray one;
    QByteArray two;
    packEvent(a, one);
    packEvent(b, two);
    return one == two;
}

void exec(const QString &path, const char *sql)
{
    sqlite3 *handle = nullptr;
    QCOMPARE(sqlite3_open(path.toUtf8().constData(), &handle), SQLITE_OK);
    QCOMPARE(sqlite3_exec(handle, sql, nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(handle);
}

std::int64_t integer(const QString &path, const char *sql)
{
    Result<Database> database = Database::open(path, Database::Access::ReadWrite);
    return database ? database.value().integer(sql) : -1;
}

bool isWhole(const QString &path)
{
    Result<Database> database = Database::open(path, Database::Access::ReadWrite);
    if (!database)
        return false;
    Result<Statement> check = database.value().prepare("PRAGMA integrity_check");
    return check && check.value().step() && check.value().text(0) == QLatin1String("ok");
}

RequestPage read(const HistoryWriter &writer, const RequestQuery &query = {})
{
    Result<HistoryReader> reader = HistoryReader::open(writer.path());
    if (!reader)
        return {};
    Result<RequestPage> page = reader.value().requests(query, {});
    return page ? page.value() : RequestPage {};
}

} // namespace

class HistoryTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_directory = std::make_unique<QTemporaryDir>(); }
    void anEventComesBackWhole();
    void nonsenseIsNoEvent();
    void pagesFollowEachOther();
    void stateEventsAndBreakerInputsComeBack();
    void rollupsEqualTheEvents();
    void aRollupGoesOnAfterARestart();
    void oldThingsAreRemoved();
    void aWallClockThatJumpsLosesNothing();
    void aWallClockSetAheadDeletesNothing();
    void retentionFollowsTheClockWithCare();
    void breakerInputsAreKeptAsLongAsStates();
    void aFullQueueDropsAndCounts();
    void aLockedFileStopsRecordingUntilItIsFree();
    void aBrokenFileIsSetAside();
    void aNewerFileIsNotTouched();
    void aFullDiskStopsRecording();
    void killedAtAnyMomentItKeepsWhatWasWritten();
    void filesArePrivate();

private:
    HistorySettings settings() const { return { m_directory->filePath(QStringLiteral("data")), m_keep }; }
    QString file() const { return m_directory->filePath(QStringLiteral("data/history.db")); }

    std::unique_ptr<QTemporaryDir> m_directory;
    MetricsConfig m_keep;
};

void HistoryTest::anEventComesBackWhole()
{
    HistoryWriter writer(settings());
    const RequestEvent event = sample(QStringLiteral("alpha"), Outcome::Success, std::chrono::milliseconds(120));
    writer.record(event);
    writer.flush();
    const RequestPage page = read(writer);
    QCOMPARE(page.requests.size(), std::size_t(1));
    QVERIFY(same(page.requests.front(), event));
    QCOMPARE(page.requests.front().attempts[1].skipped[0].provider, QStringLiteral("gamma"));
    QCOMPARE(page.requests.front().at, QDateTime::fromMSecsSinceEpoch(event.at.toMSecsSinceEpoch(), Qt::UTC));
    QCOMPARE(writer.state().writtenEvents, 1U);
    QCOMPARE(writer.state().state, RecordingState::Recording);
}

void HistoryTest::nonsenseIsNoEvent()
{
    QByteArray bytes;
    packEvent(sample(QStringLiteral("alpha"), Outcome::Success, std::chrono::milliseconds(1)), bytes);
    for (qsizetype size = 0; size < bytes.size(); ++size)
        QVERIFY(!unpackEvent(QByteArrayView(bytes).first(size)));
    std::mt19937 random(7);
    for (int round = 0; round < 20'000; ++round) {
        QByteArray broken = bytes;
        for (int i = 0; i < 4; ++i)
            broken[static_cast<qsizetype>(random() % static_cast<unsigned>(broken.size()))] =
                static_cast<char>(random());
        unpackEvent(broken); // must neither crash nor take memory without bound
    }
}

void HistoryTest::pagesFollowEachOther()
{
    HistoryWriter writer(settings());
    for (int i = 0; i < 25; ++i)
        writer.record(sample(i % 5 == 0 ? QStringLiteral("beta") : QStringLiteral("alpha"), Outcome::Success,
                             std::chrono::milliseconds(i + 1)));
    writer.flush();
    RequestQuery query;
    query.limit = 10;
    std::vector<std::uint64_t> sequences;
    for (bool more = true; more;) {
        const RequestPage page = read(writer, query);
        for (const RequestEvent &event : page.requests)
            sequences.push_back(event.sequence);
        more = page.more;
        query.beforeSequence = sequences.back();
    }
    QCOMPARE(sequences.size(), std::size_t(25));
    QVERIFY(std::is_sorted(sequences.rbegin(), sequences.rend()));

    RequestQuery filtered;
    filtered.filter = Filter::parse(QStringLiteral("provider:beta")).value();
    QCOMPARE(read(writer, filtered).requests.size(), std::size_t(5));
    RequestQuery none;
    none.until = QDateTime::currentDateTimeUtc().addSecs(-60);
    QVERIFY(read(writer, none).requests.empty());
}

void HistoryTest::stateEventsAndBreakerInputsComeBack()
{
    HistoryWriter writer(settings());
    StateEvent event;
    event.kind = StateEvent::Kind::Command;
    event.sequence = nextSequence();
    event.at = QDateTime::currentDateTimeUtc();
    event.provider = QStringLiteral("alpha");
    event.before = QStringLiteral("auto");
    event.after = QStringLiteral("forced_open");
    event.reason = QStringLiteral("An operator forced it open.");
    writer.record(event);
    const std::int64_t nowMs = QDateTime::currentMSecsSinceEpoch();
    writer.record(BreakerInputs { QStringLiteral("alpha"), nowMs, "first" });
    writer.record(BreakerInputs { QStringLiteral("beta"), nowMs, "other" });
    writer.record(BreakerInputs { QStringLiteral("alpha"), nowMs, "second" });
    writer.flush();
    Result<HistoryReader> reader = HistoryReader::open(writer.path());
    QVERIFY(reader);
    const Result<EventPage> page = reader.value().events({}, {});
    QVERIFY(page);
    QCOMPARE(page.value().events.size(), std::size_t(1));
    QCOMPARE(page.value().events[0].after, event.after);
    QCOMPARE(page.value().events[0].kind, StateEvent::Kind::Command);
    const auto inputs = reader.value().breakerInputs(nowMs - 1000, nowMs + 1000, {});
    QVERIFY(inputs);
    QCOMPARE(inputs.value().size(), std::size_t(2));
    QCOMPARE(inputs.value().at(QStringLiteral("alpha")), (std::vector<QByteArray> { "first", "second" }));
    QCOMPARE(inputs.value().at(QStringLiteral("beta")), (std::vector<QByteArray> { "other" }));
}

void HistoryTest::rollupsEqualTheEvents()
{
    HistoryWriter writer(settings());
    LogHistogram truth;
    std::mt19937 random(3);
    for (int i = 0; i < 2000; ++i) {
        const std::chrono::milliseconds took(1 + random() % 5000);
        const Outcome outcome = i % 10 == 0 ? Outcome::Failure : Outcome::Success;
        if (outcome == Outcome::Success)
            truth.add(static_cast<double>(took.count()));
        writer.record(sample(QStringLiteral("alpha"), outcome, took));
    }
    writer.flush();
    Result<HistoryReader> reader = HistoryReader::open(writer.path());
    QVERIFY(reader);
    const std::int64_t nowMs = QDateTime::currentMSecsSinceEpoch();
    for (const std::int64_t range : { 60'000LL, 3'600'000LL, 86'400'000LL * 300 }) {
        const auto series =
            reader.value().series({ QStringLiteral("alpha"), nowMs - range, nowMs + 1000 }, range + 1000, {});
        QVERIFY(series);
        std::uint64_t succeeded = 0;
        std::uint64_t failed = 0;
        double cost = 0;
        for (const SeriesPoint &point : series.value()) {
            succeeded += point.succeeded;
            failed += point.failed;
            cost += point.costUsd;
        }
        QCOMPARE(succeeded, 1800U);
        QCOMPARE(failed, 200U);
        QCOMPARE(cost, 500.0);
        if (series.value().size() == 1) {
            QCOMPARE(series.value()[0].firstByteP50Ms, truth.quantile(0.5));
            QCOMPARE(series.value()[0].firstByteP99Ms, truth.quantile(0.99));
        }
    }
    const auto both = reader.value().series({ {}, nowMs - 60'000, nowMs + 1000 }, 60'000, {});
    std::uint64_t failed = 0;
    for (const SeriesPoint &point : both.value())
        failed += point.failed;
    QCOMPARE(failed, 2200U); // with those of the first attempts
}

void HistoryTest::aRollupGoesOnAfterARestart()
{
    for (int run = 0; run < 3; ++run) {
        HistoryWriter writer(settings());
        writer.record(sample(QStringLiteral("alpha"), Outcome::Success, std::chrono::milliseconds(10)));
    }
    Result<HistoryReader> reader = HistoryReader::open(file());
    QVERIFY(reader);
    const std::int64_t nowMs = QDateTime::currentMSecsSinceEpoch();
    const auto series =
        reader.value().series({ QStringLiteral("alpha"), nowMs - 86'400'000LL * 300, nowMs + 1000 }, 86'400'000LL, {});
    std::uint64_t succeeded = 0;
    for (const SeriesPoint &point : series.value())
        succeeded += point.succeeded;
    QCOMPARE(succeeded, 3U);
}

void HistoryTest::oldThingsAreRemoved()
{
    {
        HistoryWriter writer(settings());
        RequestEvent old = sample(QStringLiteral("alpha"), Outcome::Success, std::chrono::milliseconds(10));
        old.sequence = static_cast<std::uint64_t>(QDateTime::currentMSecsSinceEpoch() - 7'200'000) * 1000;
        old.at = old.at.addSecs(-7200);
        writer.record(std::move(old));
        writer.record(sample(QStringLiteral("alpha"), Outcome::Success, std::chrono::milliseconds(10)));
    }
    QCOMPARE(integer(file(), "SELECT count(*) FROM requests"), 2);
    HistoryWriter writer(settings());
    QVERIFY(QTest::qWaitFor([this] { return integer(file(), "SELECT count(*) FROM requests") == 1; }, 30000));
    // Roll-ups are kept for longer.
    QVERIFY(integer(file(), "SELECT count(*) FROM rollups WHERE span = 2") >= 2);
}

/// Set an hour ahead and back again, as at summer time or by a time server: what was recorded meanwhile stays readable,
/// is counted, and does not push out what comes after it.
void HistoryTest::aWallClockThatJumpsLosesNothing()
{
    HistoryWriter writer(settings());
    std::vector<QByteArray> ids;
    for (const int offset : { 0, 3600, 3601, 1, -1800, 2 }) {
        RequestEvent event = sample(QStringLiteral("alpha"), Outcome::Success, std::chrono::milliseconds(10));
        event.at = event.at.addSecs(offset);
        ids.push_back(event.id);
        writer.record(std::move(event));
    }
    writer.flush();
    const RequestPage page = read(writer);
    QCOMPARE(page.requests.size(), ids.size());
    for (std::size_t i = 0; i < ids.size(); ++i)
        QCOMPARE(page.requests[i].id, ids[ids.size() - 1 - i]);
    Result<HistoryReader> reader = HistoryReader::open(writer.path());
    QVERIFY(reader);
    const std::int64_t nowMs = QDateTime::currentMSecsSinceEpoch();
    const auto series = reader.value().series({ QStringLiteral("alpha"), nowMs - 2 * 3'600'000, nowMs + 2 * 3'600'000 },
                                              4 * 3'600'000, {});
    QVERIFY(series);
    std::uint64_t succeeded = 0;
    for (const SeriesPoint &point : series.value())
        succeeded += point.succeeded;
    QCOMPARE(succeeded, ids.size());
}

/// A day ahead, when what is recorded is kept for an hour, and back again.
void HistoryTest::aWallClockSetAheadDeletesNothing()
{
    constexpr std::int64_t dayMs = 86'400'000;
    std::atomic<std::int64_t> offsetMs { 0 };
    HistorySettings mine = settings();
    mine.keep.retentionMs = std::chrono::hours(1);
    mine.keep.stateRetentionMs = std::chrono::hours(1);
    mine.keep.secondsRetentionMs = std::chrono::hours(1);
    mine.wallClock = [&offsetMs] { return QDateTime::currentMSecsSinceEpoch() + offsetMs; };
    HistoryWriter writer(mine);
    // An old request, whose end shows that the file was cleaned.
    const auto putOld = [&writer] {
        RequestEvent old = sample(QStringLiteral("old"), Outcome::Success, std::chrono::milliseconds(10));
        old.at = old.at.addSecs(-7'200);
        old.sequence = static_cast<std::uint64_t>(old.at.toMSecsSinceEpoch()) * 1000;
        writer.record(std::move(old));
        writer.flush();
    };
    const auto requests = [this] { return integer(file(), "SELECT count(*) FROM requests"); };
    const auto secondsOf = [this] {
        return integer(file(), "SELECT count(*) FROM rollups WHERE span = 0 AND provider = 'alpha'");
    };
    putOld();
    QTRY_COMPARE_WITH_TIMEOUT(requests(), std::int64_t(0), 40'000); // cleaned with the right clock
    writer.record(sample(QStringLiteral("alpha"), Outcome::Success, std::chrono::milliseconds(10)));
    writer.record(BreakerInputs { QStringLiteral("alpha"), QDateTime::currentMSecsSinceEpoch(), "kept" });
    writer.flush();
    for (const std::int64_t offset : { dayMs, std::int64_t(0) }) {
        offsetMs = offset;
        // Longer than the time between two cleanings.
        QTest::qWait(11'000);
        QCOMPARE(requests(), std::int64_t(1));
        QCOMPARE(integer(file(), "SELECT count(*) FROM breaker_inputs"), std::int64_t(1));
        QVERIFY(secondsOf() > 0);
    }
}

void HistoryTest::retentionFollowsTheClockWithCare()
{
    constexpr std::int64_t hourMs = 3'600'000;
    constexpr std::int64_t dayMs = 24 * hourMs;
    std::int64_t wallMs = 1'000 * dayMs;
    std::int64_t monotonicMs = 7;
    RetentionClock clock;
    const auto after = [&](std::int64_t ms, std::int64_t setBy = 0) {
        wallMs += ms + setBy;
        monotonicMs += ms;
        return clock.nowMs(wallMs, monotonicMs) - wallMs;
    };
    QCOMPARE(after(0), 0);
    QCOMPARE(after(hourMs), 0);
    QCOMPARE(after(10'000, 2'000), 0); // corrected
    QCOMPARE(after(10'000, dayMs), -dayMs);
    QCOMPARE(after(hourMs), -dayMs);
    QCOMPARE(after(10'000, -dayMs), 0); // back again
    QCOMPARE(after(10'000, -dayMs), 0); // and further: followed at once
    // Right again, as far as anyone can tell a day later.
    QCOMPARE(after(10'000, dayMs), -dayMs);
    for (int hours = 1; hours < 24; ++hours)
        QCOMPARE(after(hourMs), -dayMs);
    QCOMPARE(after(hourMs), 0);
    QCOMPARE(after(hourMs), 0);
}

void HistoryTest::breakerInputsAreKeptAsLongAsStates()
{
    const std::int64_t nowMs = QDateTime::currentMSecsSinceEpoch();
    constexpr std::int64_t hourMs = 3'600'000;
    const auto kept = [this, nowMs] {
        Result<HistoryReader> reader = HistoryReader::open(file());
        const auto inputs = reader ? reader.value().breakerInputs(0, nowMs + hourMs, {})
                                   : Result<std::map<QString, std::vector<QByteArray>>>(reader.error());
        std::vector<QByteArray> records;
        if (inputs && inputs.value().contains(QStringLiteral("alpha")))
            records = inputs.value().at(QStringLiteral("alpha"));
        return records;
    };
    const std::vector<QByteArray> all { "8 days", "6 days", "2 hours", "now" };
    {
        HistorySettings longer = settings();
        longer.keep.stateRetentionMs = std::chrono::hours(24 * 30);
        HistoryWriter writer(longer);
        const auto put = [&](std::size_t which, std::int64_t ageMs) {
            writer.record(BreakerInputs { QStringLiteral("alpha"), nowMs - ageMs, all[which] });
        };
        put(0, 8 * 24 * hourMs);
        put(1, 6 * 24 * hourMs);
        // An old request, whose end shows that the file was cleaned.
        RequestEvent old = sample(QStringLiteral("alpha"), Outcome::Success, std::chrono::milliseconds(10));
        old.sequence = static_cast<std::uint64_t>(nowMs - 3 * hourMs) * 1000;
        writer.record(std::move(old));
        put(2, 2 * hourMs);
        put(3, 0);
        writer.flush();
        QTRY_COMPARE_WITH_TIMEOUT(integer(file(), "SELECT count(*) FROM requests"), std::int64_t(0), 40000);
        QCOMPARE(kept(), all);
        // The default: 7 days. Takes effect in a running engine.
        writer.setKeep({});
        QTRY_COMPARE_WITH_TIMEOUT(kept(), (std::vector<QByteArray> { "6 days", "2 hours", "now" }), 40000);
    }
    HistorySettings shorter = settings();
    shorter.keep.stateRetentionMs = std::chrono::hours(1);
    HistoryWriter writer(shorter);
    QTRY_COMPARE_WITH_TIMEOUT(kept(), std::vector<QByteArray> { "now" }, 40000);
}

void HistoryTest::aFullQueueDropsAndCounts()
{
    // The directory is a file, so nothing can be written and the queue fills.
    QFile blocker(settings().directory);
    QVERIFY(blocker.open(QIODevice::WriteOnly));
    blocker.close();
    HistoryWriter writer(settings());
    constexpr std::size_t more = 1000;
    for (std::size_t i = 0; i < HistoryWriter::queueCapacity + more; ++i)
        writer.record(StateEvent());
    QCOMPARE(writer.state().droppedEvents, std::uint64_t(more));
    QTRY_COMPARE(writer.state().state, RecordingState::Stopped);
    QVERIFY(writer.state().reason.contains(QLatin1String("history.db")));
    // Once it can write again, it does.
    QVERIFY(blocker.remove());
    QTRY_COMPARE_WITH_TIMEOUT(writer.state().queueDepth, 0U, 60000);
    QTRY_COMPARE(writer.state().state, RecordingState::Recording);
    QVERIFY(writer.state().writtenEvents > 0);
}

void HistoryTest::aLockedFileStopsRecordingUntilItIsFree()
{
    HistoryWriter writer(settings());
    writer.record(sample(QStringLiteral("alpha"), Outcome::Success, std::chrono::milliseconds(10)));
    writer.flush();
    sqlite3 *other = nullptr;
    QCOMPARE(sqlite3_open(file().toUtf8().constData(), &other), SQLITE_OK);
    QCOMPARE(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
    writer.record(sample(QStringLiteral("alpha"), Outcome::Success, std::chrono::milliseconds(10)));
    QTRY_COMPARE_WITH_TIMEOUT(writer.state().state, RecordingState::Stopped, 20000);
    QVERIFY2(writer.state().reason.contains(QLatin1String("locked")), qPrintable(writer.state().reason));
    QCOMPARE(sqlite3_exec(other, "COMMIT", nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(other);
    QTRY_COMPARE_WITH_TIMEOUT(read(writer).requests.size(), std::size_t(2), 20000);
    QTRY_COMPARE(writer.state().state, RecordingState::Recording);
}

void HistoryTest::aBrokenFileIsSetAside()
{
    QVERIFY(QDir().mkpath(settings().directory));
    QFile broken(file());
    QVERIFY(broken.open(QIODevice::WriteOnly));
    broken.write(QByteArray(20'000, 'x'));
    broken.close();
    HistoryWriter writer(settings());
    writer.record(sample(QStringLiteral("alpha"), Outcome::Success, std::chrono::milliseconds(10)));
    QTRY_COMPARE_WITH_TIMEOUT(read(writer).requests.size(), std::size_t(1), 20000);
    const QStringList kept = QDir(settings().directory).entryList({ QStringLiteral("history.db.corrupt-*") });
    QCOMPARE(kept.size(), 1);
    QCOMPARE(QFileInfo(settings().directory + QLatin1Char('/') + kept.first()).size(), 20'000);
}

void HistoryTest::aNewerFileIsNotTouched()
{
    {
        HistoryWriter writer(settings());
        writer.record(sample(QStringLiteral("alpha"), Outcome::Success, std::chrono::milliseconds(10)));
    }
    exec(file(), "PRAGMA user_version=99");
    HistoryWriter writer(settings());
    writer.record(sample(QStringLiteral("alpha"), Outcome::Success, std::chrono::milliseconds(10)));
    QTRY_COMPARE(writer.state().state, RecordingState::Stopped);
    QVERIFY(writer.state().reason.contains(QLatin1String("newer")));
    QCOMPARE(integer(file(), "SELECT count(*) FROM requests"), 1);
}

void HistoryTest::aFullDiskStopsRecording()
{
    QProcess recorder;
    recorder.start(QStringLiteral(RECORDER_PROGRAM), { settings().directory, QString::number(1 << 20) });
    QByteArray said;
    QVERIFY(QTest::qWaitFor(
        [&] {
            said += recorder.readAllStandardOutput();
            return said.contains("stopped");
        },
        60000));
    // It goes on taking events.
    said.clear();
    QVERIFY(QTest::qWaitFor(
        [&] {
            said += recorder.readAllStandardOutput();
            return said.count('\n') > 20;
        },
        20000));
    QCOMPARE(recorder.state(), QProcess::Running);
    recorder.kill();
    recorder.waitForFinished();
    QVERIFY(isWhole(file()));
}

void HistoryTest::killedAtAnyMomentItKeepsWhatWasWritten()
{
    std::mt19937 random(11);
    for (int round = 0; round < 20; ++round) {
        QTemporaryDir directory;
        QProcess recorder;
        recorder.start(QStringLiteral(RECORDER_PROGRAM), { directory.path() });
        QVERIFY(recorder.waitForStarted());
        // It writes without being asked to, time and again: the end comes anywhere between two transactions or in one.
        QByteArray said;
        const auto written = [&] {
            said += recorder.readAllStandardOutput();
            const QByteArray whole = said.left(said.lastIndexOf('\n'));
            const QList<QByteArray> words = whole.mid(whole.lastIndexOf('\n') + 1).split(' ');
            return words.size() == 3 ? words[1].toLongLong() : 0;
        };
        QVERIFY(QTest::qWaitFor([&] { return written() > 0; }, 60'000));
        QTest::qWait(static_cast<int>(random() % 1'500));
        recorder.kill();
        recorder.waitForFinished();
        const QString path = directory.filePath(QStringLiteral("history.db"));
        QVERIFY(isWhole(path));
        const qint64 found = integer(path, "SELECT count(*) FROM requests");
        QVERIFY2(found >= written(),
                 qPrintable(QStringLiteral("round %1: %2 of %3").arg(round).arg(found).arg(written())));
    }
}

void HistoryTest::filesArePrivate()
{
    HistoryWriter writer(settings());
    writer.record(sample(QStringLiteral("alpha"), Outcome::Success, std::chrono::milliseconds(10)));
    writer.flush();
    const auto mode = [](const QString &path) {
        struct stat info
        {
        };
        return ::stat(path.toUtf8().constData(), &info) == 0 ? info.st_mode & 0777U : 0U;
    };
    QCOMPARE(mode(file()), 0600U);
    QCOMPARE(mode(file() + QLatin1String("-wal")), 0600U);
    QCOMPARE(mode(settings().directory), 0700U);
}

QTEST_GUILESS_MAIN(HistoryTest)
#include "tst_history.moc"
