// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/providermodel.h"
#include "ui/models/providerorder.h"

#include <QAbstractItemModelTester>
#include <QPersistentModelIndex>
#include <QTest>

using namespace signalbox;

namespace {

ProviderSnapshot provider(const char *name, BreakerState state = BreakerState::Closed, double score = 95,
                          std::uint64_t calls = 100)
{
    ProviderSnapshot made;
    made.name = QString::fromLatin1(name);
    made.breaker.state = state;
    made.breaker.calls = 30;
    made.score.value = score;
    made.score.label = score < 80 ? HealthLabel::Degraded : HealthLabel::Healthy;
    made.recentCalls = calls;
    return made;
}

EngineSnapshotPtr snapshotOf(std::vector<ProviderSnapshot> providers)
{
    EngineSnapshot snapshot;
    snapshot.takenAt = QDateTime(QDate(2026, 3, 1), QTime(12, 0), Qt::UTC);
    snapshot.providers = std::move(providers);
    return std::make_shared<const EngineSnapshot>(std::move(snapshot));
}

QString namesOf(const ProviderOrder &order)
{
    QStringList names;
    for (int row = 0; row < order.rowCount(); ++row)
        names.append(order.provider(row)->name);
    return names.join(QLatin1Char(' '));
}

std::vector<ProviderSnapshot> five()
{
    ProviderSnapshot drained = provider("drained");
    drained.draining = true;
    return { provider("well", BreakerState::Closed, 99, 10), drained,
             provider("degraded", BreakerState::Closed, 60, 50), provider("probing", BreakerState::HalfOpen, 40, 20),
             provider("open", BreakerState::Open, 20, 40) };
}

} // namespace

class TestProviderOrder : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void ordersBy_data();
    void ordersBy();
    void movesOnlyWhenToldTo();
    void keepsAnIndexWithItsProvider();
};

void TestProviderOrder::ordersBy_data()
{
    using Order = ProviderOrder::Order;
    QTest::addColumn<Order>("order");
    QTest::addColumn<QString>("names");
    QTest::newRow("worst first") << Order::WorstFirst << QStringLiteral("open probing degraded drained well");
    QTest::newRow("failover") << Order::Failover << QStringLiteral("well drained degraded probing open");
    QTest::newRow("name") << Order::Name << QStringLiteral("degraded drained open probing well");
}

void TestProviderOrder::ordersBy()
{
    QFETCH(const ProviderOrder::Order, order);
    QFETCH(const QString, names);
    ProviderModel model;
    ProviderOrder sorted(model);
    const QAbstractItemModelTester tester(&sorted, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setSnapshot(snapshotOf(five()));
    sorted.setOrder(order);
    QCOMPARE(namesOf(sorted), names);
    QVERIFY(sorted.isSorted());
}

void TestProviderOrder::movesOnlyWhenToldTo()
{
    ProviderModel model;
    ProviderOrder sorted(model);
    const QAbstractItemModelTester tester(&sorted, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setSnapshot(snapshotOf({ provider("a"), provider("b") }));
    sorted.sortNow();
    QCOMPARE(namesOf(sorted), QStringLiteral("a b"));
    model.setSnapshot(snapshotOf({ provider("a"), provider("b", BreakerState::Open, 10) }));
    QCOMPARE(namesOf(sorted), QStringLiteral("a b"));
    QVERIFY(!sorted.isSorted());
    sorted.sortNow();
    QCOMPARE(namesOf(sorted), QStringLiteral("b a"));
    QVERIFY(sorted.isSorted());
}

void TestProviderOrder::keepsAnIndexWithItsProvider()
{
    ProviderModel model;
    ProviderOrder sorted(model);
    model.setSnapshot(snapshotOf({ provider("a"), provider("b") }));
    sorted.sortNow();
    const QPersistentModelIndex b = sorted.index(1, 0);
    model.setSnapshot(snapshotOf({ provider("a"), provider("b", BreakerState::Open, 10) }));
    sorted.sortNow();
    QCOMPARE(b.row(), 0);
    QCOMPARE(sorted.rowOf(QStringLiteral("b")), 0);
}

QTEST_GUILESS_MAIN(TestProviderOrder)
#include "tst_providerorder.moc"
