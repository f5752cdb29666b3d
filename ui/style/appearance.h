// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/style/theme.h"

#include <QObject>

#include <memory>
#include <optional>

class QAbstractScrollArea;
class QDBusVariant;

namespace signalbox {

/// Follows the desktop's choice of light, dark or high contrast, and keeps the application in that theme.
class Appearance : public QObject
{
    Q_OBJECT

public:
    enum class Scheme { FollowSystem, Light, Dark };

    /// Takes over style and palette of the application.
    explicit Appearance(Scheme scheme = Scheme::FollowSystem, QObject *parent = nullptr);

    const Theme &theme() const { return *m_theme; }

    Scheme scheme() const { return m_scheme; }
    /// Takes effect at once.
    void setScheme(Scheme scheme);

    /// Gives the view the ground that cards have, now and after each change of the theme.
    void keepOnSurface(QAbstractScrollArea *view) const;

Q_SIGNALS:
    void themeChanged();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private Q_SLOTS:
    void onPortalSettingChanged(const QString &group, const QString &key, const QDBusVariant &value);

private:
    void askPortal();
    void takePortalValue(const QString &key, const QVariant &value);
    Theme systemTheme();
    void apply();

    Scheme m_scheme;
    std::shared_ptr<Theme> m_theme; ///< shared with the style, which the application owns
    QPalette m_systemPalette; ///< before ours went over it
    std::optional<bool> m_portalDark;
    bool m_portalHighContrast = false;
    bool m_askedPortal = false;
    bool m_applying = false;
};

} // namespace signalbox
