// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/style/appearance.h"

#include "ui/style/consolestyle.h"

#include <QAbstractScrollArea>
#include <QApplication>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusVariant>
#include <QEvent>
#include <QStyleHints>

namespace signalbox {

namespace {

const QString portalGroup = QStringLiteral("org.freedesktop.appearance");
const QString schemeKey = QStringLiteral("color-scheme"); // 0 no preference, 1 dark, 2 light
const QString contrastKey = QStringLiteral("contrast"); // 0 normal, 1 high

bool looksDark(const QPalette &palette)
{
    return relativeLuminance(palette.color(QPalette::Window)) < relativeLuminance(palette.color(QPalette::WindowText));
}

} // namespace

Appearance::Appearance(Scheme scheme, QObject *parent)
    : QObject(parent), m_scheme(scheme), m_theme(std::make_shared<Theme>()), m_systemPalette(QApplication::palette())
{
    QApplication::setStyle(new ConsoleStyle(m_theme));
    apply();
    qApp->installEventFilter(this);
#if QT_VERSION >= QT_VERSION_CHECK(6, 5, 0)
    connect(QGuiApplication::styleHints(), &QStyleHints::colorSchemeChanged, this, [this] { apply(); });
#endif
    askPortal();
}

void Appearance::setScheme(Scheme scheme)
{
    if (m_scheme == scheme)
        return;
    m_scheme = scheme;
    apply();
    askPortal();
}

bool Appearance::eventFilter(QObject *watched, QEvent *event)
{
    const bool changed = event->type() == QEvent::ApplicationPaletteChange || event->type() == QEvent::ThemeChange;
    // Our own palette is announced the same way; only someone else's means that the desktop changed.
    if (changed && watched == qApp && !m_applying && QApplication::palette() != m_theme->palette()) {
        m_systemPalette = QApplication::palette();
        apply();
    }
    return QObject::eventFilter(watched, event);
}

void Appearance::askPortal()
{
    if (m_scheme != Scheme::FollowSystem || m_askedPortal)
        return;
    m_askedPortal = true;
    QDBusConnection bus = QDBusConnection::sessionBus();
    if (!bus.isConnected())
        return;
    const QString service = QStringLiteral("org.freedesktop.portal.Desktop");
    const QString path = QStringLiteral("/org/freedesktop/portal/desktop");
    const QString interface = QStringLiteral("org.freedesktop.portal.Settings");
    // A signature is compared in its normalized form.
    // clang-format off
    bus.connect(service, path, interface, QStringLiteral("SettingChanged"), this,
                SLOT(onPortalSettingChanged(QString,QString,QDBusVariant)));
    // clang-format on
    for (const QString &key : { schemeKey, contrastKey }) {
        QDBusMessage call = QDBusMessage::createMethodCall(service, path, interface, QStringLiteral("Read"));
        call.setArguments({ portalGroup, key });
        auto *watcher = new QDBusPendingCallWatcher(bus.asyncCall(call), this);
        connect(watcher, &QDBusPendingCallWatcher::finished, this, [this, key](QDBusPendingCallWatcher *answered) {
            const QDBusPendingReply<QDBusVariant> reply = *answered;
            if (!reply.isError()) {
                QVariant value = reply.value().variant();
                if (value.canConvert<QDBusVariant>()) // Read wraps the value twice
                    value = value.value<QDBusVariant>().variant();
                takePortalValue(key, value);
            }
            answered->deleteLater();
        });
    }
}

void Appearance::onPortalSettingChanged(const QString &group, const QString &key, const QDBusVariant &value)
{
    if (group == portalGroup)
        takePortalValue(key, value.variant());
}

void Appearance::takePortalValue(const QString &key, const QVariant &value)
{
    const uint number = value.toUInt();
    if (key == schemeKey)
        m_portalDark = number == 0 ? std::nullopt : std::optional(number == 1);
    else if (key == contrastKey)
        m_portalHighContrast = number == 1;
    apply();
}

Theme Appearance::systemTheme()
{
    if (m_portalHighContrast)
        return Theme::fromSystem(m_systemPalette);
#if QT_VERSION >= QT_VERSION_CHECK(6, 5, 0)
    const Qt::ColorScheme scheme = QGuiApplication::styleHints()->colorScheme();
    if (scheme != Qt::ColorScheme::Unknown)
        return scheme == Qt::ColorScheme::Dark ? Theme::darkTheme() : Theme::lightTheme();
#endif
    return m_portalDark.value_or(looksDark(m_systemPalette)) ? Theme::darkTheme() : Theme::lightTheme();
}

void Appearance::apply()
{
    switch (m_scheme) {
    case Scheme::FollowSystem:
        *m_theme = systemTheme();
        break;
    case Scheme::Light:
        *m_theme = Theme::lightTheme();
        break;
    case Scheme::Dark:
        *m_theme = Theme::darkTheme();
        break;
    }
    m_applying = true;
    QApplication::setPalette(m_theme->palette());
    m_applying = false;
    Q_EMIT themeChanged();
}

void Appearance::keepOnSurface(QAbstractScrollArea *view) const
{
    const auto lay = [this, view] {
        QPalette colors = m_theme->palette();
        colors.setColor(QPalette::Base, m_theme->surface);
        colors.setColor(QPalette::Window, m_theme->surface);
        view->setPalette(colors);
        view->viewport()->update();
    };
    connect(this, &Appearance::themeChanged, view, lay);
    lay();
}

} // namespace signalbox
