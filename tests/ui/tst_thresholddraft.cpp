// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/config/configloader.h"
#include "engine/config/settingplace.h"
#include "ui/thresholds/consequencemodel.h"
#include "ui/thresholds/replayfeed.h"
#include "ui/thresholds/replaymapping.h"
#include "ui/thresholds/thresholddraft.h"
#include "ui/thresholds/thresholdwords.h"
#include "ui/thresholds/versionmodel.h"

#include <QAbstractItemModelTester>
#include <QPromise>
#include <QSignalSpy>
#include <QTest>

#include <random>

using namespace signalbox;

namespace {

const QString file = QStringLiteral("/nowhere/config.json");
const QString alpha = QStringLiteral("alpha");
const QString beta = QStringLiteral("beta");

/// beta has values of its own. JSON is easier to read with ' for ".
const QByteArray ownValues =
    QByteArray("{'version':1,'proxy':{'token':null},'breaker':{'threshold':6,'timeoutMs':30000},'providers':["
               "{'name':'alpha','dialect':'openai','baseUrl':'http://127.0.0.1:9/v1','key':null},"
               "{'name':'beta','dialect':'openai','baseUrl':'http://127.0.0.1:9/v1','key':null,"
               "'breaker':{'threshold':9},'timeouts':{'connectMs':700},'health':{'degradedBelow':70}}]}")
        .replace('\'', '"');

EngineSnapshot snapshotOf(const QByteArray &text)
{
    const LoadResult loaded = loadConfigText(text, file);
    EngineSnapshot snapshot;
    snapshot.config = std::make_shared<const Config>(loaded.config);
    snapshot.origins = loaded.config.origins;
    return snapshot;
}

const ThresholdSetting &setting(const char *section, const char *key)
{
    return *thresholdSetting(QString::fromLatin1(section), QString::fromLatin1(key));
}

ReplayResult resultOf(std::uint64_t requests)
{
    ReplayResult result;
    result.requests = requests;
    return result;
}

/// Answers when told to.
class Answers
{
public:
    QFuture<ReplayFeed::Answer> ask(const ReplayQuery &query)
    {
        queries.push_back(query);
        promises.push_back(std::make_unique<QPromise<ReplayFeed::Answer>>());
        promises.back()->start();
        return promises.back()->future();
    }
    void answer(std::size_t index, std::uint64_t requests)
    {
        promises[index]->addResult(ReplayFeed::Answer(resultOf(requests)));
        promises[index]->finish();
    }

    std::vector<ReplayQuery> queries;
    std::vector<std::unique_ptr<QPromise<ReplayFeed::Answer>>> promises;
};

PolicyDraft policyWith(int threshold)
{
    BreakerSettings settings;
    settings.threshold = threshold;
    PolicyDraft draft;
    draft.all = settings;
    return draft;
}

ProviderReplay replayOf(const std::vector<ReplayBand> &draft, const std::vector<ReplayStretch> &unknown,
                        const std::vector<ReplayStretch> &notRecorded)
{
    ProviderReplay replay;
    replay.provider = alpha;
    replay.recordedFromMs = 1000;
    replay.draft.bands = draft;
    replay.unknown = unknown;
    replay.notRecorded = notRecorded;
    return replay;
}

using Kind = TimelineSegment::Kind;

} // namespace

class TestThresholdDraft : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void settingsAreThoseOfTheLoader();
    void draftsAreWhatTheLoaderMakesOfThem();
    void aChangeBackIsNone();
    void whatHappensToABaseThatChanges();
    void slidersStayInRange();
    void everyProblemHasItsWords();
    void oldAnswersNeverOverwrite();
    void saysThatItWorksOnlyAfterAWhile();
    void segmentsFollowEachOther();
    void shadowSegmentsComeFromEvents();
    void consequences();
    void models();
};

void TestThresholdDraft::settingsAreThoseOfTheLoader()
{
    int found = 0;
    for (const KnownConfigKey &key : knownConfigKeys()) {
        for (const ThresholdSetting &each : thresholdSettings()) {
            if (each.pointer() != key.pointer)
                continue;
            ++found;
            QCOMPARE(each.minimum, key.minimum.value_or(0));
            QCOMPARE(each.maximum, key.maximum.value_or(1));
            const QJsonValue value = key.defaultValue;
            QCOMPARE(each.defaultValue, value.isBool() ? std::int64_t { value.toBool() } : value.toInteger());
            QVERIFY2(each.usualFrom >= each.minimum && each.usualTo <= each.maximum, qPrintable(key.pointer));
        }
    }
    QCOMPARE(found, static_cast<int>(thresholdSettings().size()));
    // Two of the same name could not be told apart.
    QSet<QString> labels;
    for (const ThresholdSetting &each : thresholdSettings())
        labels.insert(each.label);
    QCOMPARE(labels.size(), static_cast<qsizetype>(thresholdSettings().size()));
}

void TestThresholdDraft::draftsAreWhatTheLoaderMakesOfThem()
{
    std::mt19937 random(7);
    const auto pick = [&random](std::size_t count) {
        return std::uniform_int_distribution<std::size_t>(0, count - 1)(random);
    };
    int compared = 0;
    for (int round = 0; round < 400; ++round) {
        ThresholdDraft draft;
        draft.setBase(snapshotOf(ownValues));
        const QStringList places { QString(), alpha, beta };
        for (std::size_t i = 0; i <= pick(6); ++i) {
            const QString &place = places.at(static_cast<qsizetype>(pick(3)));
            const ThresholdSetting &each = thresholdSettings()[pick(thresholdSettings().size())];
            if (pick(3) == 0)
                draft.drop(place, each);
            else
                draft.set(place, each, valueAtSlider(each, static_cast<int>(pick(sliderSteps + 1))));
        }
        const Result<QByteArray> edited = editedConfig(ownValues, draft.edits(), {});
        QVERIFY2(edited, edited ? "" : qPrintable(edited.error().reason));
        const LoadResult loaded = loadConfigText(edited.value(), file);
        if (!loaded.ok()) {
            bool explained = false;
            for (const QString &place : places) {
                for (const ThresholdProblem &problem : problemsOf(draft.drafted(place)))
                    explained = explained || problem.isError;
            }
            QVERIFY2(explained, qPrintable(loaded.errorText()));
            continue;
        }
        ++compared;
        const Config &config = loaded.config;
        QVERIFY((draft.drafted({}) == ThresholdValues { config.breaker, config.health, config.timeouts }));
        for (const ProviderConfig &provider : config.providers)
            QVERIFY((draft.drafted(provider.name) ==
                     ThresholdValues { provider.breaker, provider.health, provider.timeouts }));
        const Result<QByteArray> back = editedConfig(edited.value(), draft.inverseEdits(), {});
        QVERIFY(back);
        Config restored = loadConfigText(back.value(), file).config;
        Config untouched = loadConfigText(ownValues, file).config;
        restored.origins = untouched.origins = {}; // a section that was added stays, empty
        QVERIFY(restored == untouched);
    }
    QVERIFY(compared > 100);
}

void TestThresholdDraft::aChangeBackIsNone()
{
    ThresholdDraft draft;
    draft.setBase(snapshotOf(ownValues));
    draft.set({}, setting("breaker", "threshold"), 7);
    QCOMPARE(draft.count(), 1);
    QCOMPARE(draft.texts(), QStringList { QStringLiteral("breaker.threshold 6 → 7") });
    QCOMPARE(draft.drafted(alpha).breaker.threshold, 7);
    QCOMPARE(draft.drafted(beta).breaker.threshold, 9);
    QCOMPARE(draft.policy().providers.size(), std::size_t { 1 });
    draft.set({}, setting("breaker", "threshold"), 6);
    QVERIFY(draft.isEmpty());
    draft.drop(beta, setting("breaker", "threshold"));
    QCOMPARE(draft.drafted(beta).breaker.threshold, 6);
    QVERIFY(!draft.isOwn(beta, setting("breaker", "threshold")));
    draft.set(beta, setting("breaker", "threshold"), 9);
    QVERIFY(draft.isEmpty());
    draft.drop(alpha, setting("breaker", "threshold")); // it has none
    QVERIFY(draft.isEmpty());
    draft.set({}, setting("timeouts", "connectMs"), 900);
    QVERIFY(draft.changesMoreThanBreakers());
    QVERIFY(draft.policy().isEmpty());
}

void TestThresholdDraft::whatHappensToABaseThatChanges()
{
    ThresholdDraft draft;
    draft.setBase(snapshotOf(ownValues));
    draft.set({}, setting("breaker", "threshold"), 7);
    draft.set(beta, setting("breaker", "windowMs"), 90'000);
    draft.set(alpha, setting("timeouts", "connectMs"), 900);
    draft.setBase(snapshotOf(QByteArray(ownValues).replace("\"threshold\":6", "\"threshold\":7")));
    QCOMPARE(draft.count(), 2);
    QVERIFY(!draft.isChanged({}, setting("breaker", "threshold")));
    draft.setBase(snapshotOf(QByteArray(ownValues).replace("\"beta\"", "\"gamma\"")));
    QCOMPARE(draft.count(), 1); // alpha's
    QCOMPARE(draft.drafted(alpha).timeouts.connectMs, Milliseconds(900));
}

void TestThresholdDraft::slidersStayInRange()
{
    for (const ThresholdSetting &each : thresholdSettings()) {
        if (each.isSwitch())
            continue;
        std::int64_t before = each.usualFrom;
        for (int position = 0; position <= sliderSteps; ++position) {
            const std::int64_t value = valueAtSlider(each, position);
            QVERIFY2(value >= before && value <= each.usualTo, qPrintable(each.pointer()));
            before = value;
        }
        QCOMPARE(valueAtSlider(each, 0), each.usualFrom);
        QCOMPARE(valueAtSlider(each, sliderSteps), each.usualTo);
        QCOMPARE(sliderPosition(each, each.minimum), 0);
        QCOMPARE(sliderPosition(each, each.maximum), sliderSteps);
    }
}

void TestThresholdDraft::everyProblemHasItsWords()
{
    ThresholdValues values;
    QVERIFY(problemsOf(values).empty());
    values.breaker = { 500, Milliseconds(60'000), Milliseconds(1'000), Milliseconds(60'000), 5000, 99 };
    values.breaker.healthFailures = 200;
    values.health.firstByteBadMs = Milliseconds(1);
    values.health.totalBadMs = Milliseconds(1);
    values.health.unhealthyBelow = 90;
    values.health.enabled = false;
    values.timeouts.slowStreamMs = Milliseconds(95'000);
    values.timeouts.slowTotalMs = Milliseconds(700'000);
    values.timeouts.totalMs = Milliseconds(1'000);
    const std::vector<ThresholdProblem> problems = problemsOf(values);
    QCOMPARE(problems.size(), std::size_t { 13 });
    for (const ThresholdProblem &problem : problems) {
        QVERIFY2(problem.text.endsWith(QLatin1Char('.')), qPrintable(problem.text));
        QVERIFY2(!problem.text.contains(QStringLiteral("Ms")), qPrintable(problem.text)); // no machine names
    }
}

void TestThresholdDraft::oldAnswersNeverOverwrite()
{
    Answers answers;
    ReplayFeed feed([&answers](const ReplayQuery &query) { return answers.ask(query); });
    std::vector<std::uint64_t> shown;
    connect(&feed, &ReplayFeed::arrived, this,
            [&shown](const ReplayResult &result) { shown.push_back(result.requests); });
    for (int threshold = 1; threshold <= 5; ++threshold)
        feed.ask(policyWith(threshold), 3'600'000, 600); // as a slider goes
    QTRY_COMPARE(answers.queries.size(), std::size_t { 1 });
    QVERIFY(answers.queries[0].draft == policyWith(5));
    const std::int64_t ageMs = QDateTime::currentMSecsSinceEpoch() - answers.queries[0].sinceMs;
    QVERIFY(ageMs >= 3'600'000 && answers.queries[0].untilMs == 0);

    feed.ask(policyWith(6), 3'600'000, 600);
    QVERIFY(answers.promises[0]->isCanceled()); // nobody waits for it any more
    QTRY_COMPARE(answers.queries.size(), std::size_t { 2 });
    answers.answer(0, 100); // it comes all the same
    answers.answer(1, 200);
    QTRY_COMPARE(shown, std::vector<std::uint64_t> { 200 });
    feed.ask(policyWith(7), 3'600'000, 600);
    QTRY_COMPARE(answers.queries.size(), std::size_t { 3 });
    feed.ask(policyWith(8), 3'600'000, 600);
    QTRY_COMPARE(answers.queries.size(), std::size_t { 4 });
    answers.answer(3, 400);
    answers.answer(2, 300); // the older one later
    QTRY_COMPARE(shown.size(), std::size_t { 2 });
    QCoreApplication::processEvents();
    QCOMPARE(shown.back(), std::uint64_t { 400 });
    QVERIFY(!feed.isBusy());
}

void TestThresholdDraft::saysThatItWorksOnlyAfterAWhile()
{
    Answers answers;
    ReplayFeed feed([&answers](const ReplayQuery &query) { return answers.ask(query); });
    QSignalSpy progress(&feed, &ReplayFeed::progressChanged);
    QSignalSpy failed(&feed, &ReplayFeed::failed);
    feed.ask(policyWith(1), 3'600'000, 600);
    QTRY_COMPARE(answers.queries.size(), std::size_t { 1 });
    QCOMPARE(progress.size(), 0);
    QTRY_COMPARE(progress.size(), 1);
    QVERIFY(progress[0][0].toBool());
    answers.promises[0]->addResult(ReplayFeed::Answer(Error { QStringLiteral("no"), {} }));
    answers.promises[0]->finish();
    QTRY_COMPARE(progress.size(), 2);
    QVERIFY(!progress[1][0].toBool());
    QCOMPARE(failed.size(), 1);
    QCOMPARE(failed[0][0].toString(), QStringLiteral("no"));
}

void TestThresholdDraft::segmentsFollowEachOther()
{
    const TimeSpan span { 0, 10'000 };
    const ProviderReplay replay = replayOf({ { 2000, 4000, BreakerState::Open, BreakerMode::Auto },
                                             { 4000, 4500, BreakerState::HalfOpen, BreakerMode::Auto },
                                             { 8000, 10'000, BreakerState::Closed, BreakerMode::ForcedOpen } },
                                           { { 5000, 6000 } }, { { 3500, 4200 }, { 7000, 7500 } });
    const std::vector<TimelineSegment> segments = draftSegments(replay, span);
    const std::vector<std::pair<std::int64_t, Kind>> wanted {
        { 0, Kind::Unknown },     { 1000, Kind::Closed }, { 2000, Kind::Open },       { 3500, Kind::Unknown },
        { 4200, Kind::HalfOpen }, { 4500, Kind::Closed }, { 5000, Kind::Unknown },    { 6000, Kind::Closed },
        { 7000, Kind::Unknown },  { 7500, Kind::Closed }, { 8000, Kind::ForcedOpen },
    };
    QCOMPARE(segments.size(), wanted.size());
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        QCOMPARE(segments[i].span.sinceMs, wanted[i].first);
        QCOMPARE(segments[i].kind, wanted[i].second);
        QCOMPARE(segments[i].span.untilMs, i + 1 < wanted.size() ? wanted[i + 1].first : span.untilMs);
    }
    ProviderReplay nothing;
    QCOMPARE(actualSegments(nothing, span).size(), std::size_t { 1 });
    QCOMPARE(actualSegments(nothing, span).front().kind, Kind::Unknown);
}

void TestThresholdDraft::shadowSegmentsComeFromEvents()
{
    const auto event = [](std::int64_t atMs, const char *before, const char *after) {
        StateEvent made;
        made.kind = StateEvent::Kind::Shadow;
        made.at = QDateTime::fromMSecsSinceEpoch(atMs, Qt::UTC);
        made.before = QString::fromLatin1(before);
        made.after = QString::fromLatin1(after);
        return made;
    };
    const auto segments = shadowSegments(
        { event(1000, "threshold 5", "threshold 1"), event(2000, "CLOSED", "OPEN"), event(3000, "OPEN", "HALF_OPEN") },
        Kind::HalfOpen, { 1000, 5000 });
    QCOMPARE(segments.size(), std::size_t { 3 });
    QCOMPARE(segments[0].kind, Kind::Closed);
    QCOMPARE(segments[1].kind, Kind::Open);
    QCOMPARE(segments[2].kind, Kind::HalfOpen);
    QCOMPARE(segments[2].span.untilMs, std::int64_t { 5000 });
    QCOMPARE(shadowSegments({}, Kind::Open, { 1000, 5000 }).front().kind, Kind::Open);
}

void TestThresholdDraft::consequences()
{
    const TimeSpan span { 0, 3'600'000 };
    ProviderReplay replay;
    replay.provider = alpha;
    QVERIFY(consequenceText(replay, true, span).contains(QStringLiteral("nothing is recorded")));
    replay.recordedFromMs = 1;
    QCOMPARE(consequenceText(replay, true, span), QStringLiteral("alpha: no change, opened 0×."));
    QCOMPARE(consequenceText(replay, false, span), QStringLiteral("alpha never opened."));
    replay.draft.opened = 1;
    replay.draft.transitionCount = 1;
    replay.draft.transitions = { { 600'000, BreakerState::Closed, BreakerState::Open, BreakerMode::Auto, {}, {} } };
    QVERIFY(
        consequenceText(replay, true, span)
            .startsWith(QStringLiteral("With the draft, alpha would have opened 1× (actual 0×), the first time at ")));
    replay.actual = replay.draft;
    replay.actual.transitions.front().atMs = 655'000;
    replay.diverted = 47;
    replay.failuresAvoided = 41;
    replay.goodDiverted = 6;
    const QString text = consequenceText(replay, true, span).replace(QChar(0x202F), QLatin1Char(' '));
    QVERIFY2(text.contains(QStringLiteral("(actual 1×), 55 s earlier at ")), qPrintable(text));
    QVERIFY2(text.contains(QStringLiteral("; 41 failed request(s) avoided, 6 good one(s) diverted.")),
             qPrintable(text));
    replay.draft.transitions.front().atMs = 700'000;
    QVERIFY(consequenceText(replay, true, span).contains(QStringLiteral("later at ")));
}

void TestThresholdDraft::models()
{
    ConsequenceModel consequences;
    const QAbstractItemModelTester first(&consequences, QAbstractItemModelTester::FailureReportingMode::QtTest);
    ReplayResult result;
    result.untilMs = 1000;
    result.providers.resize(2);
    result.providers[0].provider = alpha;
    result.providers[1].provider = beta;
    consequences.setResult(result, true);
    QCOMPARE(consequences.rowCount(), 2);
    result.providers[1].recordedFromMs = 1;
    result.providers[1].diverted = 3;
    consequences.setResult(result, true); // what changes comes first
    QCOMPARE(consequences.providerAt(0), beta);
    QVERIFY(consequences.index(0).data(ConsequenceModel::ChangedRole).toBool());
    consequences.setResult({}, false);
    QCOMPARE(consequences.rowCount(), 0);

    VersionModel versions;
    const QAbstractItemModelTester second(&versions, QAbstractItemModelTester::FailureReportingMode::QtTest);
    ConfigVersion version;
    version.by = QStringLiteral("console");
    version.changes = { QStringLiteral("breaker.threshold 5 → 7"), QStringLiteral("breaker.windowMs 60000 → 90000") };
    version.undone = true;
    versions.setVersions({ version });
    const QString text = versions.index(0, VersionModel::ChangeColumn).data().toString();
    QVERIFY2(text.startsWith(QStringLiteral("Taken back: breaker.threshold 5 → 7 and 1 more")), qPrintable(text));
    versions.setVersions({});
    QCOMPARE(versions.rowCount(), 0);
}

QTEST_MAIN(TestThresholdDraft)
#include "tst_thresholddraft.moc"
