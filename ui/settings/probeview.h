// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/configuring.h"

#include <QWidget>

#include <array>

class QLabel;
class QListView;
class QStringListModel;

namespace signalbox {

class Appearance;
class LampWidget;

/// What trying a provider showed: how far it came, how long each phase took, and the models it lists.
class ProbeView : public QWidget
{
    Q_OBJECT

public:
    explicit ProbeView(const Appearance &appearance, QWidget *parent = nullptr);

    void showWaiting();
    void showReport(const ProbeReport &report);
    void forget();

private:
    struct Phase
    {
        LampWidget *lamp;
        QLabel *time;
    };

    void setPhase(std::size_t phase, const QString &text, bool failed, bool reached);
    void showModels(const QStringList &models);

    LampWidget *m_lamp;
    QLabel *m_verdict;
    QWidget *m_details;
    std::array<Phase, 5> m_phases; ///< name, connection, TLS, first byte, all of it
    QLabel *m_modelsLabel;
    QListView *m_list;
    QStringListModel *m_models;
};

} // namespace signalbox
