// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/snapshot.h"
#include "ui/models/providerorder.h"

#include <QWidget>

class QComboBox;
class QLabel;

namespace signalbox {

/// Above the wall: how many providers are in which state, and in which order they stand.
class WallBar : public QWidget
{
    Q_OBJECT

public:
    explicit WallBar(QWidget *parent = nullptr);

    void showSnapshot(const EngineSnapshot &snapshot);
    /// Says that the order on the screen is not the present one, because somebody is at work there.
    void showHeld(bool held);
    void setOrder(ProviderOrder::Order order);

Q_SIGNALS:
    void orderChosen(signalbox::ProviderOrder::Order order);

private:
    QLabel *m_summary;
    QLabel *m_held;
    QComboBox *m_order;
};

} // namespace signalbox
