// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/providermodel.h"

#include <QAbstractItemModelTester>
#include <QItemSelectionModel>
#include <QLocale>
#include <QSignalSpy>
#include <QTest>

using namespace signalbox;

namespace {

using Edit = std::function<void(EngineSnapshot &)>;

EngineSnapshotPtr snapshotOf(const QStringList &names, const Edit &edit = {})
{
    EngineSnapshot snapshot;
    snapshot.takenAt = QDateTime(QDate(2026, 3, 1), QTime(12, 0), Qt::UTC);
    for (const QString &name : names) {
        ProviderSnapshot provider;
        provider.name = name;
        snapshot.providers.push_back(provider);
    }
    if (edit)
        edit(snapshot);
    return std::make_shared<const EngineSnapshot>(std::move(snapshot));
}

QStringList namesOf(const ProviderModel &model)
{
    QStringList names;
    for (int row = 0; row < model.rowCount(); ++row)
        names.append(model.index(row, ProviderModel::NameColumn).data().toString());
    return names;
}

QStringList words(const char *text)
{
    return QString::fromLatin1(text).split(QLatin1Char(' '), Qt::SkipEmptyParts);
}

} // namespace

class TestProviderModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); }
    void showsDashesWithoutTraffic();
    void announcesOnlyCellsThatChanged();
    void staysQuietWhenNothingChanged();
    void selectionStaysWithItsProvider_data();
    void selectionStaysWithItsProvider();
    void greysWithoutBlankingWhenStale();
    void speaksEveryCell();
};

void TestProviderModel::showsDashesWithoutTraffic()
{
    ProviderModel model;
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setSnapshot(snapshotOf({ QStringLiteral("alpha") }));
    const auto text = [&model](int column) { return model.index(0, column).data().toString(); };
    for (const int column : { ProviderModel::ScoreColumn, ProviderModel::FirstByteP50Column,
                              ProviderModel::AnswerP95Column, ProviderModel::SuccessColumn })
        QCOMPARE(text(column), QStringLiteral("–"));
    QCOMPARE(text(ProviderModel::StateColumn), QStringLiteral("No requests"));
    QCOMPARE(text(ProviderModel::InFlightColumn), QStringLiteral("0"));
}

void TestProviderModel::announcesOnlyCellsThatChanged()
{
    ProviderModel model;
    model.setSnapshot(snapshotOf(words("a b c")));
    QSignalSpy changes(&model, &QAbstractItemModel::dataChanged);
    model.setSnapshot(snapshotOf(words("a b c"), [](EngineSnapshot &snapshot) { snapshot.providers[1].inFlight = 4; }));
    QCOMPARE(changes.size(), 1);
    QCOMPARE(changes[0][0].toModelIndex(), model.index(1, ProviderModel::InFlightColumn));
    QCOMPARE(changes[0][1].toModelIndex(), model.index(1, ProviderModel::InFlightColumn));
}

void TestProviderModel::staysQuietWhenNothingChanged()
{
    ProviderModel model;
    model.setSnapshot(snapshotOf(words("a b")));
    QSignalSpy changes(&model, &QAbstractItemModel::dataChanged);
    QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
    model.setSnapshot(snapshotOf(words("a b"), [](EngineSnapshot &snapshot) { snapshot.sequence = 7; }));
    QCOMPARE(changes.size(), 0);
    QCOMPARE(resets.size(), 0);
}

void TestProviderModel::selectionStaysWithItsProvider_data()
{
    QTest::addColumn<QStringList>("before");
    QTest::addColumn<QStringList>("after");
    QTest::addColumn<int>("row");
    QTest::newRow("removed above") << words("a b sel c") << words("b sel c") << 1;
    QTest::newRow("added above") << words("a sel") << words("a new1 new2 sel") << 3;
    QTest::newRow("moved up") << words("a b sel") << words("sel a b") << 0;
    QTest::newRow("moved down") << words("sel a b") << words("a b sel") << 2;
    QTest::newRow("all at once") << words("a b sel c d") << words("d x sel a") << 2;
    QTest::newRow("gone") << words("a sel b") << words("a b") << -1;
}

void TestProviderModel::selectionStaysWithItsProvider()
{
    QFETCH(const QStringList, before);
    QFETCH(const QStringList, after);
    QFETCH(const int, row);
    ProviderModel model;
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    QItemSelectionModel selection(&model);
    model.setSnapshot(snapshotOf(before));
    selection.select(model.index(model.rowOf(QStringLiteral("sel")), 0),
                     QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    model.setSnapshot(snapshotOf(after));
    QCOMPARE(namesOf(model), after);
    const QModelIndexList rows = selection.selectedRows();
    QCOMPARE(rows.isEmpty() ? -1 : rows.first().row(), row);
    if (row >= 0)
        QCOMPARE(model.provider(row)->name, QStringLiteral("sel"));
}

void TestProviderModel::greysWithoutBlankingWhenStale()
{
    ProviderModel model;
    model.setSnapshot(snapshotOf(words("a")));
    const QModelIndex cell = model.index(0, ProviderModel::InFlightColumn);
    QVERIFY(!cell.data(ProviderModel::StaleRole).toBool());
    model.setStale(true);
    QVERIFY(cell.data(ProviderModel::StaleRole).toBool());
    QCOMPARE(cell.data().toString(), QStringLiteral("0"));
    QVERIFY(model.index(0, 0).data(Qt::AccessibleTextRole).toString().startsWith(QStringLiteral("out of date: a")));
}

void TestProviderModel::speaksEveryCell()
{
    ProviderModel model;
    model.setSnapshot(snapshotOf(words("a")));
    for (int column = 0; column < ProviderModel::ColumnCount; ++column) {
        QVERIFY(!model.index(0, column).data(Qt::AccessibleTextRole).toString().isEmpty());
        QVERIFY(!model.headerData(column, Qt::Horizontal).toString().isEmpty());
    }
    QCOMPARE(model.index(0, ProviderModel::AnswerP95Column).data(Qt::AccessibleTextRole).toString(),
             QStringLiteral("Answer p95: no value"));
}

QTEST_GUILESS_MAIN(TestProviderModel)
#include "tst_providermodel.moc"
