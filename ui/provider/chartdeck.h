// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include <vector>

class QTabBar;

namespace signalbox {

/// Several charts: beside and below each other where there is room for all, else one of them, chosen by a tab.
class ChartDeck : public QWidget
{
    Q_OBJECT

public:
    explicit ChartDeck(QWidget *parent = nullptr);

    /// The tab's text is short; the chart has its own title.
    void add(QWidget *chart, const QString &tab);
    bool isTiled() const { return m_tiled; }
    /// Shows it for a while, without choosing it; -1: the chosen one again.
    void peek(int index);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void arrange();
    void tile();

    QTabBar *m_tabs;
    std::vector<QWidget *> m_charts;
    int m_chosen = 0;
    bool m_tiled = false;
};

} // namespace signalbox
