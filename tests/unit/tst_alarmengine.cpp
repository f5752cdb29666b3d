// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/telemetry/alarmengine.h"

#include <QTest>

#include <algorithm>
#include <functional>

using namespace signalbox;
using namespace std::chrono_literals;

namespace {

ProviderSnapshot provider(const QString &name)
{
    ProviderSnapshot provider;
    provider.name = name;
    return provider;
}

/// The engine with a clock of its own, evaluated once a second.
class Watch
{
public:
    Watch() : alarms(m_clock)
    {
        snapshot.takenAt = QDateTime(QDate(2026, 5, 1), QTime(12, 0), Qt::UTC);
        snapshot.listener.state = ListenState::Listening;
        snapshot.providers = { provider(QStringLiteral("alpha")), provider(QStringLiteral("beta")),
                               provider(QStringLiteral("gamma")) };
    }

    ProviderSnapshot &alpha() { return snapshot.providers[0]; }

    /// Every change within that time.
    std::vector<Alarm> pass(int seconds)
    {
        std::vector<Alarm> changes;
        for (int i = 0; i < seconds; ++i) {
            m_clock.advance(1s);
            snapshot.takenAt = snapshot.takenAt.addSecs(1);
            for (const Alarm &alarm : alarms.evaluate(snapshot))
                changes.push_back(alarm);
        }
        return changes;
    }
    /// Nothing is evaluated meanwhile.
    void leap(std::chrono::seconds time)
    {
        m_clock.advance(time);
        snapshot.takenAt = snapshot.takenAt.addSecs(time.count());
        pass(1);
    }
    /// The wall clock is set, the monotonic one goes on as ever.
    void setWallClock(std::chrono::seconds by) { snapshot.takenAt = snapshot.takenAt.addSecs(by.count()); }
    /// Seconds until that alarm reaches the state; -1 if it does not within the limit.
    int secondsUntil(const QString &id, AlarmState state, int limit)
    {
        for (int i = 1; i <= limit; ++i) {
            for (const Alarm &alarm : pass(1)) {
                if (alarm.id == id && alarm.state == state)
                    return i;
            }
        }
        return -1;
    }
    const Alarm *find(const QString &id)
    {
        m_list = alarms.alarms();
        const auto found =
            std::find_if(m_list.begin(), m_list.end(), [&id](const Alarm &alarm) { return alarm.id == id; });
        return found == m_list.end() ? nullptr : &*found;
    }

    EngineSnapshot snapshot;

private:
    ManualClock m_clock;
    std::vector<Alarm> m_list;

public:
    AlarmEngine alarms;
};

void open(ProviderSnapshot &provider)
{
    provider.breaker.state = BreakerState::Open;
    ++provider.breaker.opened;
}

const QString console = QStringLiteral("console");
const QString openAlpha = QStringLiteral("provider_open/alpha");

} // namespace

Q_DECLARE_METATYPE(std::chrono::seconds)

class AlarmEngineTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nothingIsWrong();
    void eachRuleFiresAndClears_data();
    void eachRuleFiresAndClears();
    void aMomentIsNoAlarm();
    void halfOpenDecidesNothing();
    void anOperatorsOwnDoingIsNoAlarm();
    void flappingWithinItsWindowOnly();
    void aRemovedProvidersAlarmClears();
    void acknowledgedClearsWithTheCondition();
    void unacknowledgedStaysListed();
    void shelvedIsSilent();
    void unknownAlarmsAreRefused();
    void aFloodHasOneSummary();
    void tellsWhoAcknowledgedAndWhen();
    void countsHowOftenItWasRaised();
    void aSetWallClockChangesNothing_data();
    void aSetWallClockChangesNothing();
    void aSetWallClockDelaysNoAlarm_data() { aSetWallClockChangesNothing_data(); }
    void aSetWallClockDelaysNoAlarm();
};

void AlarmEngineTest::nothingIsWrong()
{
    Watch watch;
    QVERIFY(watch.pass(600).empty());
    QVERIFY(watch.alarms.alarms().empty());
}

void AlarmEngineTest::eachRuleFiresAndClears_data()
{
    using Change = std::function<void(EngineSnapshot &)>;
    QTest::addColumn<QString>("id");
    QTest::addColumn<Change>("breakIt");
    QTest::addColumn<Change>("heal");
    QTest::addColumn<int>("firesWithin");
    QTest::addColumn<QString>("priority");
    const auto row = [](const char *id, const char *priority, int within, const Change &breakIt, const Change &heal) {
        QTest::newRow(id) << QString::fromLatin1(id) << breakIt << heal << within << QString::fromLatin1(priority);
    };
    row(
        "provider_open/alpha", "medium", 3, [](EngineSnapshot &s) { open(s.providers[0]); },
        [](EngineSnapshot &s) { s.providers[0].breaker.state = BreakerState::Closed; });
    row(
        "auth_failing/alpha", "medium", 3, [](EngineSnapshot &s) { s.providers[0].authBlocked = true; },
        [](EngineSnapshot &s) { s.providers[0].authBlocked = false; });
    row(
        "degraded_score/beta", "low", 30, [](EngineSnapshot &s) { s.providers[1].score.label = HealthLabel::Degraded; },
        [](EngineSnapshot &s) { s.providers[1].score.label = HealthLabel::Healthy; });
    row(
        "throttled_long/alpha", "low", 304, [](EngineSnapshot &s) { s.providers[0].breaker.throttled = true; },
        [](EngineSnapshot &s) { s.providers[0].breaker.throttled = false; });
    row(
        "route_without_fallback/openai", "medium", 5,
        [](EngineSnapshot &s) {
            open(s.providers[0]);
            s.providers[2].keyMissing = true;
        },
        [](EngineSnapshot &s) { s.providers[2].keyMissing = false; });
    row(
        "route_down/openai", "high", 3,
        [](EngineSnapshot &s) { std::for_each(s.providers.begin(), s.providers.end(), open); },
        [](EngineSnapshot &s) { s.providers[1].breaker.state = BreakerState::Closed; });
    row(
        "port_lost", "high", 2, [](EngineSnapshot &s) { s.listener.state = ListenState::Failed; },
        [](EngineSnapshot &s) { s.listener.state = ListenState::Listening; });
    row(
        "recording_stopped", "medium", 3, [](EngineSnapshot &s) { s.recording.state = RecordingState::Stopped; },
        [](EngineSnapshot &s) { s.recording.state = RecordingState::Recording; });
    row(
        "events_dropped", "medium", 1, [](EngineSnapshot &s) { s.recording.droppedEvents += 5; },
        [](EngineSnapshot &) {});
    row(
        "certificate_expiry/alpha", "medium", 3,
        [](EngineSnapshot &s) { s.providers[0].certificateExpiry = s.takenAt.addDays(13); },
        [](EngineSnapshot &s) { s.providers[0].certificateExpiry = s.takenAt.addDays(90); });
    row(
        "flapping/alpha", "low", 1, [](EngineSnapshot &s) { s.providers[0].breaker.opened += 3; },
        [](EngineSnapshot &) {});
}

void AlarmEngineTest::eachRuleFiresAndClears()
{
    using Change = std::function<void(EngineSnapshot &)>;
    QFETCH(QString, id);
    QFETCH(Change, breakIt);
    QFETCH(Change, heal);
    QFETCH(int, firesWithin);
    QFETCH(QString, priority);
    Watch watch;
    watch.pass(5);
    breakIt(watch.snapshot);
    const int fired = watch.secondsUntil(id, AlarmState::Active, firesWithin);
    QVERIFY2(fired > 0, "did not fire");
    const Alarm *alarm = watch.find(id);
    QVERIFY(alarm);
    QCOMPARE(QString::fromLatin1(toString(alarm->priority)), priority);
    QCOMPARE(alarm->since, watch.snapshot.takenAt);
    QVERIFY(alarm->text.size() > 20);
    heal(watch.snapshot);
    QVERIFY2(watch.secondsUntil(id, AlarmState::Cleared, 700) > 0, "did not clear");
    QVERIFY(watch.pass(60).empty());
}

void AlarmEngineTest::aMomentIsNoAlarm()
{
    Watch watch;
    for (int i = 0; i < 2; ++i) {
        open(watch.alpha());
        QVERIFY(watch.pass(2).empty());
        watch.alpha().breaker.state = BreakerState::Closed;
        QVERIFY(watch.pass(2).empty());
    }
    open(watch.alpha());
    watch.pass(10);
    watch.alpha().breaker.state = BreakerState::Closed;
    watch.pass(4);
    QCOMPARE(watch.find(openAlpha)->state, AlarmState::Active);
    open(watch.alpha());
    watch.pass(1);
    watch.alpha().breaker.state = BreakerState::Closed;
    watch.pass(4);
    QCOMPARE(watch.find(openAlpha)->state, AlarmState::Active);
    watch.pass(1);
    QCOMPARE(watch.find(openAlpha)->state, AlarmState::Cleared);
}

void AlarmEngineTest::halfOpenDecidesNothing()
{
    Watch watch;
    watch.alpha().breaker.state = BreakerState::HalfOpen;
    QVERIFY(watch.pass(100).empty());
    open(watch.alpha());
    watch.pass(3);
    watch.alpha().breaker.state = BreakerState::HalfOpen;
    QVERIFY(watch.pass(100).empty());
    QCOMPARE(watch.find(openAlpha)->state, AlarmState::Active);
}

void AlarmEngineTest::anOperatorsOwnDoingIsNoAlarm()
{
    Watch watch;
    watch.snapshot.providers[0].enabled = false;
    watch.snapshot.providers[0].keyMissing = true;
    watch.snapshot.providers[1].draining = true;
    watch.snapshot.listener.state = ListenState::Draining;
    QVERIFY(watch.pass(100).empty());
    watch.snapshot.providers[0].enabled = true;
    watch.snapshot.providers[0].keyMissing = false;
    watch.snapshot.providers[0].breaker.mode = BreakerMode::ForcedOpen;
    for (const Alarm &alarm : watch.pass(100))
        QVERIFY2(alarm.rule != QLatin1String("provider_open"), qPrintable(alarm.id));
}

void AlarmEngineTest::flappingWithinItsWindowOnly()
{
    const QString flapping = QStringLiteral("flapping/alpha");
    Watch slow;
    for (int i = 0; i < 10; ++i) {
        ++slow.alpha().breaker.opened;
        slow.pass(301);
        QVERIFY(!slow.find(flapping));
    }
    Watch fast;
    for (int i = 0; i < 3; ++i) {
        QVERIFY(!fast.find(flapping));
        ++fast.alpha().breaker.opened;
        fast.pass(299);
    }
    QVERIFY(fast.find(flapping));
}

void AlarmEngineTest::aRemovedProvidersAlarmClears()
{
    Watch watch;
    open(watch.alpha());
    watch.pass(5);
    watch.snapshot.providers.erase(watch.snapshot.providers.begin());
    QVERIFY(watch.secondsUntil(openAlpha, AlarmState::Cleared, 10) > 0);
}

void AlarmEngineTest::acknowledgedClearsWithTheCondition()
{
    Watch watch;
    open(watch.alpha());
    watch.pass(5);
    const Result<Alarm> seen = watch.alarms.acknowledge(openAlpha, console);
    QVERIFY(seen);
    QCOMPARE(seen.value().state, AlarmState::Acknowledged);
    QVERIFY(watch.pass(100).empty());
    watch.alpha().breaker.state = BreakerState::Closed;
    QVERIFY(watch.secondsUntil(openAlpha, AlarmState::Cleared, 10) > 0);
    QVERIFY(!watch.find(openAlpha));
    open(watch.alpha());
    QVERIFY(watch.secondsUntil(openAlpha, AlarmState::Active, 10) > 0);
}

void AlarmEngineTest::unacknowledgedStaysListed()
{
    Watch watch;
    open(watch.alpha());
    watch.pass(5);
    watch.alpha().breaker.state = BreakerState::Closed;
    watch.pass(100);
    QCOMPARE(watch.find(openAlpha)->state, AlarmState::Cleared);
    QVERIFY(watch.alarms.acknowledge(openAlpha, console));
    QVERIFY(!watch.find(openAlpha));

    open(watch.alpha());
    watch.pass(5);
    watch.alpha().breaker.state = BreakerState::Closed;
    watch.pass(3000);
    QVERIFY(watch.find(openAlpha));
    watch.pass(700);
    QVERIFY(!watch.find(openAlpha));
}

void AlarmEngineTest::shelvedIsSilent()
{
    Watch watch;
    open(watch.alpha());
    watch.pass(5);
    const Result<Alarm> shelved = watch.alarms.shelve(openAlpha, 10min);
    QVERIFY(shelved);
    QCOMPARE(shelved.value().shelvedUntil, watch.snapshot.takenAt.addSecs(600));
    for (int i = 0; i < 4; ++i) {
        watch.alpha().breaker.state = i % 2 == 0 ? BreakerState::Closed : BreakerState::Open;
        QVERIFY(watch.pass(100).empty());
    }
    QVERIFY(!watch.alarms.acknowledge(openAlpha, console));
    QCOMPARE(watch.secondsUntil(openAlpha, AlarmState::Active, 300), 200);

    QVERIFY(watch.alarms.shelve(openAlpha, 10min));
    watch.alpha().breaker.state = BreakerState::Closed;
    watch.pass(20);
    const Result<Alarm> back = watch.alarms.unshelve(openAlpha);
    QVERIFY(back);
    QCOMPARE(back.value().state, AlarmState::Cleared);
    QVERIFY(!watch.find(openAlpha));
}

void AlarmEngineTest::unknownAlarmsAreRefused()
{
    Watch watch;
    QVERIFY(watch.alarms.acknowledge(openAlpha, console).error().reason.contains(openAlpha));
    QVERIFY(!watch.alarms.shelve(openAlpha, 1min));
    QVERIFY(!watch.alarms.unshelve(openAlpha));
    open(watch.alpha());
    watch.pass(1);
    QVERIFY(!watch.alarms.acknowledge(openAlpha, console));
    watch.pass(4);
    QVERIFY(!watch.alarms.shelve(openAlpha, 0ms));
    QVERIFY(!watch.alarms.unshelve(openAlpha));
}

void AlarmEngineTest::aFloodHasOneSummary()
{
    Watch watch;
    for (int i = 0; i < 20; ++i)
        watch.snapshot.providers.push_back(provider(QStringLiteral("p%1").arg(i)));
    watch.pass(3);
    std::for_each(watch.snapshot.providers.begin(), watch.snapshot.providers.end(), open);
    int announced = 0, grouped = 0, summaries = 0;
    for (const Alarm &alarm : watch.pass(30)) {
        summaries += alarm.rule == QLatin1String("flood") ? 1 : 0;
        ++(alarm.grouped ? grouped : announced);
    }
    QCOMPARE(summaries, 1);
    QCOMPARE(announced, 10); // nine, and the summary
    QCOMPARE(grouped, 24 - 9); // 23 providers and the route
    const Alarm *flood = watch.find(QStringLiteral("flood"));
    QCOMPARE(flood->priority, AlarmPriority::High);
    QVERIFY(flood->text.contains(QLatin1String("offline?")));
    for (ProviderSnapshot &entry : watch.snapshot.providers)
        entry.breaker.state = BreakerState::Closed;
    QVERIFY(watch.secondsUntil(QStringLiteral("flood"), AlarmState::Cleared, 700) > 0);
}

void AlarmEngineTest::tellsWhoAcknowledgedAndWhen()
{
    Watch watch;
    open(watch.alpha());
    watch.pass(5);
    QVERIFY(!watch.find(openAlpha)->acknowledgedAt.isValid());
    const Result<Alarm> seen = watch.alarms.acknowledge(openAlpha, console);
    QVERIFY(seen);
    const QDateTime at = watch.snapshot.takenAt;
    QCOMPARE(seen.value().acknowledgedAt, at);
    QCOMPARE(seen.value().acknowledgedBy, console);
    // The first has it in hand; a second says nothing new.
    watch.pass(60);
    QVERIFY(watch.alarms.acknowledge(openAlpha, QStringLiteral("ctl")));
    QCOMPARE(watch.find(openAlpha)->acknowledgedAt, at);
    QCOMPARE(watch.find(openAlpha)->acknowledgedBy, console);
    // It stays while it is shelved and ends when it waits for an answer again.
    QVERIFY(watch.alarms.shelve(openAlpha, 1min));
    QCOMPARE(watch.find(openAlpha)->acknowledgedBy, console);
    QCOMPARE(watch.secondsUntil(openAlpha, AlarmState::Active, 120), 60);
    QVERIFY(!watch.find(openAlpha)->acknowledgedAt.isValid());
    QVERIFY(watch.find(openAlpha)->acknowledgedBy.isEmpty());
    // The change that ends it tells who had it in hand.
    QVERIFY(watch.alarms.acknowledge(openAlpha, console));
    watch.alpha().breaker.state = BreakerState::Closed;
    const std::vector<Alarm> changes = watch.pass(10);
    QCOMPARE(changes.size(), std::size_t(1));
    QCOMPARE(changes.front().state, AlarmState::Cleared);
    QCOMPARE(changes.front().acknowledgedBy, console);
}

void AlarmEngineTest::countsHowOftenItWasRaised()
{
    Watch watch;
    const auto raiseAndClear = [&watch] {
        open(watch.alpha());
        watch.pass(5);
        watch.alpha().breaker.state = BreakerState::Closed;
        watch.pass(10);
    };
    raiseAndClear();
    const QDateTime first = watch.find(openAlpha)->since;
    QCOMPARE(watch.find(openAlpha)->count, 1);
    QCOMPARE(watch.find(openAlpha)->firstRaised, first);
    // Also when nothing of it was left in the list.
    QVERIFY(watch.alarms.acknowledge(openAlpha, console));
    QVERIFY(!watch.find(openAlpha));
    watch.pass(600);
    raiseAndClear();
    QCOMPARE(watch.find(openAlpha)->count, 2);
    QCOMPARE(watch.find(openAlpha)->firstRaised, first);
    // Silent is not unseen.
    open(watch.alpha());
    watch.pass(5);
    QVERIFY(watch.alarms.shelve(openAlpha, 10min));
    watch.alpha().breaker.state = BreakerState::Closed;
    watch.pass(10);
    open(watch.alpha());
    watch.pass(5);
    QCOMPARE(watch.find(openAlpha)->count, 4);
    watch.alpha().breaker.state = BreakerState::Closed;
    watch.pass(700);
    // After a week without, it is a new one.
    watch.leap(std::chrono::hours(24 * 7));
    QVERIFY(!watch.find(openAlpha));
    raiseAndClear();
    QCOMPARE(watch.find(openAlpha)->count, 1);
    QVERIFY(watch.find(openAlpha)->firstRaised > first.addDays(7));
}

void AlarmEngineTest::aSetWallClockChangesNothing_data()
{
    QTest::addColumn<std::chrono::seconds>("by");
    QTest::newRow("a day ahead") << std::chrono::seconds(24h);
    QTest::newRow("a day back") << std::chrono::seconds(-24h);
    QTest::newRow("an hour ahead") << std::chrono::seconds(1h);
    QTest::newRow("an hour back") << std::chrono::seconds(-1h);
}

/// One that is active, one acknowledged, one shelved, one cleared: all stay what they are, and as old as they are.
void AlarmEngineTest::aSetWallClockChangesNothing()
{
    QFETCH(const std::chrono::seconds, by);
    Watch watch;
    for (ProviderSnapshot &provider : watch.snapshot.providers)
        open(provider);
    watch.snapshot.recording.state = RecordingState::Stopped;
    watch.pass(30);
    const QString openBeta = QStringLiteral("provider_open/beta");
    const QString recording = QStringLiteral("recording_stopped");
    QVERIFY(watch.alarms.acknowledge(openAlpha, console));
    QVERIFY(watch.alarms.shelve(openBeta, 10min));
    watch.snapshot.recording.state = RecordingState::Recording;
    watch.pass(30);
    const std::vector<Alarm> before = watch.alarms.alarms();
    QVERIFY(watch.find(openAlpha)->state == AlarmState::Acknowledged);
    QVERIFY(watch.find(openBeta)->state == AlarmState::Shelved);
    QVERIFY(watch.find(recording)->state == AlarmState::Cleared);
    const auto ages = [&watch](const Alarm &alarm) {
        const QDateTime now = watch.snapshot.takenAt;
        return std::vector<qint64> { alarm.since.secsTo(now), alarm.changed.secsTo(now), alarm.firstRaised.secsTo(now),
                                     alarm.shelvedUntil.isValid() ? alarm.shelvedUntil.secsTo(now) : 0,
                                     alarm.acknowledgedAt.isValid() ? alarm.acknowledgedAt.secsTo(now) : 0 };
    };
    std::vector<std::vector<qint64>> agesBefore;
    std::transform(before.begin(), before.end(), std::back_inserter(agesBefore), ages);

    for (const std::chrono::seconds step : { by, -by }) {
        watch.setWallClock(step);
        QVERIFY(watch.pass(20).empty());
        const std::vector<Alarm> after = watch.alarms.alarms();
        QCOMPARE(after.size(), before.size());
        for (std::size_t i = 0; i < after.size(); ++i) {
            QCOMPARE(after[i].id, before[i].id);
            QVERIFY(after[i].state == before[i].state);
            QCOMPARE(after[i].count, before[i].count);
            std::vector<qint64> expected = agesBefore[i];
            for (std::size_t which = 0; which < expected.size(); ++which)
                expected[which] += expected[which] == 0 ? 0 : step == by ? 20 : 40;
            QCOMPARE(ages(after[i]), expected);
        }
    }
    // The shelf ends when its ten minutes are over, whatever the clock on the wall said meanwhile.
    QVERIFY(watch.pass(500).empty());
    const std::vector<Alarm> ended = watch.pass(100);
    QCOMPARE(ended.size(), std::size_t(1));
    QCOMPARE(ended.front().id, openBeta);
    QVERIFY(ended.front().state == AlarmState::Active);
}

/// Set in the middle of the seconds that a condition is waited for, and of those that its end is.
void AlarmEngineTest::aSetWallClockDelaysNoAlarm()
{
    QFETCH(const std::chrono::seconds, by);
    const auto seconds = [](std::chrono::seconds step) {
        Watch watch;
        watch.snapshot.listener.state = ListenState::Stopped;
        watch.snapshot.recording.state = RecordingState::Stopped;
        std::vector<int> found;
        const QString id = QStringLiteral("recording_stopped");
        watch.pass(1);
        watch.setWallClock(step);
        found.push_back(watch.secondsUntil(id, AlarmState::Active, 60));
        watch.snapshot.recording.state = RecordingState::Recording;
        watch.pass(1);
        watch.setWallClock(step);
        found.push_back(watch.secondsUntil(id, AlarmState::Cleared, 60));
        return found;
    };
    const std::vector<int> expected = seconds(0s);
    QVERIFY(expected[0] > 0 && expected[1] > 0);
    QCOMPARE(seconds(by), expected);
}

QTEST_GUILESS_MAIN(AlarmEngineTest)
#include "tst_alarmengine.moc"
