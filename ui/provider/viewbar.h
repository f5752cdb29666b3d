// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/provider/chartmapping.h"
#include "ui/provider/timewindow.h"

#include <QWidget>

class QAction;
class QActionGroup;
class QHBoxLayout;
class QLabel;
class QMenu;
class QPushButton;

namespace signalbox {

/// What stretch of time, which latency, which axis; and the way back to live. Everything is an action with a key too.
class ViewBar : public QWidget
{
    Q_OBJECT

public:
    explicit ViewBar(QWidget *parent = nullptr);

    /// "Paused at 12:40": what to do then. Belongs above the charts; hidden while live.
    QWidget *pausedBar() const { return m_pausedBar; }
    void showWindow(const TimeWindow &window);
    void setPeers(const QStringList &names, const QStringList &compared);
    Latency latency() const;
    bool isLogarithmic() const;
    /// For the page, whose keys they are.
    QList<QAction *> viewActions() const;

Q_SIGNALS:
    void rangeChosen(std::size_t index);
    void latencyChosen();
    void axisChosen();
    void backToLive();
    void showRequests();
    void peersChosen(const QStringList &names);

private:
    QAction *add(const QString &text, const QString &objectName, const QKeySequence &key, bool checkable);
    QPushButton *buttonFor(QAction *action, const QString &text, QWidget *parent);
    void buildPausedBar();
    void buildRanges(QHBoxLayout *layout);

    QActionGroup *m_ranges;
    QActionGroup *m_latencies;
    QAction *m_total = nullptr;
    QAction *m_logarithmic = nullptr;
    QAction *m_live = nullptr;
    QAction *m_requests = nullptr;
    QWidget *m_pausedBar;
    QLabel *m_paused;
    QMenu *m_peers;
    QPushButton *m_compare = nullptr;
};

} // namespace signalbox
