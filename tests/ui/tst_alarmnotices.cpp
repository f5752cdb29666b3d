// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/alarmnotices.h"

#include <QTest>

using namespace signalbox;
using namespace std::chrono_literals;

namespace {

Alarm alarm(const char *id, AlarmPriority priority = AlarmPriority::Medium)
{
    Alarm made;
    made.id = QString::fromLatin1(id);
    made.priority = priority;
    made.text = QStringLiteral("text of ") + made.id;
    return made;
}

} // namespace

class TestAlarmNotices : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void tellsOfANewAlarmOnce();
    void staysSilent_data();
    void staysSilent();
    void tellsTheGravestAndCountsTheOthers();
    void waitsThirtySecondsBetweenNotices();
    void tellsAgainAfterAnAlarmWasOver();
    void isQuietAfterTheMachineWokeUp();

private:
    std::optional<Notice> ask(const std::vector<Alarm> &alarms, bool lookedAt = false)
    {
        return m_notices->next(alarms, lookedAt, m_wall);
    }
    void pass(std::chrono::seconds time)
    {
        m_now += time;
        m_wall = m_wall.addSecs(time.count());
    }

    std::chrono::milliseconds m_now { 0 };
    QDateTime m_wall;
    std::unique_ptr<AlarmNotices> m_notices;
};

void TestAlarmNotices::init()
{
    m_now = 1h;
    m_wall = QDateTime(QDate(2026, 3, 1), QTime(12, 0), Qt::UTC);
    m_notices = std::make_unique<AlarmNotices>([this] { return m_now; });
}

void TestAlarmNotices::tellsOfANewAlarmOnce()
{
    const auto notice = ask({ alarm("a", AlarmPriority::High) });
    QVERIFY(notice);
    QCOMPARE(notice->alarmId, QStringLiteral("a"));
    QCOMPARE(notice->text, QStringLiteral("text of a"));
    QCOMPARE(notice->others, 0);
    pass(5min);
    QVERIFY(!ask({ alarm("a", AlarmPriority::High) }));
}

void TestAlarmNotices::staysSilent_data()
{
    QTest::addColumn<Alarm>("alarm");
    QTest::addColumn<bool>("lookedAt");
    QTest::newRow("low priority") << alarm("a", AlarmPriority::Low) << false;
    QTest::newRow("somebody looks") << alarm("a") << true;
    Alarm acknowledged = alarm("a");
    acknowledged.state = AlarmState::Acknowledged;
    QTest::newRow("acknowledged") << acknowledged << false;
    Alarm grouped = alarm("a");
    grouped.grouped = true;
    QTest::newRow("one of a flood") << grouped << false;
}

void TestAlarmNotices::staysSilent()
{
    QFETCH(const Alarm, alarm);
    QFETCH(const bool, lookedAt);
    QVERIFY(!ask({ alarm }, lookedAt));
    // And not later either, when the operator has seen it and turned away.
    pass(2min);
    QVERIFY(!ask({ alarm }));
}

void TestAlarmNotices::tellsTheGravestAndCountsTheOthers()
{
    const auto notice = ask({ alarm("a"), alarm("b", AlarmPriority::High), alarm("c") });
    QVERIFY(notice);
    QCOMPARE(notice->alarmId, QStringLiteral("b"));
    QCOMPARE(notice->priority, AlarmPriority::High);
    QCOMPARE(notice->others, 2);
}

void TestAlarmNotices::waitsThirtySecondsBetweenNotices()
{
    QVERIFY(ask({ alarm("a") }));
    pass(10s);
    const std::vector<Alarm> five { alarm("a"), alarm("b"), alarm("c"), alarm("d"), alarm("e"), alarm("f") };
    QVERIFY(!ask(five));
    pass(19s);
    QVERIFY(!ask(five));
    pass(1s);
    const auto notice = ask(five);
    QVERIFY(notice);
    QCOMPARE(notice->alarmId, QStringLiteral("b"));
    QCOMPARE(notice->others, 4);
}

void TestAlarmNotices::tellsAgainAfterAnAlarmWasOver()
{
    QVERIFY(ask({ alarm("a") }));
    pass(1min);
    QVERIFY(!ask({}));
    pass(1min);
    QVERIFY(ask({ alarm("a") }));
}

void TestAlarmNotices::isQuietAfterTheMachineWokeUp()
{
    QVERIFY(!ask({}));
    m_wall = m_wall.addSecs(3600); // the monotonic clock slept too
    m_now += 1s;
    QVERIFY(!ask({ alarm("a"), alarm("b") }));
    pass(29s);
    QVERIFY(!ask({ alarm("a"), alarm("b") }));
    pass(1s);
    const auto notice = ask({ alarm("b") }); // a is over by now
    QVERIFY(notice);
    QCOMPARE(notice->alarmId, QStringLiteral("b"));
    QCOMPARE(notice->others, 0);
}

QTEST_GUILESS_MAIN(TestAlarmNotices)
#include "tst_alarmnotices.moc"
