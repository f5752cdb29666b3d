// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/windowundertest.h"
#include "ui/page/page.h"
#include "ui/shell/pages.h"
#include "ui/shell/pagestack.h"

#include <QAccessible>
#include <QApplication>
#include <QLabel>
#include <QSet>
#include <QSettings>
#include <QTest>

using namespace signalbox;

namespace {

/// Far more than any page has: where Tab never comes round, this ends it.
constexpr int mostStops = 500;

QString nameOf(QWidget *widget)
{
    QAccessibleInterface *interface = QAccessible::queryAccessibleInterface(widget);
    return interface ? interface->text(QAccessible::Name) : QString();
}

QString describe(const QWidget *widget)
{
    QStringList path;
    for (const QWidget *each = widget; each && !each->isWindow(); each = each->parentWidget())
        path.prepend(QStringLiteral("%1 '%2'").arg(QLatin1String(each->metaObject()->className()), each->objectName()));
    return path.join(QStringLiteral(" > "));
}

/// What an operator can put the focus on. A label's text can be selected with the mouse without being a control.
QList<QWidget *> controlsOf(const QWidget &window)
{
    QList<QWidget *> controls;
    for (QWidget *widget : window.findChildren<QWidget *>()) {
        if (widget->focusPolicy() != Qt::NoFocus && !widget->focusProxy() && widget->isVisible() &&
            widget->isEnabled() && widget->window() == &window && !qobject_cast<QLabel *>(widget))
            controls.append(widget);
    }
    return controls;
}

/// Where Tab comes to, until it is where it was before.
QSet<const QWidget *> stopsOfTab()
{
    QSet<const QWidget *> stops;
    QWidget *const first = QApplication::focusWidget();
    for (int i = 0; i < mostStops; ++i) {
        QWidget *focused = QApplication::focusWidget();
        if (!focused || (i > 0 && focused == first))
            break;
        stops.insert(focused);
        QTest::keyClick(focused, Qt::Key_Tab);
    }
    return stops;
}

} // namespace

/// Every page there is: each control has a name for a screen reader, and Tab comes to it.
class TestReach : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void everyControl_data();
    void everyControl();

private:
    QTemporaryDir m_settings;
};

void TestReach::initTestCase()
{
    QCoreApplication::setOrganizationName(QStringLiteral("signalbox-test"));
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, m_settings.path());
}

void TestReach::everyControl_data()
{
    QTest::addColumn<QByteArray>("config");
    QTest::addColumn<PageId>("page");
    QTest::addColumn<QString>("item");
    for (const PageKind &kind : pageKinds())
        QTest::newRow(kind.title) << twoProviders() << kind.id << QString();
    QTest::newRow("Events") << twoProviders() << PageId::Alarms << QStringLiteral("events");
    for (const char *section : { "proxy", "providers", "addProvider", "recording", "alarms", "metrics", "shortcuts" })
        QTest::addRow("Settings, %s", section) << twoProviders() << PageId::Settings << QString::fromLatin1(section);
    const QByteArray nothing(R"({"version":1,"proxy":{"port":0,"token":null},"providers":[]})");
    QTest::newRow("Wall without providers") << nothing << PageId::Wall << QStringLiteral("providers");
    QTest::newRow("Set up without providers") << nothing << PageId::FirstRun << QString();
}

void TestReach::everyControl()
{
    QFETCH(const QByteArray, config);
    QFETCH(const PageId, page);
    QFETCH(const QString, item);
    WindowUnderTest test(config);
    test.engine().start();
    QTRY_COMPARE(test.engine().snapshot()->listener.state, ListenState::Listening);
    PageTarget target;
    target.page = page;
    target.provider = QStringLiteral("alpha");
    target.item = item;
    test.window().console().open(target);
    QCOMPARE(test.window().pages().currentPage()->place().page, target.page);
    test.window().activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&test.window()));
    test.window().pages().currentPage()->setFocus();
    if (!QApplication::focusWidget())
        test.window().setFocus();

    // What the engine tells meanwhile may bring a control: then the way round is another one.
    QSet<const QWidget *> stops;
    QList<QWidget *> controls;
    do {
        controls = controlsOf(test.window());
        stops = stopsOfTab();
    } while (controlsOf(test.window()) != controls);
    QStringList unnamed;
    QStringList unreached;
    for (QWidget *control : controls) {
        if (nameOf(control).isEmpty())
            unnamed.append(describe(control));
        if (!stops.contains(control))
            unreached.append(describe(control));
    }
    QVERIFY2(unnamed.isEmpty(), qPrintable(QStringLiteral("without a name:\n") + unnamed.join(QLatin1Char('\n'))));
    QVERIFY2(unreached.isEmpty(), qPrintable(QStringLiteral("not reached:\n") + unreached.join(QLatin1Char('\n'))));
}

QTEST_MAIN(TestReach)
#include "tst_reach.moc"
