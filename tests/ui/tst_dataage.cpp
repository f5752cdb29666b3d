// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/dataage.h"

#include <QSignalSpy>
#include <QTest>

using namespace signalbox;
using namespace std::chrono_literals;

class TestDataAge : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isStaleAfterFiveSecondsWithoutData();
    void recoversWithTheNextData();
};

void TestDataAge::isStaleAfterFiveSecondsWithoutData()
{
    std::chrono::milliseconds now { 100 };
    DataAge age([&now] { return now; });
    QSignalSpy changes(&age, &DataAge::staleChanged);
    now += 5000ms;
    age.check();
    QVERIFY(!age.isStale());
    now += 1ms;
    age.check();
    age.check();
    QVERIFY(age.isStale());
    QCOMPARE(age.age(), std::chrono::milliseconds(5001));
    QCOMPARE(changes.size(), 1);
}

void TestDataAge::recoversWithTheNextData()
{
    std::chrono::milliseconds now { 0 };
    DataAge age([&now] { return now; });
    now = 10s;
    age.check();
    QSignalSpy changes(&age, &DataAge::staleChanged);
    age.noteData();
    QVERIFY(!age.isStale());
    QCOMPARE(age.age(), std::chrono::milliseconds(0));
    QCOMPARE(changes.size(), 1);
}

QTEST_GUILESS_MAIN(TestDataAge)
#include "tst_dataage.moc"
