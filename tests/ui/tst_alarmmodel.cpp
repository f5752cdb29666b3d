// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/alarmmodel.h"
#include "ui/models/alarmwords.h"
#include "ui/models/eventmodel.h"
#include "ui/models/eventwords.h"

#include <QAbstractItemModelTester>
#include <QLocale>
#include <QPersistentModelIndex>
#include <QTest>

using namespace signalbox;

namespace {

const QDateTime noon(QDate(2026, 3, 1), QTime(12, 0), Qt::UTC);

Alarm alarmOf(const char *rule, const char *subject, AlarmPriority priority, AlarmState state, int secondsAgo)
{
    Alarm alarm;
    alarm.rule = QString::fromLatin1(rule);
    alarm.subject = QString::fromLatin1(subject);
    alarm.id = QStringLiteral("%1/%2").arg(alarm.rule, alarm.subject);
    alarm.priority = priority;
    alarm.state = state;
    alarm.text = QStringLiteral("%1 is not well.").arg(alarm.subject);
    alarm.since = noon.addSecs(-secondsAgo);
    alarm.changed = alarm.since;
    return alarm;
}

EngineSnapshot snapshotOf(std::vector<Alarm> alarms)
{
    EngineSnapshot snapshot;
    snapshot.takenAt = noon;
    snapshot.alarms = std::move(alarms);
    for (const char *name : { "alpha", "beta" }) {
        ProviderSnapshot provider;
        provider.name = QString::fromLatin1(name);
        snapshot.providers.push_back(provider);
    }
    return snapshot;
}

QString subjects(const AlarmModel &model)
{
    QStringList names;
    for (int row = 0; row < model.rowCount(); ++row)
        names.append(model.alarm(row)->subject);
    return names.join(QLatin1Char(' '));
}

QString cell(const QAbstractItemModel &model, int row, int column)
{
    return model.index(row, column).data().toString().replace(QChar(0x202F), QLatin1Char(' '));
}

StateEvent eventOf(std::uint64_t sequence, StateEvent::Kind kind, const char *provider)
{
    StateEvent event;
    event.sequence = sequence;
    event.kind = kind;
    event.at = noon.addSecs(static_cast<qint64>(sequence));
    event.provider = QString::fromLatin1(provider);
    event.before = QStringLiteral("CLOSED");
    event.after = QStringLiteral("OPEN");
    event.reason = QStringLiteral("Five failures in a row.");
    return event;
}

QString sequences(const EventModel &model)
{
    QStringList numbers;
    for (int row = 0; row < model.rowCount(); ++row)
        numbers.append(QString::number(model.eventAt(row)->sequence));
    return numbers.join(QLatin1Char(' '));
}

} // namespace

class TestAlarmModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); }
    void putsFirstWhatWaitsForAnAnswer();
    void keepsARowWithItsAlarm();
    void saysEveryState();
    void tellsHowLongItTook();
    void knowsWhatToDo();
    void journalTakesPagesInAnyOrder();
    void journalForgetsTheOldest();
    void journalFilters();
    void showsWhatChanged();
};

void TestAlarmModel::putsFirstWhatWaitsForAnAnswer()
{
    AlarmModel model;
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setSnapshot(
        snapshotOf({ alarmOf("flapping", "shelved", AlarmPriority::High, AlarmState::Shelved, 10),
                     alarmOf("flapping", "acknowledged", AlarmPriority::High, AlarmState::Acknowledged, 10),
                     alarmOf("flapping", "cleared", AlarmPriority::High, AlarmState::Cleared, 10),
                     alarmOf("flapping", "low", AlarmPriority::Low, AlarmState::Active, 10),
                     alarmOf("flapping", "older", AlarmPriority::High, AlarmState::Active, 30),
                     alarmOf("flapping", "newer", AlarmPriority::High, AlarmState::Active, 20) }));
    QCOMPARE(subjects(model), QStringLiteral("newer older low cleared acknowledged shelved"));
}

void TestAlarmModel::keepsARowWithItsAlarm()
{
    AlarmModel model;
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    const Alarm a = alarmOf("flapping", "alpha", AlarmPriority::Low, AlarmState::Active, 60);
    Alarm b = alarmOf("provider_open", "beta", AlarmPriority::Medium, AlarmState::Active, 30);
    const Alarm c = alarmOf("provider_open", "gamma", AlarmPriority::Medium, AlarmState::Active, 20);
    model.setSnapshot(snapshotOf({ a, b }));
    const QPersistentModelIndex kept(model.index(model.rowOf(b.id), 0));
    QCOMPARE(kept.row(), 0);
    b.state = AlarmState::Acknowledged;
    model.setSnapshot(snapshotOf({ c, a, b }));
    QCOMPARE(subjects(model), QStringLiteral("gamma alpha beta"));
    QCOMPARE(kept.row(), 2);
    model.setSnapshot(snapshotOf({ b }));
    QCOMPARE(kept.row(), 0);
    model.setSnapshot(snapshotOf({}));
    QVERIFY(!kept.isValid());
}

void TestAlarmModel::saysEveryState()
{
    AlarmModel model;
    Alarm shelved = alarmOf("flapping", "d", AlarmPriority::Low, AlarmState::Shelved, 60);
    shelved.shelvedUntil = noon.addSecs(900);
    EngineSnapshot snapshot =
        snapshotOf({ alarmOf("flapping", "a", AlarmPriority::High, AlarmState::Active, 60),
                     alarmOf("flapping", "b", AlarmPriority::High, AlarmState::Acknowledged, 60),
                     alarmOf("flapping", "c", AlarmPriority::High, AlarmState::Cleared, 60), shelved,
                     alarmOf("flapping", "alpha", AlarmPriority::High, AlarmState::Active, 60) });
    snapshot.providers[0].enabled = false;
    model.setSnapshot(snapshot);
    QStringList words;
    QSet<int> shapes;
    for (int row = 0; row < model.rowCount(); ++row) {
        words.append(cell(model, row, AlarmModel::StateColumn).section(QLatin1Char(' '), 0, 0));
        shapes.insert(model.index(row, AlarmModel::StateColumn).data(AlarmModel::LampRole).toInt());
    }
    words.sort();
    QCOMPARE(words.join(QLatin1Char(' ')), QStringLiteral("Acknowledged Active Cleared Shelved Suppressed"));
    QCOMPARE(shapes.size(), 5); // no state has another's shape
}

void TestAlarmModel::tellsHowLongItTook()
{
    AlarmModel model;
    Alarm cleared = alarmOf("flapping", "a", AlarmPriority::Low, AlarmState::Cleared, 600);
    cleared.changed = noon.addSecs(-540);
    Alarm acknowledged = alarmOf("flapping", "b", AlarmPriority::Low, AlarmState::Acknowledged, 600);
    acknowledged.acknowledgedAt = noon.addSecs(-120);
    acknowledged.acknowledgedBy = QStringLiteral("ctl");
    acknowledged.count = 12;
    model.setSnapshot(snapshotOf({ cleared, acknowledged }));
    QVERIFY(cell(model, 0, AlarmModel::SinceColumn).endsWith(QStringLiteral("· 60 s")));
    QVERIFY(cell(model, 1, AlarmModel::SinceColumn).endsWith(QStringLiteral("· 10 min")));
    const QString by = cell(model, 1, AlarmModel::AcknowledgedColumn);
    QVERIFY2(by.startsWith(QStringLiteral("signalboxctl · ")) && by.endsWith(QStringLiteral("· 2 min ago")),
             qPrintable(by));
    QCOMPARE(cell(model, 0, AlarmModel::AcknowledgedColumn), QStringLiteral("–"));
    QCOMPARE(cell(model, 0, AlarmModel::CountColumn), QStringLiteral("1"));
    QCOMPARE(cell(model, 1, AlarmModel::CountColumn), QStringLiteral("12"));
}

void TestAlarmModel::knowsWhatToDo()
{
    for (const char *rule :
         { "route_down", "port_lost", "route_without_fallback", "provider_open", "auth_failing", "recording_stopped",
           "events_dropped", "certificate_expiry", "flapping", "throttled_long", "degraded_score", "flood" })
        QVERIFY2(!whatToDo(QString::fromLatin1(rule)).isEmpty(), rule);
    QVERIFY(whatToDo(QStringLiteral("some_new_rule")).isEmpty());
}

void TestAlarmModel::journalTakesPagesInAnyOrder()
{
    EventModel model;
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    const auto breaker = [](std::uint64_t sequence) { return eventOf(sequence, StateEvent::Kind::Breaker, "alpha"); };
    model.add({ breaker(5), breaker(7), breaker(6) });
    model.add({ breaker(8) });
    model.add({ breaker(3), breaker(4), breaker(5) });
    model.add({ breaker(9), breaker(8), breaker(2) });
    QCOMPARE(sequences(model), QStringLiteral("9 8 7 6 5 4 3 2"));
}

void TestAlarmModel::journalForgetsTheOldest()
{
    EventModel model(3);
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    for (std::uint64_t sequence = 10; sequence < 15; ++sequence)
        model.add({ eventOf(sequence, StateEvent::Kind::Breaker, "alpha") });
    QCOMPARE(sequences(model), QStringLiteral("14 13 12"));
    model.add({ eventOf(2, StateEvent::Kind::Breaker, "alpha") });
    QCOMPARE(sequences(model), QStringLiteral("14 13 12"));
    QVERIFY(model.isFull());
}

void TestAlarmModel::journalFilters()
{
    EventModel model;
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.add({ eventOf(1, StateEvent::Kind::Breaker, "alpha"), eventOf(2, StateEvent::Kind::Command, "beta"),
                eventOf(3, StateEvent::Kind::Breaker, "beta") });
    EventChoice choice;
    choice.kind = StateEvent::Kind::Breaker;
    model.setChoice(choice);
    QCOMPARE(sequences(model), QStringLiteral("3 1"));
    choice.provider = QStringLiteral("beta");
    model.setChoice(choice);
    QCOMPARE(sequences(model), QStringLiteral("3"));
    model.add({ eventOf(4, StateEvent::Kind::Breaker, "beta"), eventOf(5, StateEvent::Kind::Command, "beta") });
    QCOMPARE(sequences(model), QStringLiteral("4 3"));
    model.setChoice({ std::nullopt, {}, QStringLiteral("COMMAND") });
    QCOMPARE(sequences(model), QStringLiteral("5 2"));
}

void TestAlarmModel::showsWhatChanged()
{
    StateEvent event = eventOf(1, StateEvent::Kind::Config, "");
    QCOMPARE(changeText(event), QStringLiteral("CLOSED → OPEN"));
    event.before = QStringLiteral("threshold 5, timeout 60 s, window 60 s, minimum calls 20");
    event.after = QStringLiteral("threshold 7, timeout 60 s, window 60 s, minimum calls 20");
    QCOMPARE(changeText(event), QStringLiteral("5 → 7"));
    const std::vector<DiffPart> parts = diffWords(event.before, event.after);
    QCOMPARE(parts.size(), std::size_t(4));
    QCOMPARE(parts[0].text, QStringLiteral("threshold "));
    QVERIFY((parts[1] == DiffPart { DiffPart::Kind::Removed, QStringLiteral("5") }));
    QVERIFY((parts[2] == DiffPart { DiffPart::Kind::Added, QStringLiteral("7") }));
    event.before = QStringLiteral("<script>1</script>");
    event.after = QStringLiteral("<script>2</script>");
    QVERIFY(!changeHtml(event).contains(QStringLiteral("<script>")));
    event.before.clear();
    QCOMPARE(changeText(event), event.after);
}

QTEST_GUILESS_MAIN(TestAlarmModel)
#include "tst_alarmmodel.moc"
