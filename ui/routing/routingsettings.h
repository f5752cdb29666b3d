// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/config/config.h"

#include <QWidget>

class QCheckBox;
class QComboBox;
class QLabel;

namespace signalbox {

class Console;

/// What routing goes by as a whole. Shows what the engine runs with, not what was asked for: a choice that it has not
/// taken over yet, or refused, is not shown as made.
class RoutingSettings : public QWidget
{
    Q_OBJECT

public:
    explicit RoutingSettings(Console &console, QWidget *parent = nullptr);

    /// The newest snapshot.
    void refresh();

private:
    void chooseStrategy(int index);
    void chooseFailoverAfterSend();
    /// Why it cannot be changed; empty: it can.
    QString fixedBecause(const QString &place) const;

    Console &m_console;
    QComboBox *m_strategy;
    QLabel *m_meaning;
    QCheckBox *m_failoverAfterSend;
};

} // namespace signalbox
