// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/pageundertest.h"
#include "ui/alarms/alarmspage.h"
#include "ui/alarms/journaltable.h"
#include "ui/alarms/shelvedialog.h"
#include "ui/models/alarmmodel.h"
#include "ui/models/eventmodel.h"

#include <QAbstractItemModelTester>
#include <QClipboard>
#include <QComboBox>
#include <QDateTimeEdit>
#include <QFileDialog>
#include <QGuiApplication>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QTabWidget>

using namespace signalbox;

namespace {

using Alarms = PageUnderTest<AlarmsPage>;

/// Two providers whose keys are not set: each raises an alarm after a few seconds, and both dialects are down. JSON is
/// easier to read with ' for ".
const QByteArray keysMissing =
    QByteArray("{'version':1,'proxy':{'port':0,'token':null},'health':{'intervalMs':3600000},'providers':["
               "{'name':'alpha','dialect':'openai','baseUrl':'http://127.0.0.1:9/v1',"
               "'key':{'env':'SIGNALBOX_TEST_NO_KEY_A'}},"
               "{'name':'beta','dialect':'anthropic','baseUrl':'http://127.0.0.1:9',"
               "'key':{'env':'SIGNALBOX_TEST_NO_KEY_B'}}]}")
        .replace('\'', '"');

const QString alphaAlarm = QStringLiteral("auth_failing/alpha");

JournalTable *tableOf(const Alarms &test, const char *name = "alarms")
{
    return test.find<JournalTable>(name);
}

AlarmModel *modelOf(const Alarms &test)
{
    return qobject_cast<AlarmModel *>(tableOf(test)->model());
}

AlarmState stateOf(const Alarms &test, const QString &id)
{
    const Alarm *alarm = modelOf(test)->alarm(modelOf(test)->rowOf(id));
    return alarm ? alarm->state : AlarmState::Cleared;
}

/// All four alarms are there.
bool waitForAlarms(Alarms &test)
{
    test.engine().start();
    return QTest::qWaitFor([&test] { return modelOf(test)->rowCount() == 4; }, pagePatience);
}

void select(const Alarms &test, const QString &id)
{
    tableOf(test)->setFocus();
    tableOf(test)->setCurrentIndex(modelOf(test)->index(modelOf(test)->rowOf(id), 0));
}

} // namespace

class TestAlarmsPage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void acknowledgesByKeyboard();
    void asksBeforeItAcknowledgesAll();
    void shelvesAndUnshelves();
    void tellsWhatToDoAndWhereToLook();
    void opensAtAnAlarm();
    void journalFollowsTheEngine();
    void journalFiltersAndExports();

private:
    QTemporaryDir m_settings;
};

void TestAlarmsPage::initTestCase()
{
    QCoreApplication::setOrganizationName(QStringLiteral("signalbox-test"));
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, m_settings.path());
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    QCoreApplication::setAttribute(Qt::AA_DontUseNativeDialogs);
}

void TestAlarmsPage::acknowledgesByKeyboard()
{
    Alarms test(keysMissing);
    const QAbstractItemModelTester tester(modelOf(test), QAbstractItemModelTester::FailureReportingMode::QtTest);
    QVERIFY(test.find<QLabel>("noAlarms")->isVisible());
    QVERIFY(waitForAlarms(test));
    QVERIFY(tableOf(test)->isVisible());
    QCOMPARE(test.text("alarmCounts"), QStringLiteral("4 unacknowledged"));
    select(test, alphaAlarm);
    test.press(Qt::Key_A, Qt::ControlModifier);
    QTRY_COMPARE_WITH_TIMEOUT(stateOf(test, alphaAlarm), AlarmState::Acknowledged, pagePatience);
    QCOMPARE(test.text("alarmCounts"), QStringLiteral("3 unacknowledged"));
    const QModelIndex cell = modelOf(test)->index(modelOf(test)->rowOf(alphaAlarm), AlarmModel::AcknowledgedColumn);
    QVERIFY2(cell.data().toString().startsWith(QStringLiteral("Console · ")), qPrintable(cell.data().toString()));
    QCOMPARE(cell.siblingAtColumn(AlarmModel::CountColumn).data().toString(), QStringLiteral("1"));
    QCOMPARE(test.page().place().item, alphaAlarm); // the selection went with it
    QVERIFY(test.text("alarmStory").contains(QStringLiteral("Acknowledged")));
}

void TestAlarmsPage::asksBeforeItAcknowledgesAll()
{
    Alarms test(keysMissing);
    QVERIFY(waitForAlarms(test));
    select(test, alphaAlarm);
    test.press(Qt::Key_A, Qt::ControlModifier | Qt::ShiftModifier);
    QVERIFY(test.dialog());
    test.dialog()->reject();
    QTRY_VERIFY(!test.dialog());
    QCOMPARE(stateOf(test, alphaAlarm), AlarmState::Active);
    test.click("acknowledgeAllButton");
    QVERIFY(test.dialog());
    QTest::mouseClick(test.dialog()->findChild<QPushButton *>(QStringLiteral("verb")), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(test.text("alarmCounts"), QStringLiteral("Nothing waits for an answer."), pagePatience);
}

void TestAlarmsPage::shelvesAndUnshelves()
{
    Alarms test(keysMissing);
    QVERIFY(waitForAlarms(test));
    select(test, alphaAlarm);
    test.press(Qt::Key_M);
    auto *menu = test.find<QMenu>("shelveMenu");
    QTRY_VERIFY(menu->isVisible());
    QTest::keyClick(menu, Qt::Key_Down);
    QTest::keyClick(menu, Qt::Key_Return);
    QTRY_COMPARE_WITH_TIMEOUT(stateOf(test, alphaAlarm), AlarmState::Shelved, pagePatience);
    QVERIFY(test.text("alarmCounts").contains(QStringLiteral("1 muted")));
    QVERIFY(test.text("alarmStory").contains(QStringLiteral("Silent until")));
    test.click("unshelveButton");
    QTRY_COMPARE_WITH_TIMEOUT(stateOf(test, alphaAlarm), AlarmState::Active, pagePatience);

    test.trigger("shelveUntilAction");
    auto *dialog = test.dialog<ShelveDialog>();
    QVERIFY(dialog);
    const QDateTime until = QDateTime::currentDateTime().addSecs(7200);
    dialog->findChild<QDateTimeEdit *>()->setDateTime(until);
    dialog->accept();
    QTRY_COMPARE_WITH_TIMEOUT(stateOf(test, alphaAlarm), AlarmState::Shelved, pagePatience);
    const Alarm *alarm = modelOf(test)->alarm(modelOf(test)->rowOf(alphaAlarm));
    QVERIFY(qAbs(alarm->shelvedUntil.secsTo(until)) < 120);
}

void TestAlarmsPage::tellsWhatToDoAndWhereToLook()
{
    Alarms test(keysMissing);
    QVERIFY(waitForAlarms(test));
    QSignalSpy opened(&test.console(), &Console::openRequested);
    select(test, alphaAlarm);
    QVERIFY(test.text("alarmText").contains(QStringLiteral("alpha has no key")));
    QVERIFY(test.text("alarmAdvice").startsWith(QStringLiteral("What to do: Renew its key")));
    const QDateTime since = modelOf(test)->alarm(modelOf(test)->rowOf(alphaAlarm))->since;
    test.press(Qt::Key_Return);
    QCOMPARE(opened.size(), 1);
    const auto target = opened.first().first().value<PageTarget>();
    QCOMPARE(target.page, PageId::Provider);
    QCOMPARE(target.provider, QStringLiteral("alpha"));
    QCOMPARE(target.since, std::optional(since.addSecs(-300)));
    QCOMPARE(target.until, std::optional(since.addSecs(300)));
    select(test, QStringLiteral("route_down/openai"));
    test.click("openRelatedButton");
    QCOMPARE(opened.last().first().value<PageTarget>().page, PageId::Requests);
    QCOMPARE(opened.last().first().value<PageTarget>().filter, QStringLiteral("dialect:openai"));
    tableOf(test)->setFocus();
    test.press(Qt::Key_C, Qt::ControlModifier);
    QVERIFY(QGuiApplication::clipboard()->text().contains(QStringLiteral("No provider takes openai requests")));
}

void TestAlarmsPage::opensAtAnAlarm()
{
    Alarms test(keysMissing);
    PageTarget target;
    target.page = PageId::Alarms;
    target.item = alphaAlarm;
    test.page().goTo(target); // before it is there
    QVERIFY(waitForAlarms(test));
    QTRY_COMPARE_WITH_TIMEOUT(test.page().place(), target, pagePatience);
    target.item = QStringLiteral("events");
    test.page().goTo(target);
    QCOMPARE(test.find<QTabWidget>("alarmTabs")->currentIndex(), 1);
    QCOMPARE(test.page().place(), target);
}

void TestAlarmsPage::journalFollowsTheEngine()
{
    Alarms test(keysMissing);
    auto *model = qobject_cast<EventModel *>(tableOf(test, "events")->model());
    const QAbstractItemModelTester tester(model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    PageTarget target;
    target.item = QStringLiteral("events");
    test.page().goTo(target);
    ProviderCommand command;
    command.kind = ProviderCommand::Kind::ForceOpen;
    command.provider = QStringLiteral("alpha");
    test.engine().command(command);
    QTRY_VERIFY_WITH_TIMEOUT(model->rowCount() > 0 && model->eventAt(0)->provider == command.provider, pagePatience);
    tableOf(test, "events")->setCurrentIndex(model->index(0, 0));
    QVERIFY(!test.text("eventReason").isEmpty());
    QVERIFY2(test.text("eventChange").contains(QStringLiteral("<b>")), qPrintable(test.text("eventChange")));

    test.page().hide(); // asks again for what it missed
    const int shown = model->rowCount();
    command.kind = ProviderCommand::Kind::Auto;
    test.engine().command(command);
    QTRY_COMPARE_WITH_TIMEOUT(test.engine().snapshot()->providers[0].breaker.mode, BreakerMode::Auto, pagePatience);
    QCOMPARE(model->rowCount(), shown);
    test.page().show();
    QTRY_VERIFY_WITH_TIMEOUT(model->rowCount() > shown, pagePatience);
}

void TestAlarmsPage::journalFiltersAndExports()
{
    Alarms test(keysMissing);
    auto *model = qobject_cast<EventModel *>(tableOf(test, "events")->model());
    PageTarget target;
    target.item = QStringLiteral("events");
    test.page().goTo(target);
    for (const char *provider : { "alpha", "beta" }) {
        ProviderCommand command;
        command.kind = ProviderCommand::Kind::ForceOpen;
        command.provider = QString::fromLatin1(provider);
        test.engine().command(command);
    }
    const auto sees = [model](const QString &provider) {
        for (int row = 0; row < model->rowCount(); ++row) {
            if (model->eventAt(row)->provider == provider)
                return true;
        }
        return false;
    };
    QTRY_VERIFY_WITH_TIMEOUT(sees(QStringLiteral("alpha")) && sees(QStringLiteral("beta")), pagePatience);
    auto *providers = test.find<QComboBox>("eventProvider");
    QTRY_COMPARE_WITH_TIMEOUT(providers->count(), 3, pagePatience);
    providers->setCurrentText(QStringLiteral("beta"));
    QTRY_VERIFY_WITH_TIMEOUT(sees(QStringLiteral("beta")), pagePatience);
    QVERIFY(!sees(QStringLiteral("alpha")));
    tableOf(test, "events")->setFocus();
    test.press(Qt::Key_F, Qt::ControlModifier);
    auto *text = test.find<QLineEdit>("eventText");
    QCOMPARE(QApplication::focusWidget(), text);
    QTest::keyClicks(text, QStringLiteral("no such thing"));
    QCOMPARE(test.text("eventsEmpty"), QStringLiteral("No events match."));
    text->clear();

    QSignalSpy told(&test.console(), &Console::told);
    test.click("exportEventsButton");
    auto *dialog = test.dialog<QFileDialog>();
    QVERIFY(dialog);
    const QString path = test.path(QStringLiteral("events.jsonl"));
    dialog->findChild<QLineEdit *>()->setText(path);
    QTest::keyClick(dialog->findChild<QLineEdit *>(), Qt::Key_Return);
    QTRY_VERIFY_WITH_TIMEOUT(!told.isEmpty(), pagePatience);
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    int lines = 0;
    while (!file.atEnd()) {
        QJsonParseError error;
        const QJsonObject line = QJsonDocument::fromJson(file.readLine(), &error).object();
        QCOMPARE(error.error, QJsonParseError::NoError);
        QCOMPARE(line.value(QLatin1String("provider")).toString(), QStringLiteral("beta"));
        ++lines;
    }
    QCOMPARE(lines, model->rowCount());
    QVERIFY(test.page().stepBack());
    QCOMPARE(providers->currentIndex(), 0);
    QVERIFY(!test.page().stepBack());
}

QTEST_MAIN(TestAlarmsPage)
#include "tst_alarmspage.moc"
