// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/config/keychain.h"
#include "tests/ui/windowundertest.h"
#include "ui/alarms/journaltable.h"
#include "ui/models/alarmmodel.h"
#include "ui/page/page.h"
#include "ui/shell/banner.h"
#include "ui/shell/pages.h"
#include "ui/shell/pagestack.h"
#include "ui/wall/providertable.h"
#include "ui/wall/tileview.h"

#include <QAction>
#include <QDesktopServices>
#include <QLabel>
#include <QPushButton>
#include <QSettings>
#include <QTabBar>
#include <QTableView>
#include <QTest>
#include <QUrl>

#include <sqlite3.h>

#include <algorithm>

using namespace signalbox;
using namespace std::chrono_literals;

namespace {

/// Generous: against a hang, not a measure.
constexpr int patience = 30000;

const QString dash = QStringLiteral("–");

/// Locked, or none at all.
class NoKeychain : public Keychain
{
public:
    explicit NoKeychain(const QString &problem) : m_problem(problem) { }
    void read(const QString &, QObject *, std::function<void(Result<Secret>)> done) override
    {
        done(Error { m_problem, {} });
    }
    void write(const QString &, const Secret &, QObject *, std::function<void(Status)> done) override
    {
        done(Error { m_problem, {} });
    }
    void remove(const QString &, QObject *, std::function<void(Status)> done) override
    {
        done(Error { m_problem, {} });
    }

private:
    QString m_problem;
};

/// Another program that has the history's file for itself.
class FileLock
{
public:
    explicit FileLock(const QString &path)
    {
        if (sqlite3_open(path.toUtf8().constData(), &m_handle) != SQLITE_OK)
            return;
        sqlite3_busy_timeout(m_handle, patience);
        m_held = sqlite3_exec(m_handle, "BEGIN EXCLUSIVE", nullptr, nullptr, nullptr) == SQLITE_OK;
    }
    ~FileLock() { sqlite3_close(m_handle); }
    FileLock(const FileLock &) = delete;
    FileLock &operator=(const FileLock &) = delete;
    bool isHeld() const { return m_held; }

private:
    sqlite3 *m_handle = nullptr;
    bool m_held = false;
};

/// Folders that the desktop was asked to open.
class OpenedFolders : public QObject
{
    Q_OBJECT

public:
    QList<QUrl> urls;

public Q_SLOTS:
    void open(const QUrl &url) { urls.append(url); }
};

bool hasAlarm(WindowUnderTest &test, const QString &id)
{
    const EngineSnapshotPtr snapshot = test.engine().snapshot();
    return std::any_of(snapshot->alarms.begin(), snapshot->alarms.end(),
                       [&id](const Alarm &alarm) { return alarm.id == id && alarm.state == AlarmState::Active; });
}

void trip(WindowUnderTest &test, const QString &provider)
{
    ProviderCommand command;
    command.kind = ProviderCommand::Kind::TripFor;
    command.provider = provider;
    command.duration = 10min;
    test.engine().command(command);
}

void openProvider(WindowUnderTest &test, const QString &provider)
{
    PageTarget target;
    target.page = PageId::Provider;
    target.provider = provider;
    test.window().console().open(target);
}

/// What a screen reader says of the provider's tile.
QString spokenTile(const WindowUnderTest &test, const QString &provider)
{
    const QAbstractItemModel *model = test.find<TileView>("tiles")->model();
    for (int row = 0; row < model->rowCount(); ++row) {
        const QModelIndex index = model->index(row, ProviderModel::NameColumn);
        if (index.data().toString() == provider)
            return index.siblingAtColumn(ProviderModel::StateColumn).data(Qt::AccessibleTextRole).toString();
    }
    return {};
}

LampShape tileLamp(const WindowUnderTest &test, const QString &provider)
{
    const QAbstractItemModel *model = test.find<TileView>("tiles")->model();
    for (int row = 0; row < model->rowCount(); ++row) {
        const QModelIndex index = model->index(row, ProviderModel::NameColumn);
        if (index.data().toString() == provider)
            return index.data(ProviderModel::TileRole).value<ProviderTile>().state.lamp;
    }
    return LampShape::Circle;
}

} // namespace

/// The states that a console has besides "all is well", each in the whole window. A port that is taken is in
/// tst_mainwindow, a filter without a match and a frozen list in tst_requestspage and tst_alarmspage, charts without
/// data in tst_providerpage.
class TestStates : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void loadingEnds();
    void oldFiguresStayReadableOnEveryPage();
    void aProviderThatNobodyAsked();
    void openWithoutTrafficStaysOpenInEveryView();
    void aLockedHistoryIsAnAlarmAndNotAnEnd();
    void aFolderThatCannotBeWrittenToIsAnAlarm();
    void keyringLockedOrAbsent_data();
    void keyringLockedOrAbsent();
    void closedUnexpectedly();

private:
    QTemporaryDir m_settings;
    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestStates::initTestCase()
{
    QCoreApplication::setOrganizationName(QStringLiteral("signalbox-test"));
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, m_settings.path());
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
}

void TestStates::init()
{
    QSettings().clear();
    m_folder = std::make_unique<QTemporaryDir>();
}

void TestStates::loadingEnds()
{
    WindowUnderTest test(twoProviders()); // no traffic, no history, not even listening
    test.go(PageId::Requests);
    // The frame is there before any answer is, and says nothing that it does not know yet.
    QVERIFY(test.find<QWidget>("requestFilter")->isVisible());
    QVERIFY(!test.find<QLabel>("requestsEmpty")->isVisible());
    QTRY_VERIFY_WITH_TIMEOUT(test.find<QLabel>("requestsEmpty")->isVisible(), patience);
    QCOMPARE(test.text("requestsEmpty"), QStringLiteral("No requests yet. The proxy is not listening."));
    PageTarget events;
    events.page = PageId::Alarms;
    events.item = QStringLiteral("events");
    test.window().console().open(events);
    QTRY_VERIFY_WITH_TIMEOUT(test.find<QTableView>("events")->model()->rowCount() > 0, patience);
    // A page that waits says so in a word of its own; after its answer none may be left.
    for (const PageKind &kind : pageKinds()) {
        openProvider(test, QStringLiteral("alpha"));
        test.go(kind.id);
        const auto waits = [&test] {
            const QList<QLabel *> labels = test.window().pages().currentPage()->findChildren<QLabel *>();
            return std::any_of(labels.begin(), labels.end(), [](const QLabel *label) {
                return label->isVisible() && label->text().contains(QStringLiteral("oading"));
            });
        };
        QTRY_VERIFY2_WITH_TIMEOUT(!waits(), kind.title, patience);
    }
}

void TestStates::oldFiguresStayReadableOnEveryPage()
{
    WindowUnderTest test(twoProviders()); // never started: the engine says nothing any more
    auto *banner = test.find<Banner>("staleBanner");
    QVERIFY(!banner->isVisible());
    test.advance(14s);
    for (const PageKind &kind : pageKinds()) {
        openProvider(test, QStringLiteral("alpha"));
        test.go(kind.id);
        QVERIFY2(banner->isVisible() && banner->isEnabled(), kind.title);
        QVERIFY2(banner->text().contains(QStringLiteral("14")), qPrintable(banner->text()));
    }
    test.go(PageId::Wall);
    const QModelIndex cell = test.find<ProviderTable>("providers")->model()->index(0, 0);
    QVERIFY(cell.data(ProviderModel::StaleRole).toBool());
    QCOMPARE(test.cell(QStringLiteral("alpha"), ProviderModel::StateColumn), QStringLiteral("No requests"));
    // What the engine has by now is read, even if its word was not heard.
    ProviderCommand command;
    command.kind = ProviderCommand::Kind::Reset;
    command.provider = QStringLiteral("alpha");
    test.engine().command(command).waitForFinished();
    test.click("readAgainButton");
    QVERIFY(!banner->isVisible());
    test.advance(14s);
    QVERIFY(banner->isVisible());
    test.engine().start();
    QTRY_VERIFY_WITH_TIMEOUT(!banner->isVisible(), patience);
    QVERIFY(!cell.data(ProviderModel::StaleRole).toBool());
}

void TestStates::aProviderThatNobodyAsked()
{
    WindowUnderTest test(twoProviders());
    QCOMPARE(tileLamp(test, QStringLiteral("alpha")), LampShape::DashedCircle);
    QCOMPARE(test.cell(QStringLiteral("alpha"), ProviderModel::StateColumn), QStringLiteral("No requests"));
    QCOMPARE(test.cell(QStringLiteral("alpha"), ProviderModel::ScoreColumn), dash);
    QCOMPARE(test.cell(QStringLiteral("alpha"), ProviderModel::SuccessColumn), dash);
    QVERIFY(spokenTile(test, QStringLiteral("alpha")).contains(QStringLiteral("no requests")));
    openProvider(test, QStringLiteral("alpha"));
    QCOMPARE(test.text("providerState"), QStringLiteral("No requests"));
    auto *probe = test.find<QPushButton>("probeNowButton");
    QVERIFY(probe->isVisible() && probe->isEnabled()); // the next step
}

void TestStates::openWithoutTrafficStaysOpenInEveryView()
{
    WindowUnderTest test(twoProviders());
    test.engine().start();
    const QString beta = QStringLiteral("beta");
    trip(test, beta);
    QTRY_VERIFY_WITH_TIMEOUT(hasAlarm(test, QStringLiteral("provider_open/beta")), patience);
    const EngineSnapshotPtr before = test.engine().snapshot();
    QTRY_VERIFY_WITH_TIMEOUT(test.engine().snapshot()->sequence >= before->sequence + 3, patience);
    QCOMPARE(test.engine().snapshot()->providers[1].attempts, 0U); // nothing was sent, and it stays so
    QTRY_COMPARE_WITH_TIMEOUT(tileLamp(test, beta), LampShape::Square, patience);
    QVERIFY(spokenTile(test, beta).contains(QStringLiteral("breaker open, retry in")));
    QVERIFY(test.cell(beta, ProviderModel::StateColumn).startsWith(QStringLiteral("Open · retry in")));
    QVERIFY(test.text("wallSummary").contains(QStringLiteral("1 open")));
    test.select(beta);
    QVERIFY(test.text("reason").startsWith(QStringLiteral("Open")));
    openProvider(test, beta);
    QTRY_VERIFY_WITH_TIMEOUT(test.text("providerState").startsWith(QStringLiteral("Open · retry in")), patience);
    QVERIFY(test.text("alarmText").contains(QStringLiteral("anthropic")) ||
            test.text("alarmText").contains(beta)); // the strip
    test.go(PageId::Alarms);
    const auto *alarms = qobject_cast<const AlarmModel *>(test.find<JournalTable>("alarms")->model());
    const int row = alarms->rowOf(QStringLiteral("provider_open/beta"));
    QVERIFY(row >= 0);
    QCOMPARE(alarms->index(row, AlarmModel::StateColumn).data().toString(), QStringLiteral("Active"));
}

void TestStates::aLockedHistoryIsAnAlarmAndNotAnEnd()
{
    const QString data = m_folder->filePath(QStringLiteral("data"));
    const auto test = WindowUnderTest::demo(data);
    test->engine().start();
    const QString alarm = QStringLiteral("recording_stopped");
    QTRY_COMPARE_WITH_TIMEOUT(test->engine().snapshot()->recording.state, RecordingState::Recording, patience);
    QTRY_VERIFY_WITH_TIMEOUT(test->engine().snapshot()->recording.writtenEvents > 0, patience);
    {
        const FileLock lock(data + QStringLiteral("/history.db"));
        QVERIFY(lock.isHeld());
        QTRY_VERIFY_WITH_TIMEOUT(hasAlarm(*test, alarm), patience);
        // Requests go on.
        const std::uint64_t served = test->engine().snapshot()->totals.succeeded;
        QTRY_VERIFY_WITH_TIMEOUT(test->engine().snapshot()->totals.succeeded > served + 3, patience);
        QCOMPARE(test->engine().snapshot()->listener.state, ListenState::Listening);
        PageTarget target;
        target.page = PageId::Alarms;
        target.item = alarm;
        test->window().console().open(target);
        const auto *alarms = qobject_cast<const AlarmModel *>(test->find<JournalTable>("alarms")->model());
        QTRY_VERIFY_WITH_TIMEOUT(alarms->rowOf(alarm) >= 0, patience);
        const QString told = alarms->alarm(alarms->rowOf(alarm))->text;
        QVERIFY2(told.startsWith(QStringLiteral("Nothing is recorded, requests go on: ")) &&
                     told.contains(QStringLiteral("history.db")),
                 qPrintable(told));
    }
    QTRY_VERIFY_WITH_TIMEOUT(!hasAlarm(*test, alarm), patience);
    QCOMPARE(test->engine().snapshot()->recording.state, RecordingState::Recording);
}

void TestStates::aFolderThatCannotBeWrittenToIsAnAlarm()
{
    const QString data = m_folder->filePath(QStringLiteral("data"));
    QFile inTheWay(data); // a file where the folder should be
    QVERIFY(inTheWay.open(QIODevice::WriteOnly));
    const auto test = WindowUnderTest::demo(data);
    test->engine().start();
    QTRY_VERIFY_WITH_TIMEOUT(hasAlarm(*test, QStringLiteral("recording_stopped")), patience);
    const std::uint64_t served = test->engine().snapshot()->totals.succeeded;
    QTRY_VERIFY_WITH_TIMEOUT(test->engine().snapshot()->totals.succeeded > served, patience);
}

void TestStates::keyringLockedOrAbsent_data()
{
    QTest::addColumn<QString>("problem");
    QTest::newRow("locked") << QStringLiteral("the keyring did not answer in time; is it locked?");
    QTest::newRow("absent") << QStringLiteral("the keyring cannot be used (no service)");
}

void TestStates::keyringLockedOrAbsent()
{
    QFETCH(const QString, problem);
    const QByteArray config = twoProviders().replace(R"("key":null},)", R"("key":{"keychain":"alpha"}},)");
    QVERIFY(config.contains("keychain"));
    WindowUnderTest test(config, WindowParts { {}, {}, std::make_shared<NoKeychain>(problem) });
    test.engine().start();
    const QString alpha = QStringLiteral("alpha");
    const QString id = QStringLiteral("auth_failing/alpha");
    QTRY_VERIFY_WITH_TIMEOUT(hasAlarm(test, id), patience);
    QTRY_COMPARE_WITH_TIMEOUT(test.cell(alpha, ProviderModel::StateColumn), QStringLiteral("Key missing"), patience);
    test.select(alpha);
    QVERIFY2(test.text("reason").contains(problem), qPrintable(test.text("reason")));
    PageTarget target;
    target.page = PageId::Alarms;
    target.item = id;
    test.window().console().open(target);
    const auto *alarms = test.window().pages().currentPage();
    const auto text = [alarms](const char *name) {
        return alarms->findChild<QLabel *>(QString::fromLatin1(name))->text();
    };
    QTRY_VERIFY_WITH_TIMEOUT(text("alarmText").contains(problem), patience);
    for (const char *wayOut : { "unlock it", "this session", "environment variable" })
        QVERIFY2(text("alarmAdvice").contains(QLatin1String(wayOut)), wayOut);
    // Nothing was written in plain text instead.
    QVERIFY(!test.configText().contains("sk-session"));
    QFuture<Status> given = test.engine().setSessionKey(alpha, Secret("sk-session-0123456789"));
    QTRY_VERIFY_WITH_TIMEOUT(given.isFinished(), patience);
    QVERIFY(given.result());
    QTRY_VERIFY_WITH_TIMEOUT(!hasAlarm(test, id), patience);
    QVERIFY(!test.configText().contains("sk-session"));
    test.go(PageId::Wall);
    QTRY_COMPARE_WITH_TIMEOUT(test.cell(alpha, ProviderModel::StateColumn), QStringLiteral("No requests"), patience);
}

void TestStates::closedUnexpectedly()
{
    OpenedFolders opened;
    QDesktopServices::setUrlHandler(QStringLiteral("file"), &opened, "open");
    WindowUnderTest test(twoProviders());
    auto *banner = test.find<Banner>("crashBanner");
    QVERIFY(!banner->isVisible());
    const QDateTime at = QDateTime(QDate(2026, 3, 1), QTime(12, 41, 7));
    test.window().tellOfCrash(at, m_folder->path());
    QVERIFY(banner->isVisible());
    QVERIFY2(banner->text().contains(QStringLiteral("closed unexpectedly at about 2026-03-01 12:41:07")),
             qPrintable(banner->text()));
    QVERIFY(banner->text().contains(m_folder->path()));
    test.find<QPushButton>("openLogFolderButton")->setFocus();
    QTest::keyClick(test.find<QPushButton>("openLogFolderButton"), Qt::Key_Space);
    QCOMPARE(opened.urls, QList<QUrl> { QUrl::fromLocalFile(m_folder->path()) });
    test.click("dismissCrashButton");
    QVERIFY(!banner->isVisible());
    QDesktopServices::unsetUrlHandler(QStringLiteral("file"));
}

QTEST_MAIN(TestStates)
#include "tst_states.moc"
