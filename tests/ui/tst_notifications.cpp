// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/windowundertest.h"
#include "ui/page/page.h"
#include "ui/page/preferences.h"
#include "ui/shell/desktopnotifications.h"
#include "ui/shell/pagestack.h"

#include <QDBusConnection>
#include <QDBusPendingCallWatcher>
#include <QDialog>
#include <QSettings>
#include <QSignalSpy>
#include <QTest>

#include <algorithm>

using namespace signalbox;
using namespace std::chrono_literals;

namespace {

/// Generous: against a hang, not a measure.
constexpr int patience = 20000;

const QString service = QStringLiteral("org.freedesktop.Notifications");
const QString path = QStringLiteral("/org/freedesktop/Notifications");

} // namespace

/// What a desktop has: shows nothing and remembers everything.
class FakeDesktop : public QObject
{
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.Notifications")

public:
    struct Shown
    {
        QString title;
        QString body;
        QStringList actions;
        QVariantMap hints;
    };
    QList<Shown> shown;

public Q_SLOTS:
    uint Notify(const QString &, uint, const QString &, const QString &title, const QString &body,
                const QStringList &actions, const QVariantMap &hints, int)
    {
        shown.append({ title, body, actions, hints });
        return static_cast<uint>(shown.size());
    }

Q_SIGNALS:
    void ActionInvoked(uint id, const QString &action);
    void NotificationClosed(uint id, uint reason);
};

/// A window on a real engine of two providers that nobody asks. Time stands still for what limits notifications.
class Told
{
public:
    Told() : window(twoProviders()) { window.engine().start(); }

    /// An operator takes it out: two alarms, that of the provider and that of its dialect, which nobody serves then.
    void breakProvider(const char *provider, const char *dialect)
    {
        ProviderCommand command;
        command.kind = ProviderCommand::Kind::TripFor;
        command.provider = QString::fromLatin1(provider);
        command.duration = 10min;
        window.engine().command(command);
        const QString first = QStringLiteral("provider_open/%1").arg(command.provider);
        const QString second = QStringLiteral("route_down/%1").arg(QLatin1String(dialect));
        QTRY_VERIFY_WITH_TIMEOUT(is(first, AlarmState::Active) && is(second, AlarmState::Active), patience);
    }
    bool is(const QString &id, AlarmState state)
    {
        const EngineSnapshotPtr snapshot = window.engine().snapshot();
        return std::any_of(snapshot->alarms.begin(), snapshot->alarms.end(),
                           [&](const Alarm &alarm) { return alarm.id == id && alarm.state == state; });
    }
    /// So long that what is to be told is told.
    void waitForSnapshots()
    {
        QSignalSpy snapshots(&window.engine(), &Engine::snapshotPublished);
        QTRY_VERIFY_WITH_TIMEOUT(snapshots.size() >= 3, patience);
        waitForReplies();
    }
    /// The desktop has answered everything, so that its numbers are known.
    void waitForReplies()
    {
        QTRY_VERIFY_WITH_TIMEOUT(window.window().findChildren<QDBusPendingCallWatcher *>().isEmpty(), patience);
    }

    WindowUnderTest window;
};

/// Runs on a session bus of its own.
class TestNotifications : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void tellsWhileNobodyLooks_data();
    void tellsWhileNobodyLooks();
    void opensTheAlarm();
    void mutesForAnHour();
    void tellsAtMostOnceInThirtySeconds();
    void staysSilentWhileTheWindowIsActive();
    void staysSilentWhereSwitchedOff();
    void saysWhereThereIsNoService();

private:
    QTemporaryDir m_settings;
    QDBusConnection m_bus = QDBusConnection(QStringLiteral("not yet"));
    FakeDesktop m_desktop;
};

void TestNotifications::initTestCase()
{
    QCoreApplication::setOrganizationName(QStringLiteral("signalbox-test"));
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, m_settings.path());
    m_bus = QDBusConnection::connectToBus(QDBusConnection::SessionBus, QStringLiteral("desktop"));
    QVERIFY2(m_bus.isConnected(), "run it with dbus-run-session");
    QVERIFY(
        m_bus.registerObject(path, &m_desktop, QDBusConnection::ExportAllSlots | QDBusConnection::ExportAllSignals));
    QVERIFY(m_bus.registerService(service));
}

void TestNotifications::init()
{
    QSettings().clear();
    m_desktop.shown.clear();
}

void TestNotifications::tellsWhileNobodyLooks_data()
{
    QTest::addColumn<bool>("minimised");
    QTest::newRow("hidden") << false;
    QTest::newRow("minimised") << true;
}

void TestNotifications::tellsWhileNobodyLooks()
{
    QFETCH(const bool, minimised);
    Told test;
    if (minimised)
        test.window.window().showMinimized();
    else
        test.window.window().hide();
    test.breakProvider("alpha", "openai");
    QTRY_COMPARE_WITH_TIMEOUT(m_desktop.shown.size(), 1, patience);
    const FakeDesktop::Shown &shown = m_desktop.shown.first();
    // The graver one of the two.
    QCOMPARE(shown.title, QStringLiteral("Signalbox: high alarm"));
    QVERIFY2(shown.body.startsWith(QStringLiteral("No provider takes openai requests")), qPrintable(shown.body));
    QVERIFY2(shown.body.endsWith(QStringLiteral("and 1 more")), qPrintable(shown.body));
    QCOMPARE(shown.actions,
             QStringList({ QStringLiteral("default"), QStringLiteral("Open"), QStringLiteral("mute"),
                           QStringLiteral("Mute 1 h") }));
    QCOMPARE(shown.hints.value(QStringLiteral("urgency")).toInt(), 2);
    test.waitForSnapshots();
    QCOMPARE(m_desktop.shown.size(), 1);
}

void TestNotifications::opensTheAlarm()
{
    Told test;
    test.window.window().showMinimized();
    test.breakProvider("alpha", "openai");
    QTRY_COMPARE_WITH_TIMEOUT(m_desktop.shown.size(), 1, patience);
    test.waitForReplies();
    QSignalSpy opened(&test.window.window().console(), &Console::openRequested);
    // Another program's number is nothing to us.
    Q_EMIT m_desktop.ActionInvoked(99, QStringLiteral("default"));
    Q_EMIT m_desktop.ActionInvoked(1, QStringLiteral("default"));
    QTRY_VERIFY_WITH_TIMEOUT(!test.window.window().isMinimized(), patience);
    QVERIFY(test.window.window().isVisible());
    QTRY_COMPARE_WITH_TIMEOUT(test.window.window().pages().currentPage()->place().item,
                              QStringLiteral("route_down/openai"), patience);
    QCOMPARE(test.window.window().pages().currentPage()->place().page, PageId::Alarms);
    QCOMPARE(opened.size(), 1);
}

void TestNotifications::mutesForAnHour()
{
    Told test;
    test.window.window().hide();
    test.breakProvider("alpha", "openai");
    QTRY_COMPARE_WITH_TIMEOUT(m_desktop.shown.size(), 1, patience);
    test.waitForReplies();
    Q_EMIT m_desktop.ActionInvoked(1, QStringLiteral("mute"));
    const QString told = QStringLiteral("route_down/openai");
    QTRY_VERIFY_WITH_TIMEOUT(test.is(told, AlarmState::Shelved), patience);
    // What was only counted has not been seen.
    QVERIFY(test.is(QStringLiteral("provider_open/alpha"), AlarmState::Active));
    const EngineSnapshotPtr snapshot = test.window.engine().snapshot();
    const auto muted = std::find_if(snapshot->alarms.begin(), snapshot->alarms.end(),
                                    [&told](const Alarm &alarm) { return alarm.id == told; });
    QCOMPARE(muted->changed.secsTo(muted->shelvedUntil), 3600);
    QVERIFY(!test.window.window().isVisible());
}

void TestNotifications::tellsAtMostOnceInThirtySeconds()
{
    Told test;
    test.window.window().hide();
    test.breakProvider("alpha", "openai");
    QTRY_COMPARE_WITH_TIMEOUT(m_desktop.shown.size(), 1, patience);
    test.breakProvider("beta", "anthropic");
    test.window.advance(29s);
    test.waitForSnapshots();
    QCOMPARE(m_desktop.shown.size(), 1);
    test.window.advance(1s);
    QTRY_COMPARE_WITH_TIMEOUT(m_desktop.shown.size(), 2, patience);
    QVERIFY(m_desktop.shown.last().body.contains(QStringLiteral("anthropic")));
    QVERIFY(m_desktop.shown.last().body.endsWith(QStringLiteral("and 1 more")));
}

void TestNotifications::staysSilentWhileTheWindowIsActive()
{
    Told test;
    test.window.window().activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&test.window.window()));
    test.breakProvider("alpha", "openai");
    test.waitForSnapshots();
    // A dialog over it takes its activation, but somebody looks all the same.
    test.window.trigger("findCommand");
    QVERIFY(QTest::qWaitForWindowActive(test.window.dialog()));
    test.breakProvider("beta", "anthropic");
    test.waitForSnapshots();
    test.window.dialog()->close();
    // What was there to be seen is not told when the window goes.
    test.window.window().hide();
    test.waitForSnapshots();
    QCOMPARE(m_desktop.shown.size(), 0);
}

void TestNotifications::staysSilentWhereSwitchedOff()
{
    Told test;
    test.window.window().console().preferences().setNotifications(false);
    test.window.window().hide();
    test.breakProvider("alpha", "openai");
    test.waitForSnapshots();
    QCOMPARE(m_desktop.shown.size(), 0);
}

void TestNotifications::saysWhereThereIsNoService()
{
    QVERIFY(m_bus.unregisterService(service));
    DesktopNotifications notifications;
    QSignalSpy unavailable(&notifications, &DesktopNotifications::unavailable);
    notifications.show({ QStringLiteral("port_lost"), AlarmPriority::High, QStringLiteral("It does not listen."), 0 });
    QTRY_COMPARE_WITH_TIMEOUT(unavailable.size(), 1, patience);
    QCOMPARE(unavailable.first().first().value<Notice>().alarmId, QStringLiteral("port_lost"));
    QVERIFY(m_bus.registerService(service));
}

QTEST_MAIN(TestNotifications)
#include "tst_notifications.moc"
