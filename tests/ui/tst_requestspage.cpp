// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fakeprovider.h"
#include "tests/support/providerscripts.h"
#include "tests/ui/pageundertest.h"
#include "tests/ui/requestsamples.h"
#include "ui/requests/filteredit.h"
#include "ui/requests/requestspage.h"
#include "ui/requests/requesttable.h"
#include "ui/requests/savedfilters.h"
#include "ui/style/chip.h"

#include <QAbstractItemModelTester>
#include <QClipboard>
#include <QFileDialog>
#include <QGuiApplication>
#include <QHeaderView>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLineEdit>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTabWidget>
#include <QTcpServer>
#include <QTcpSocket>
#include <QToolButton>
#include <QTreeWidget>

#include <chrono>
#include <ctime>
#include <utility>

using namespace signalbox;
using namespace std::chrono_literals;

namespace {

using Requests = PageUnderTest<RequestsPage>;

const QByteArray secret = "sk-test-0123456789abcdef";

/// JSON is easier to read with ' for ".
QByteArray quoted(QByteArray text)
{
    return text.replace('\'', '"');
}

/// One provider at that port; the proxy asks for a token.
QByteArray configFor(quint16 port)
{
    return quoted("{'version':1,'proxy':{'port':0,'token':'" + secret +
                  "'},'health':{'intervalMs':3600000},'providers':[{'name':'slow','dialect':'openai',"
                  "'baseUrl':'http://127.0.0.1:" +
                  QByteArray::number(port) + "/v1','key':null}]}");
}

QByteArray chatRequest()
{
    const QByteArray body = quoted("{'model':'gpt-5','messages':[{'role':'user','content':'hi'}]}");
    return "POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " + secret +
        "\r\nContent-Type: application/json\r\nContent-Length: " + QByteArray::number(body.size()) + "\r\n\r\n" + body;
}

RequestTable *tableOf(const Requests &test)
{
    return test.find<RequestTable>("requests");
}

QString topNumber(const RequestTable *table)
{
    return table->model()->index(table->indexAt({ 1, 1 }).row(), RequestModel::NumberColumn).data().toString();
}

QString selectedNumber(const RequestTable *table)
{
    return table->model()->index(table->selectedRow(), RequestModel::NumberColumn).data().toString();
}

/// Work of this thread: a machine that is busy with something else does not count.
std::chrono::nanoseconds threadTime()
{
    timespec time {};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

} // namespace

class TestRequestsPage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init() { QSettings().clear(); }
    void followsAndYields();
    void keepsThePlaceWhileOthersComeAndGo();
    void showsTheTrafficOfARealEngine();
    void freezesWhileRequestsPass();
    void keepsStillWhereAnAnswerComesLate();
    void showsHealthChecksOnRequest();
    void explainsABadTerm();
    void filtersByChip();
    void filtersByKeyboardAlone();
    void givesTheListThePageUntilOneIsChosen();
    void saysWhenNothingMatches();
    void completesKeysAndValues();
    void savesFilters();
    void showsAStretchOfTime();
    void exportsWhatIsShown_data();
    void exportsWhatIsShown();
    void copiesWithoutSecrets();
    void swapsAllTabsAtOnce();
    void cancelsARequestInFlight();
    void keepsItsColumns();
    void staysResponsiveWithManyRequests();

private:
    QTemporaryDir m_settings;
};

void TestRequestsPage::initTestCase()
{
    QCoreApplication::setOrganizationName(QStringLiteral("signalbox-test"));
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, m_settings.path());
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    QCoreApplication::setAttribute(Qt::AA_DontUseNativeDialogs);
}

void TestRequestsPage::followsAndYields()
{
    Requests test;
    RequestTable *table = tableOf(test);
    QScrollBar *bar = table->verticalScrollBar();
    test.console().requests().add(sampleRequests(1, 200));
    QVERIFY(table->isFollowing());
    QCOMPARE(bar->value(), bar->maximum());
    test.console().requests().add(sampleRequests(201, 220));
    QCOMPARE(bar->value(), bar->maximum());
    auto *newest = test.find<QToolButton>("showNewest");
    QVERIFY(!newest->isVisible());

    bar->triggerAction(QScrollBar::SliderPageStepSub);
    QVERIFY(!table->isFollowing());
    const QString top = topNumber(table);
    test.console().requests().add(sampleRequests(221, 363));
    QCOMPARE(topNumber(table), top);
    QVERIFY(newest->isVisible());
    QCOMPARE(newest->text(), QStringLiteral("▼ 143 new"));

    table->setFocus();
    test.press(Qt::Key_End);
    QVERIFY(table->isFollowing());
    QCOMPARE(bar->value(), bar->maximum());
    QVERIFY(!newest->isVisible());

    table->selectRequest(table->model()->rowCount() - 1); // a selection yields too
    QVERIFY(!table->isFollowing());
    test.console().requests().add(sampleRequests(364, 380));
    QTest::mouseClick(newest, Qt::LeftButton);
    QVERIFY(table->isFollowing());
    QCOMPARE(bar->value(), bar->maximum());
    QCOMPARE(selectedNumber(table), QStringLiteral("363"));
}

void TestRequestsPage::keepsThePlaceWhileOthersComeAndGo()
{
    const Appearance appearance(Appearance::Scheme::Light);
    RequestModel model(300);
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    RequestTable table(model, appearance);
    table.resize(900, 300);
    table.show();
    model.add(sampleRequests(1001, 1300));
    table.selectRequest(150);
    table.scrollTo(model.index(145, 0), QAbstractItemView::PositionAtTop);
    const QString top = topNumber(&table);
    QCOMPARE(selectedNumber(&table), QStringLiteral("1151"));
    model.add(sampleRequests(1301, 1350)); // the oldest 50 go
    QCOMPARE(topNumber(&table), top);
    QCOMPARE(selectedNumber(&table), QStringLiteral("1151"));
    model.addOlder(sampleRequests(901, 1050), false);
    QCOMPARE(topNumber(&table), top);
    QCOMPARE(selectedNumber(&table), QStringLiteral("1151"));
    model.setFilter(Filter::parse(QStringLiteral("outcome:failed")).value());
    QCOMPARE(table.selectedRow(), -1); // 1151 was no failure
    model.setFilter({});
    QCOMPARE(selectedNumber(&table), QStringLiteral("1151"));
}

void TestRequestsPage::showsTheTrafficOfARealEngine()
{
    Requests test;
    const QAbstractItemModelTester tester(&test.console().requests());
    QVERIFY(test.text("requestsEmpty").startsWith(QStringLiteral("No requests yet")));
    QVERIFY(test.start() > 0);
    QTRY_VERIFY_WITH_TIMEOUT(test.console().requests().finishedCount() >= 3, pagePatience);
    QVERIFY(tableOf(test)->isVisible());
    QVERIFY(test.text("requestCount").contains(QStringLiteral("requests")));
    test.page().hide(); // costs nothing, misses nothing
    const int shown = test.console().requests().finishedCount();
    const std::uint64_t before = test.engine().snapshot()->totals.requests;
    QTRY_VERIFY_WITH_TIMEOUT(test.engine().snapshot()->totals.requests >= before + 3, pagePatience);
    QCOMPARE(test.console().requests().finishedCount(), shown);
    test.page().show();
    QTRY_VERIFY_WITH_TIMEOUT(test.console().requests().finishedCount() >= shown + 2, pagePatience);
}

void TestRequestsPage::freezesWhileRequestsPass()
{
    Requests test;
    QVERIFY(test.start() > 0);
    RequestModel &model = test.console().requests();
    QTRY_VERIFY_WITH_TIMEOUT(model.finishedCount() >= 1, pagePatience);
    tableOf(test)->setFocus();
    test.press(Qt::Key_Space);
    QVERIFY(test.find<QWidget>("frozenBar")->isVisible());
    const int frozen = model.rowCount();
    QTRY_VERIFY_WITH_TIMEOUT(!test.text("frozenText").contains(QStringLiteral(" 0 ended")), pagePatience);
    QCOMPARE(model.rowCount(), frozen);
    test.click("continueList");
    QVERIFY(!test.find<QWidget>("frozenBar")->isVisible());
    QTRY_VERIFY_WITH_TIMEOUT(model.rowCount() > frozen, pagePatience);
}

void TestRequestsPage::keepsStillWhereAnAnswerComesLate()
{
    Requests test;
    QVERIFY(test.start() > 0);
    QTRY_VERIFY_WITH_TIMEOUT(test.engine().snapshot()->totals.succeeded >= 3, pagePatience);
    RequestModel model;
    RequestFeed feed(test.engine(), model);
    feed.setActive(true); // asks for the newest
    feed.setFrozen(true);
    QTRY_VERIFY_WITH_TIMEOUT(feed.held() >= 2, pagePatience);
    QCOMPARE(model.rowCount(), 0);
    QVERIFY(feed.isStarting());
    feed.setActive(false);
    feed.setFrozen(false);
    QCOMPARE(model.rowCount(), 0);
    feed.setActive(true);
    QVERIFY(model.rowCount() >= 5); // those before it was frozen, and those held
    QVERIFY(!feed.isStarting());
}

void TestRequestsPage::showsHealthChecksOnRequest()
{
    test::FakeProvider well(test::healthy("well"));
    QTcpServer broken;
    QVERIFY(broken.listen(QHostAddress::LocalHost));
    connect(&broken, &QTcpServer::newConnection, &broken, [&broken] {
        while (QTcpSocket *socket = broken.nextPendingConnection())
            socket->abort();
    });
    const QByteArray entry = "{'name':'%1','dialect':'openai','baseUrl':'http://127.0.0.1:%2/v1','key':null}";
    const auto provider = [&entry](const char *name, quint16 port) {
        return QByteArray(entry).replace("%1", name).replace("%2", QByteArray::number(port));
    };
    Requests test(quoted("{'version':1,'proxy':{'port':0},'health':{'intervalMs':3600000},'providers':[" +
                         provider("well", well.port()) + "," + provider("broken", broken.serverPort()) + "]}"));
    RequestModel &model = test.console().requests();
    const QAbstractItemModelTester tester(&model);
    QVERIFY(test.start() > 0);
    const auto probed = [&test] {
        const std::vector<ProviderSnapshot> &all = test.engine().snapshot()->providers;
        return all[0].probe.ok == 1 && all[1].probe.failed == 1;
    };
    QTRY_VERIFY_WITH_TIMEOUT(probed(), pagePatience);
    model.add(sampleRequests(1, 3));
    QCOMPARE(model.rowCount(), 3);
    auto *action = test.find<QAction>("showHealthChecks");
    QVERIFY(!action->isChecked());
    QVERIFY(test.page().pageActions().contains(action));

    test.click("toggleHealthChecks");
    QTRY_COMPARE_WITH_TIMEOUT(model.rowCount(), 5, pagePatience);
    QCOMPARE(model.healthCheckCount(), 2);
    QVERIFY(test.text("requestCount").startsWith(QStringLiteral("3 requests · 2 health check")));
    QStringList words;
    for (int row = 3; row < 5; ++row) {
        words.append(model.index(row, RequestModel::OutcomeColumn).data().toString());
        QCOMPARE(model.index(row, RequestModel::ClientColumn).data().toString(), QStringLiteral("health-check"));
        QVERIFY(model.index(row, RequestModel::OutcomeColumn).data(RequestModel::LampRole).isValid());
    }
    words.sort();
    QVERIFY2(words[0].startsWith(QStringLiteral("Health check of broken failed: first byte")), qPrintable(words[0]));
    QCOMPARE(words[1], QStringLiteral("Health check: well answered 200"));

    tableOf(test)->selectRequest(4);
    QVERIFY(test.text("inspectorOutcome").startsWith(QStringLiteral("Health check")));
    QVERIFY(test.text("headersNote").contains(QStringLiteral("not kept")));
    QVERIFY(!test.find<QAction>("copyCurl")->isEnabled());
    QVERIFY(!test.page().place().request);
    test.find<QLineEdit>("requestFilter")->setText(QStringLiteral("provider:broken"));
    QTRY_COMPARE_WITH_TIMEOUT(model.rowCount(), 1, pagePatience);
    QVERIFY(test.text("requestCount").startsWith(QStringLiteral("0 of 3")));
    test.find<QLineEdit>("requestFilter")->clear();

    const RequestsPage again(test.console());
    QVERIFY(again.findChild<QAction *>(QStringLiteral("showHealthChecks"))->isChecked());
    test.trigger("showHealthChecks");
    QTRY_COMPARE_WITH_TIMEOUT(model.rowCount(), 3, pagePatience);
}

void TestRequestsPage::explainsABadTerm()
{
    Requests test;
    test.console().requests().add(sampleRequests(1, 30));
    auto *edit = test.find<FilterEdit>("requestFilter");
    edit->setFocus();
    QTest::keyClicks(edit, QStringLiteral("outcome:failed ttft>2x"));
    QTRY_VERIFY_WITH_TIMEOUT(test.find<QLabel>("filterProblem")->isVisible(), pagePatience);
    QVERIFY2(test.text("filterProblem").contains(QStringLiteral("ttft needs a time, e.g. ttft>2s")),
             qPrintable(test.text("filterProblem")));
    QVERIFY(edit->problem());
    QCOMPARE(edit->text().mid(edit->problem()->position, edit->problem()->length), QStringLiteral("ttft>2x"));
    QVERIFY(test.console().requests().finishedCount() > 0); // never just nothing
    test.press(Qt::Key_Backspace);
    test.press(Qt::Key_S);
    QTRY_VERIFY_WITH_TIMEOUT(!test.find<QLabel>("filterProblem")->isVisible(), pagePatience);
}

void TestRequestsPage::filtersByChip()
{
    Requests test;
    test.console().requests().add(sampleRequests(1, 30));
    test.click("chipFailed");
    QCOMPARE(test.find<QLineEdit>("requestFilter")->text(), QStringLiteral("outcome:failed"));
    QCOMPARE(test.text("requestCount"), QStringLiteral("10 of 30"));
    test.click("chipRetried");
    QCOMPARE(test.text("requestCount"), QStringLiteral("2 of 30"));
    test.click("chipFailed");
    QCOMPARE(test.text("requestCount"), QStringLiteral("6 of 30"));
    test.find<QLineEdit>("requestFilter")->clear();
    QVERIFY(!test.find<Chip>("chipRetried")->isChecked());
    QTRY_COMPARE_WITH_TIMEOUT(test.text("requestCount"), QStringLiteral("30 requests"), pagePatience);
    test.click("chipInFlight");
    QCOMPARE(test.console().requests().rowCount(), 0);
}

void TestRequestsPage::filtersByKeyboardAlone()
{
    Requests test;
    test.console().requests().add(sampleRequests(1, 30));
    RequestTable *table = tableOf(test);
    QCOMPARE(QApplication::focusWidget(), table);
    test.press(Qt::Key_Slash);
    auto *edit = test.find<FilterEdit>("requestFilter");
    QCOMPARE(QApplication::focusWidget(), edit);
    QTest::keyClicks(edit, QStringLiteral("attempts>1"));
    test.press(Qt::Key_Return);
    QCOMPARE(test.text("requestCount"), QStringLiteral("6 of 30"));
    for (int i = 0; i < 20 && QApplication::focusWidget() != table; ++i)
        test.press(Qt::Key_Tab);
    QCOMPARE(QApplication::focusWidget(), table);
    test.press(Qt::Key_J);
    test.press(Qt::Key_K);
    QCOMPARE(selectedNumber(table), QStringLiteral("25"));
    QVERIFY(test.text("inspectorOutcome").startsWith(QStringLiteral("served by openai on attempt 2 of 2")));
    test.press(Qt::Key_Return);
    QVERIFY(test.find<QTabWidget>("inspectorTabs")->isAncestorOf(QApplication::focusWidget()));
    test.press(Qt::Key_Right);
    QCOMPARE(test.find<QTabWidget>("inspectorTabs")->currentIndex(), 1);
    QCOMPARE(test.find<QTreeWidget>("routing")->topLevelItemCount(), 2);
    QVERIFY(test.page().stepBack()); // Esc, which the window hands on
    QCOMPARE(test.text("requestCount"), QStringLiteral("30 requests"));
    QVERIFY(test.page().stepBack());
    QVERIFY(table->isFollowing());
    QVERIFY(!test.page().stepBack());
    test.press(Qt::Key_F9);
    QVERIFY(!test.find<QWidget>("inspector")->isVisible());
}

void TestRequestsPage::givesTheListThePageUntilOneIsChosen()
{
    {
        Requests test;
        test.console().requests().add(sampleRequests(1, 200));
        RequestTable *table = tableOf(test);
        auto *inspector = test.find<QWidget>("inspector");
        QVERIFY2(inspector->height() < table->height() / 4, qPrintable(QString::number(inspector->height())));
        const QModelIndex last = table->model()->index(199, RequestModel::TimeColumn);
        QTest::mouseClick(table->viewport(), Qt::LeftButton, {}, table->visualRect(last).center());
        QCOMPARE(selectedNumber(table), QStringLiteral("200"));
        QVERIFY(inspector->height() > table->height() / 2);
        QVERIFY(table->viewport()->rect().contains(table->visualRect(last)));
        // Beside the list it has a width of its own, and the height below it comes back.
        const int below = inspector->height();
        test.find<QAction>("inspectorRight")->trigger();
        QVERIFY(inspector->height() > below);
        test.find<QAction>("inspectorRight")->trigger();
        QCOMPARE(inspector->height(), below);
    }
    Requests again;
    QVERIFY(again.find<QWidget>("inspector")->height() < tableOf(again)->height() / 4);
}

void TestRequestsPage::saysWhenNothingMatches()
{
    Requests test;
    test.console().requests().add(sampleRequests(1, 2000));
    auto *edit = test.find<QLineEdit>("requestFilter");
    edit->setText(QStringLiteral("provider:nobody"));
    QTRY_COMPARE_WITH_TIMEOUT(test.text("requestsEmpty"), QStringLiteral("No requests match. 2,000 hidden."),
                              pagePatience);
    QVERIFY(test.find<QPushButton>("clearFilter")->isVisible());
    test.click("clearFilter");
    QVERIFY(edit->text().isEmpty());
    QCOMPARE(test.console().requests().rowCount(), 2000);
    QVERIFY(tableOf(test)->isVisible());
}

void TestRequestsPage::completesKeysAndValues()
{
    Requests test;
    auto *edit = test.find<FilterEdit>("requestFilter");
    edit->setFocus();
    QTest::keyClicks(edit, QStringLiteral("outc"));
    QWidget *popup = QApplication::activePopupWidget();
    QVERIFY(popup);
    QTest::keyClick(popup, Qt::Key_Down);
    QTest::keyClick(popup, Qt::Key_Return);
    QCOMPARE(edit->text(), QStringLiteral("outcome:"));
    popup = QApplication::activePopupWidget();
    QVERIFY(popup);
    QTest::keyClick(popup, Qt::Key_Escape);
    QTest::keyClicks(edit, QStringLiteral("f"));
    popup = QApplication::activePopupWidget();
    QVERIFY(popup);
    QTest::keyClick(popup, Qt::Key_Down);
    QTest::keyClick(popup, Qt::Key_Return);
    QCOMPARE(edit->text(), QStringLiteral("outcome:failed "));
}

void TestRequestsPage::savesFilters()
{
    SavedFilters::add({ QStringLiteral("mine"), QStringLiteral("status:5xx") });
    SavedFilters::add({ QStringLiteral("Again"), QStringLiteral("attempts>2") });
    SavedFilters::add({ QStringLiteral("mine"), QStringLiteral("status:4xx") });
    const QList<SavedFilter> expected { { QStringLiteral("Again"), QStringLiteral("attempts>2") },
                                        { QStringLiteral("mine"), QStringLiteral("status:4xx") } };
    QCOMPARE(SavedFilters::all(), expected);
    SavedFilters::remove(QStringLiteral("Again"));
    QCOMPARE(SavedFilters::all().size(), 1);
}

void TestRequestsPage::showsAStretchOfTime()
{
    Requests test;
    test.console().requests().add(sampleRequests(1, 100));
    PageTarget target;
    target.page = PageId::Requests;
    target.since = sampleRequest(40).at;
    target.until = sampleRequest(50).at;
    target.filter = QStringLiteral("outcome:ok");
    target.request = 41;
    test.page().goTo(target);
    QCOMPARE(test.text("requestCount"), QStringLiteral("7 of 100"));
    QCOMPARE(selectedNumber(tableOf(test)), QStringLiteral("41"));
    auto *chip = test.find<Chip>("rangeChip");
    QVERIFY(chip->isVisible());
    QCOMPARE(test.page().place(), target);
    QTest::mouseClick(chip, Qt::LeftButton);
    QVERIFY(!chip->isVisible());
    QCOMPARE(test.text("requestCount"), QStringLiteral("67 of 100"));
    QCOMPARE(selectedNumber(tableOf(test)), QStringLiteral("41"));
}

void TestRequestsPage::exportsWhatIsShown_data()
{
    QTest::addColumn<QString>("name");
    QTest::newRow("HTTP archive") << QStringLiteral("requests.har");
    QTest::newRow("JSON lines") << QStringLiteral("requests.jsonl");
}

void TestRequestsPage::exportsWhatIsShown()
{
    QFETCH(QString, name);
    Requests test;
    test.console().requests().add(sampleRequests(1, 30));
    test.click("chipFailed");
    QSignalSpy told(&test.console(), &Console::told);
    tableOf(test)->setFocus();
    test.press(Qt::Key_E, Qt::ControlModifier);
    auto *dialog = test.dialog<QFileDialog>();
    QVERIFY(dialog);
    const QString path = test.path(name);
    dialog->findChild<QLineEdit *>()->setText(path);
    dialog->findChild<QLineEdit *>()->setFocus();
    QTest::keyClick(dialog->findChild<QLineEdit *>(), Qt::Key_Return);
    QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(path), pagePatience);
    QTRY_VERIFY_WITH_TIMEOUT(told.size() >= 2, pagePatience);
    QVERIFY(told.last().first().toString().startsWith(QStringLiteral("Wrote 10 requests")));

    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    if (name.endsWith(QLatin1String(".har"))) {
        const QJsonObject log = QJsonDocument::fromJson(file.readAll()).object().value(QLatin1String("log")).toObject();
        QCOMPARE(log.value(QLatin1String("version")).toString(), QStringLiteral("1.2"));
        QCOMPARE(log.value(QLatin1String("entries")).toArray().size(), 10);
        return;
    }
    int lines = 0;
    while (!file.atEnd()) {
        QJsonParseError error;
        const QJsonObject line = QJsonDocument::fromJson(file.readLine(), &error).object();
        QCOMPARE(error.error, QJsonParseError::NoError);
        QCOMPARE(line.value(QLatin1String("end")).toString(), QStringLiteral("failed"));
        ++lines;
    }
    QCOMPARE(lines, 10);
}

void TestRequestsPage::copiesWithoutSecrets()
{
    QTcpServer nobody;
    QVERIFY(nobody.listen(QHostAddress::LocalHost));
    Requests test(configFor(nobody.serverPort()));
    const quint16 port = test.start();
    test.console().requests().add(sampleRequests(1, 5));
    tableOf(test)->setFocus();
    tableOf(test)->selectRequest(4);
    test.press(Qt::Key_C, Qt::ControlModifier);
    const QString row = QGuiApplication::clipboard()->text();
    QVERIFY2(row.contains(QStringLiteral("served by openai on attempt 2 of 2 (anthropic-eu 529)")), qPrintable(row));
    test.press(Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);
    const QString curl = QGuiApplication::clipboard()->text();
    QVERIFY2(curl.contains(QStringLiteral("'http://127.0.0.1:%1/v1/messages'").arg(port)), qPrintable(curl));
    QVERIFY(curl.contains(QStringLiteral("x-api-key: $SIGNALBOX_TOKEN")));
    QVERIFY(!curl.contains(QString::fromLatin1(secret)));
    test.trigger("copyMarkdown");
    const QStringList lines = QGuiApplication::clipboard()->text().trimmed().split(QLatin1Char('\n'));
    QCOMPARE(lines.size(), 3);
    QCOMPARE(lines[0].count(QLatin1Char('|')), lines[2].count(QLatin1Char('|')));
}

void TestRequestsPage::swapsAllTabsAtOnce()
{
    Requests test;
    test.console().requests().add(sampleRequests(1, 10));
    RequestTable *table = tableOf(test);
    table->selectRequest(9);
    QVERIFY(test.text("inspectorOutcome").contains(QStringLiteral("attempt 2")));
    QCOMPARE(test.find<QTreeWidget>("routing")->topLevelItemCount(), 2);
    const QWidget *waterfall = test.find<QWidget>("waterfall");
    QVERIFY(waterfall->accessibleDescription().contains(QStringLiteral("anthropic-eu")));
    table->selectRequest(2);
    QVERIFY(test.text("inspectorOutcome").startsWith(QStringLiteral("failed")));
    QCOMPARE(test.find<QTreeWidget>("routing")->topLevelItemCount(), 1);
    QVERIFY(!waterfall->accessibleDescription().contains(QStringLiteral("anthropic-eu")));
    // Answers of the engine for the one before must not come over this one.
    QTRY_VERIFY_WITH_TIMEOUT(!test.text("headersNote").startsWith(QStringLiteral("Asking")), pagePatience);
    QTRY_VERIFY_WITH_TIMEOUT(test.text("responseNote").contains(QStringLiteral("capture.enabled")), pagePatience);
}

void TestRequestsPage::cancelsARequestInFlight()
{
    QTcpServer silent; // takes connections and says nothing
    QVERIFY(silent.listen(QHostAddress::LocalHost));
    Requests test(configFor(silent.serverPort()));
    const quint16 port = test.start();
    QTcpSocket client;
    client.connectToHost(QStringLiteral("127.0.0.1"), port);
    QVERIFY(client.waitForConnected(pagePatience));
    client.write(chatRequest());
    RequestTable *table = tableOf(test);
    RequestModel &model = test.console().requests();
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    QTRY_COMPARE_WITH_TIMEOUT(model.rowCount(), 1, pagePatience);
    QVERIFY(model.inFlight(0));
    QVERIFY(test.text("requestCount").contains(QStringLiteral("1 in flight")));
    table->setFocus();
    table->selectRequest(0);
    QTRY_VERIFY_WITH_TIMEOUT(
        test.text("inspectorOutcome").startsWith(QStringLiteral("in flight: slow, waiting for the first byte")),
        pagePatience);
    const QByteArray id = table->selectedId();
    test.press(Qt::Key_Delete);
    QDialog *question = test.dialog();
    QVERIFY(question);
    QTest::mouseClick(question->findChild<QPushButton *>(QStringLiteral("verb")), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(model.finishedCount() == 1 && model.rowCount() == 1, pagePatience);
    QCOMPARE(table->selectedId(), id); // the selection went with it
    QTRY_COMPARE_WITH_TIMEOUT(model.request(0)->end, RequestEvent::End::Cancelled, pagePatience);
    QVERIFY(test.text("inspectorOutcome").startsWith(QStringLiteral("cancelled by an operator")));
    QTRY_VERIFY_WITH_TIMEOUT(client.bytesAvailable() > 0 || client.state() == QAbstractSocket::UnconnectedState,
                             pagePatience);
    // The engine's own record of it: what the client sent, with its key masked.
    QTRY_VERIFY_WITH_TIMEOUT(
        test.find<QPlainTextEdit>("headers")->toPlainText().contains(QStringLiteral("Content-Type")), pagePatience);
    QVERIFY(!test.find<QPlainTextEdit>("headers")->toPlainText().contains(QString::fromLatin1(secret)));
}

void TestRequestsPage::keepsItsColumns()
{
    {
        Requests test;
        QHeaderView *header = tableOf(test)->horizontalHeader();
        QVERIFY(header->isSectionHidden(RequestModel::PathColumn));
        QMenu menu;
        tableOf(test)->addColumnActions(&menu);
        menu.actions().at(RequestModel::PathColumn)->trigger();
        menu.actions().at(RequestModel::ClientColumn)->trigger();
        header->moveSection(header->visualIndex(RequestModel::OutcomeColumn), 0);
    }
    Requests test;
    const QList<int> columns = tableOf(test)->shownColumns();
    QCOMPARE(columns.first(), static_cast<int>(RequestModel::OutcomeColumn));
    QVERIFY(columns.contains(RequestModel::PathColumn));
    QVERIFY(!columns.contains(RequestModel::ClientColumn));
}

void TestRequestsPage::staysResponsiveWithManyRequests()
{
    constexpr std::uint64_t count = 100'000;
    const Appearance appearance(Appearance::Scheme::Light);
    RequestModel model(count);
    RequestTable table(model, appearance);
    table.resize(900, 400);
    table.show();
    model.add(sampleRequests(1, count));
    const Filter filter = Filter::parse(QStringLiteral("\"never there\" \"nor this\" -provider:*open*")).value();
    const Filter heavy = Filter::parse(QStringLiteral("-\"never there\" -\"nor this\" attempts>1")).value();

    // Without slices it would take this long.
    const std::chrono::nanoseconds begun = threadTime();
    std::uint64_t matches = 0;
    const std::vector<RequestModel::RequestPtr> all = model.shown();
    for (const RequestModel::RequestPtr &request : all)
        matches += heavy.matches(*request);
    const std::chrono::nanoseconds whole = threadTime() - begun;

    std::chrono::nanoseconds longest { 0 };
    QTimer ticker;
    ticker.setInterval(0);
    std::chrono::nanoseconds last = threadTime();
    connect(&ticker, &QTimer::timeout, &ticker, [&] {
        const std::chrono::nanoseconds now = threadTime();
        longest = std::max(longest, now - std::exchange(last, now));
    });
    ticker.start();
    model.setFilter(filter);
    model.setFilter(heavy); // the one before is given up
    QTRY_VERIFY_WITH_TIMEOUT(!model.isSifting(), 60000);
    QCOMPARE(static_cast<std::uint64_t>(model.rowCount()), matches);
    QVERIFY2(longest * 4 < whole, qPrintable(QStringLiteral("%1 of %2 ns").arg(longest.count()).arg(whole.count())));
}

QTEST_MAIN(TestRequestsPage)
#include "tst_requestspage.moc"
