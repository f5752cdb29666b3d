// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/recenttraffic.h"
#include "ui/style/lamp.h"

#include <QStatusBar>

#include <optional>

class QToolButton;

namespace signalbox {

class Console;
class ProxyActions;

/// What is always visible, read back from the engine: where the proxy listens, what it does, how old the figures are.
/// Each figure is a button that leads to where it comes from.
class StatusLine : public QStatusBar
{
    Q_OBJECT

public:
    StatusLine(Console &console, const ProxyActions &actions, QWidget *parent = nullptr);

    /// The newest snapshot.
    void refresh();
    void showAge();

private:
    QToolButton *addPart(const char *objectName, const QString &toolTip);
    static void setPart(QToolButton *button, const QString &text);
    void showLamp();

    Console &m_console;
    RecentTraffic m_traffic;
    std::optional<ListenState> m_lamp; ///< that is shown
    QToolButton *m_listening;
    QToolButton *m_inFlight;
    QToolButton *m_rate;
    QToolButton *m_latency;
    QToolButton *m_muted;
    QToolButton *m_age;
};

/// "Listening", "Stopped", "Not listening" or "Stopping".
QString listenWord(ListenState state);
LampShape listenLamp(ListenState state);

} // namespace signalbox
