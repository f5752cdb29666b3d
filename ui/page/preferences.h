// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/style/appearance.h"

#include <QObject>

namespace signalbox {

/// What this user chose for this console on this machine. What the engine goes by is in the configuration instead,
/// which signalboxd shares. Kept in QSettings as it is set.
class Preferences : public QObject
{
    Q_OBJECT

public:
    explicit Preferences(QObject *parent = nullptr);

    Appearance::Scheme scheme() const { return m_scheme; }
    void setScheme(Appearance::Scheme scheme);
    /// Nothing moves or flashes.
    bool reduceMotion() const { return m_reduceMotion; }
    void setReduceMotion(bool on);
    /// Closing the window leaves the proxy running, where there is a tray.
    bool closeToTray() const { return m_closeToTray; }
    void setCloseToTray(bool on);
    bool startMinimized() const { return m_startMinimized; }
    void setStartMinimized(bool on);
    /// Desktop notifications of new alarms.
    bool notifications() const { return m_notifications; }
    void setNotifications(bool on);
    /// How many finished requests the list of requests holds.
    int requestListSize() const { return m_requestListSize; }
    void setRequestListSize(int requests);
    /// Requests that this console sent itself, such as the test of the Connect page, are in the list of requests.
    bool showOwnTraffic() const { return m_showOwnTraffic; }
    void setShowOwnTraffic(bool on);

    static constexpr int smallestRequestList = 1'000;
    static constexpr int largestRequestList = 100'000;

Q_SIGNALS:
    void changed();

private:
    template <typename Value> void set(Value &value, Value to, const QString &key);

    Appearance::Scheme m_scheme = Appearance::Scheme::FollowSystem;
    bool m_reduceMotion = false;
    bool m_closeToTray = false;
    bool m_startMinimized = false;
    bool m_notifications = true;
    bool m_showOwnTraffic = false;
    int m_requestListSize = 20'000;
};

/// Keeps the appearance in the chosen theme, from now on.
void followScheme(Appearance &appearance, const Preferences &preferences);

} // namespace signalbox
