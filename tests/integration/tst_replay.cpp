// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/engine.h"
#include "engine/history/historyreader.h"
#include "engine/history/historywriter.h"
#include "tests/support/scene.h"

#include <QTemporaryDir>
#include <QTest>

using namespace signalbox;
using namespace signalbox::test;

namespace {

std::unique_ptr<Engine> startedEngine(const QString &dataDirectory, bool demo)
{
    EngineOptions options;
    options.config = loadConfigText(R"({"version":1,"proxy":{"port":0,"token":null},"providers":[]})", QString());
    options.dataDirectory = dataDirectory;
    options.demo = demo;
    std::unique_ptr<Engine> engine = createEngine(std::move(options));
    engine->start().waitForFinished();
    return engine;
}

template <typename Value> Value answered(QFuture<Value> future)
{
    future.waitForFinished();
    return future.result();
}

bool command(Engine &engine, const QString &provider, ProviderCommand::Kind kind,
             std::optional<Milliseconds> duration = std::nullopt)
{
    return bool(answered(engine.command({ kind, provider, duration })));
}

QString wordOf(const ReplayTransition &transition)
{
    return QString::fromLatin1(transition.mode == BreakerMode::Auto ? toString(transition.to)
                                                                    : toString(transition.mode));
}

/// The breaker transitions of one provider as the journal has them, oldest first.
std::vector<StateEvent> journal(const QString &dataDirectory, const QString &provider)
{
    Result<HistoryReader> reader = HistoryReader::open(dataDirectory + QStringLiteral("/history.db"));
    if (!reader)
        return {};
    EventQuery query;
    query.kind = StateEvent::Kind::Breaker;
    query.provider = provider;
    query.limit = largestPage;
    Result<EventPage> page = reader.value().events(query, {});
    if (!page)
        return {};
    std::vector<StateEvent> events = std::move(page).value().events;
    std::reverse(events.begin(), events.end());
    return events;
}

ReplayQuery lastHour()
{
    ReplayQuery query;
    query.sinceMs = QDateTime::currentMSecsSinceEpoch() - 3'600'000;
    return query;
}

void compare(const ReplayRun &run, const std::vector<StateEvent> &events)
{
    QCOMPARE(run.transitions.size(), events.size());
    for (std::size_t i = 0; i < events.size(); ++i) {
        QCOMPARE(wordOf(run.transitions[i]), events[i].after);
        QCOMPARE(run.transitions[i].sentence, events[i].reason);
        QVERIFY(std::abs(run.transitions[i].atMs - events[i].at.toMSecsSinceEpoch()) < 1000);
    }
}

} // namespace

class ReplayTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void replaysWhatTheSimulatedProvidersDid();
    void aShadowRunDecidesNothing();
    void anOldHistoryNeedsTraffic();
    void aWrongDraftIsExplained();
    void canBeCancelled();
    void aSampleNeedsNoHistory();
};

void ReplayTest::replaysWhatTheSimulatedProvidersDid()
{
    using Kind = ProviderCommand::Kind;
    QTemporaryDir data;
    const QString restarting = QStringLiteral("sim-restarting");
    const QString limited = QStringLiteral("sim-limited");
    {
        const auto engine = startedEngine(data.path(), true);
        QVERIFY(command(*engine, limited, Kind::ForceOpen));
        QVERIFY(command(*engine, restarting, Kind::TripFor, Milliseconds(300)));
        const auto opened = [&] { return engine->snapshot()->providers.front().breaker.opened; };
        // It fails by itself within half a minute, besides the trip.
        QTRY_VERIFY_WITH_TIMEOUT(opened() >= 2, 60'000);
        SettingsPatch patch;
        patch.breakerThreshold = 2;
        patch.breakerTimeout = Milliseconds(500);
        QVERIFY(answered(engine->applySettings(patch)));
        QVERIFY(command(*engine, restarting, Kind::Reset));
        QVERIFY(command(*engine, limited, Kind::Auto));
        const std::uint64_t before = opened();
        QTRY_VERIFY_WITH_TIMEOUT(opened() > before, 60'000);
        answered(engine->stop(Milliseconds(200)));
    }
    {
        const auto engine = startedEngine(data.path(), true); // the breakers are new, the history goes on
        QVERIFY(command(*engine, restarting, Kind::TripFor, Milliseconds(100)));
        const auto state = [&] { return engine->snapshot()->providers.front().breaker.state; };
        QTRY_VERIFY_WITH_TIMEOUT(state() != BreakerState::Open, 30'000);
        answered(engine->stop(Milliseconds(200)));
    }
    const auto engine = startedEngine(data.path(), false);
    const Result<ReplayResult> result = answered(engine->replay(lastHour()));
    QVERIFY(result);
    std::uint64_t transitions = 0;
    for (const ProviderReplay &replay : result.value().providers) {
        const std::vector<StateEvent> events = journal(data.path(), replay.provider);
        compare(replay.actual, events);
        compare(replay.draft, events);
        QCOMPARE(replay.diverted, std::uint64_t { 0 });
        transitions += replay.actual.transitionCount;
        if (replay.provider == restarting)
            QVERIFY(replay.notRecorded.size() >= 1);
    }
    QCOMPARE(result.value().providers.size(), std::size_t { 5 });
    QVERIFY(transitions >= 8);
    QVERIFY(result.value().requests > 0);
}

void ReplayTest::aShadowRunDecidesNothing()
{
    QTemporaryDir data;
    const auto engine = startedEngine(data.path(), true);
    std::vector<StateEvent> shadow;
    connect(engine.get(), &Engine::stateChanged, this, [&](const StateEvent &event) {
        if (event.kind == StateEvent::Kind::Shadow)
            shadow.push_back(event);
    });
    PolicyDraft draft;
    draft.settings = { { QStringLiteral("breaker.threshold"), QStringLiteral("1") } };
    const Status started = answered(engine->startShadow(draft, Milliseconds(3'600'000)));
    QVERIFY2(started, started ? "" : qPrintable(started.error().reason));
    QVERIFY(engine->snapshot()->providers.front().shadow);
    SettingsPatch patch;
    patch.breakerThreshold = 1000; // the shadow goes on through changes of the policy in force
    QVERIFY(answered(engine->applySettings(patch)));
    const auto openedInShadow = [&] {
        std::uint64_t opened = 0;
        for (const ProviderSnapshot &provider : engine->snapshot()->providers)
            opened += provider.shadow ? provider.shadow->opened : 0;
        return opened;
    };
    QTRY_VERIFY_WITH_TIMEOUT(openedInShadow() > 0, 90'000);
    QCOMPARE(engine->snapshot()->providers.front().breaker.opened, std::uint64_t { 0 });
    QVERIFY(answered(engine->stopShadow()));
    QVERIFY(!engine->snapshot()->providers.front().shadow);
    const auto told = [&](const QString &text) {
        return std::any_of(shadow.begin(), shadow.end(),
                           [&](const StateEvent &event) { return event.reason.contains(text); });
    };
    QTRY_VERIFY(told(QStringLiteral("An operator ended it.")));
    QVERIFY(told(QStringLiteral("The draft: Open: ")));

    PolicyDraft same;
    same.settings = { { QStringLiteral("breaker.threshold"), QStringLiteral("1000") } };
    QVERIFY(!answered(engine->startShadow(same, Milliseconds(1000))));
}

void ReplayTest::anOldHistoryNeedsTraffic()
{
    QTemporaryDir data;
    {
        HistoryWriter writer({ data.path(), {} });
        RequestEvent event;
        event.sequence = static_cast<std::uint64_t>(QDateTime::currentMSecsSinceEpoch()) * 1000;
        event.at = QDateTime::currentDateTimeUtc();
        writer.record(std::move(event));
        // Records, but the checkpoint before them is not there any more.
        writer.record(BreakerInputs { QStringLiteral("alpha"), QDateTime::currentMSecsSinceEpoch(),
                                      QByteArray("\x01\x02\x04\x10\x00\x00\x03\x00\x00", 9) });
    }
    const auto engine = startedEngine(data.path(), false);
    const Result<ReplayResult> result = answered(engine->replay(lastHour()));
    QVERIFY(result);
    QCOMPARE(result.value().requests, std::uint64_t { 0 });
    QCOMPARE(result.value().sentence, QStringLiteral("Needs recorded traffic: 0 of about 500 requests so far."));
    QCOMPARE(result.value().providers.size(), std::size_t { 1 });
    QCOMPARE(result.value().providers[0].unusable, std::uint64_t { 2 });
}

void ReplayTest::aWrongDraftIsExplained()
{
    QTemporaryDir data;
    const auto engine = startedEngine(data.path(), true);
    const std::vector<std::pair<const char *, const char *>> wrong {
        { "breaker.threshold", "0" }, { "breaker.treshold", "3" }, { "proxy.port", "1" }, { "providers.nobody.x", "1" }
    };
    for (const auto &[key, value] : wrong) {
        ReplayQuery query = lastHour();
        query.draft.settings = { { QString::fromLatin1(key), QString::fromLatin1(value) } };
        const Result<ReplayResult> result = answered(engine->replay(query));
        QVERIFY2(!result, key);
        QVERIFY2(!result.error().reason.isEmpty(), key);
    }
    ReplayQuery query = lastHour();
    query.providers = { QStringLiteral("nobody") };
    QVERIFY(!answered(engine->replay(query)));
    query = lastHour();
    query.untilMs = query.sinceMs - 1;
    QVERIFY(!answered(engine->replay(query)));
    const auto unrecorded = startedEngine(QString(), true);
    QVERIFY(!answered(unrecorded->replay(lastHour())));
}

void ReplayTest::canBeCancelled()
{
    QTemporaryDir data;
    const auto engine = startedEngine(data.path(), true);
    QTRY_VERIFY(answered(engine->replay(lastHour()))); // the history is being made
    std::vector<QFuture<Result<ReplayResult>>> futures;
    for (int i = 0; i < 20; ++i)
        futures.push_back(engine->replay(lastHour()));
    for (auto &future : futures)
        future.cancel(); // as the slider of a page goes on moving
    ReplayQuery last = lastHour();
    QVERIFY(answered(engine->replay(last)));
    for (auto &future : futures) {
        QTRY_VERIFY(future.isFinished());
        QVERIFY(future.isCanceled());
    }
}

void ReplayTest::aSampleNeedsNoHistory()
{
    const auto engine = startedEngine(QString(), false);
    ReplayQuery query;
    query.sample = true;
    const Result<ReplayResult> asItWas = answered(engine->replay(query));
    QVERIFY(asItWas);
    QCOMPARE(asItWas.value().providers.size(), std::size_t { 2 });
    QVERIFY(asItWas.value().requests > usefulReplayRequests);
    QCOMPARE(asItWas.value().untilMs - asItWas.value().sinceMs, std::int64_t { 3'600'000 });
    const ProviderReplay &flaky = asItWas.value().providers.front();
    QVERIFY(flaky.actual.opened >= 2);
    QVERIFY(flaky.notRecorded.empty());
    QCOMPARE(flaky.draft.opened, flaky.actual.opened);
    BreakerSettings strict;
    strict.threshold = 2;
    query.draft.all = strict;
    const Result<ReplayResult> drafted = answered(engine->replay(query));
    QVERIFY(drafted);
    const ReplayRun &stricter = drafted.value().providers.front().draft;
    QVERIFY(!stricter.transitions.empty() && !flaky.actual.transitions.empty());
    QVERIFY(stricter.transitions.front().atMs - drafted.value().sinceMs <
            flaky.actual.transitions.front().atMs - asItWas.value().sinceMs);
    QVERIFY(drafted.value().providers.front().failuresAvoided > 0);
    QCOMPARE(drafted.value().providers.front().actual.opened, flaky.actual.opened);
}

QTEST_GUILESS_MAIN(ReplayTest)
#include "tst_replay.moc"
