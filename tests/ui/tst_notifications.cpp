// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/windowundertest.h"
#include "ui/page/preferences.h"

#include <QDBusConnection>
#include <QSettings>
#include <QSignalSpy>
#include <QTcpServer>
#include <QTest>

using namespace signalbox;

namespace {

/// Generous: against a hang, not a measure.
constexpr int patience = 15000;

} // namespace

/// What a desktop has: shows nothing and remembers everything.
class FakeNotifications : public QObject
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

/// Runs on a session bus of its own.
class TestNotifications : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void tellsOfAHighAlarmAndOpensIt();
    void mutesForAnHour();
    void staysSilentWhereSwitchedOff();

private:
    static QByteArray busyConfig(const QTcpServer &squatter)
    {
        return twoProviders({}, "\"token\":null,\"port\":" + QByteArray::number(squatter.serverPort()));
    }
    static bool has(WindowUnderTest &test, AlarmState state)
    {
        for (const Alarm &alarm : test.engine().snapshot()->alarms) {
            if (alarm.priority == AlarmPriority::High && alarm.state == state)
                return true;
        }
        return false;
    }

    QTemporaryDir m_settings;
    QTcpServer m_squatter;
    FakeNotifications m_desktop;
};

void TestNotifications::initTestCase()
{
    QCoreApplication::setOrganizationName(QStringLiteral("signalbox-test"));
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, m_settings.path());
    QVERIFY(m_squatter.listen(QHostAddress::LocalHost));
    QDBusConnection bus = QDBusConnection::connectToBus(QDBusConnection::SessionBus, QStringLiteral("desktop"));
    QVERIFY2(bus.isConnected(), "run it with dbus-run-session");
    QVERIFY(bus.registerObject(QStringLiteral("/org/freedesktop/Notifications"), &m_desktop,
                               QDBusConnection::ExportAllSlots | QDBusConnection::ExportAllSignals));
    QVERIFY(bus.registerService(QStringLiteral("org.freedesktop.Notifications")));
}

void TestNotifications::init()
{
    QSettings().clear();
    m_desktop.shown.clear();
}

void TestNotifications::tellsOfAHighAlarmAndOpensIt()
{
    WindowUnderTest test(busyConfig(m_squatter));
    QSignalSpy opened(&test.window().console(), &Console::openRequested);
    test.window().hide();
    test.engine().start();
    QTRY_COMPARE_WITH_TIMEOUT(m_desktop.shown.size(), 1, patience);
    const FakeNotifications::Shown &shown = m_desktop.shown.first();
    QVERIFY(shown.title.contains(QStringLiteral("high"), Qt::CaseInsensitive));
    QVERIFY(shown.body.contains(QString::number(m_squatter.serverPort())));
    QVERIFY(shown.actions.contains(QStringLiteral("mute")));
    QCOMPARE(shown.hints.value(QStringLiteral("urgency")).toInt(), 2);
    QCoreApplication::processEvents();

    Q_EMIT m_desktop.ActionInvoked(1, QStringLiteral("default"));
    QTRY_COMPARE_WITH_TIMEOUT(opened.size(), 1, patience);
    QVERIFY(test.window().isVisible());
    QCOMPARE(opened.first().first().value<PageTarget>().page, PageId::Alarms);
    QVERIFY(!opened.first().first().value<PageTarget>().item.isEmpty());
}

void TestNotifications::mutesForAnHour()
{
    WindowUnderTest test(busyConfig(m_squatter));
    test.window().hide();
    test.engine().start();
    QTRY_COMPARE_WITH_TIMEOUT(m_desktop.shown.size(), 1, patience);
    QVERIFY(has(test, AlarmState::Active));
    // Another program's number is nothing to us.
    Q_EMIT m_desktop.ActionInvoked(99, QStringLiteral("mute"));
    Q_EMIT m_desktop.ActionInvoked(1, QStringLiteral("mute"));
    QTRY_VERIFY_WITH_TIMEOUT(has(test, AlarmState::Shelved), patience);
    QVERIFY(!test.window().isVisible());
}

void TestNotifications::staysSilentWhereSwitchedOff()
{
    WindowUnderTest test(busyConfig(m_squatter));
    test.window().console().preferences().setNotifications(false);
    test.window().hide();
    test.engine().start();
    QTRY_VERIFY_WITH_TIMEOUT(has(test, AlarmState::Active), patience);
    // The snapshots after the one that has the alarm would have told it.
    QSignalSpy snapshots(&test.engine(), &Engine::snapshotPublished);
    QTRY_VERIFY_WITH_TIMEOUT(snapshots.size() >= 3, patience);
    QCOMPARE(m_desktop.shown.size(), 0);
}

QTEST_MAIN(TestNotifications)
#include "tst_notifications.moc"
