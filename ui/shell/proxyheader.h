// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/snapshot.h"

#include <QFrame>

class QAction;
class QLabel;
class QPushButton;

namespace signalbox {

class Appearance;
class LampWidget;
class ProxyActions;

/// Whether the proxy listens, where, and what a tool needs to use it.
class ProxyHeader : public QFrame
{
    Q_OBJECT

public:
    ProxyHeader(const ProxyActions &actions, const Appearance &appearance, QWidget *parent = nullptr);

    void showSnapshot(const EngineSnapshot &snapshot);
    void setStale(bool stale);

private:
    void buildLayout(const ProxyActions &actions);
    QPushButton *button(QAction *action);
    void applyTheme();

    const Appearance &m_appearance;
    LampWidget *m_lamp;
    QLabel *m_state;
    QLabel *m_address;
    QLabel *m_simulated;
    bool m_stale = false;
};

/// "Listening", "Stopped", "Not listening" or "Stopping".
QString listenWord(ListenState state);

} // namespace signalbox
