// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/provider/chartdeck.h"

#include <QSignalBlocker>
#include <QTabBar>

#include <algorithm>

namespace signalbox {

namespace {

constexpr int spacing = 8;
constexpr int columns = 2;
constexpr int leastTileWidth = 400;
constexpr int leastTileHeight = 150;

} // namespace

ChartDeck::ChartDeck(QWidget *parent) : QWidget(parent), m_tabs(new QTabBar(this))
{
    m_tabs->setObjectName(QStringLiteral("chartTabs"));
    m_tabs->setAccessibleName(tr("Chart"));
    m_tabs->setDrawBase(false);
    m_tabs->setExpanding(false);
    // All of them stay in sight; long names are cut, with the whole as a tool tip.
    m_tabs->setElideMode(Qt::ElideRight);
    m_tabs->setUsesScrollButtons(false);
    connect(m_tabs, &QTabBar::currentChanged, this, [this](int index) {
        m_chosen = index;
        arrange();
    });
}

void ChartDeck::add(QWidget *chart, const QString &tab)
{
    chart->setParent(this);
    m_charts.push_back(chart);
    m_tabs->setTabToolTip(m_tabs->addTab(tab), tab);
    arrange();
}

void ChartDeck::peek(int index)
{
    const QSignalBlocker quiet(m_tabs);
    m_tabs->setCurrentIndex(index >= 0 ? index : m_chosen);
    arrange();
}

void ChartDeck::tile()
{
    const int rows = (static_cast<int>(m_charts.size()) + columns - 1) / columns;
    const int tileWidth = (width() - spacing * (columns - 1)) / columns;
    const int tileHeight = (height() - spacing * (rows - 1)) / std::max(rows, 1);
    for (std::size_t i = 0; i < m_charts.size(); ++i) {
        const int column = static_cast<int>(i) % columns;
        const int row = static_cast<int>(i) / columns;
        // The last column and row reach the border, whatever was lost by dividing.
        const int left = column * (tileWidth + spacing);
        const int top = row * (tileHeight + spacing);
        m_charts[i]->setGeometry(left, top, column == columns - 1 ? width() - left : tileWidth,
                                 row == rows - 1 ? height() - top : tileHeight);
        m_charts[i]->show();
    }
}

void ChartDeck::arrange()
{
    const int rows = (static_cast<int>(m_charts.size()) + columns - 1) / columns;
    m_tiled =
        width() >= columns * leastTileWidth + spacing && height() >= rows * leastTileHeight + (rows - 1) * spacing;
    m_tabs->setVisible(!m_tiled);
    if (m_tiled) {
        tile();
        return;
    }
    const int tabsHeight = m_tabs->sizeHint().height();
    m_tabs->setGeometry(0, 0, width(), tabsHeight);
    for (std::size_t i = 0; i < m_charts.size(); ++i) {
        m_charts[i]->setGeometry(0, tabsHeight, width(), std::max(0, height() - tabsHeight));
        m_charts[i]->setVisible(static_cast<int>(i) == m_tabs->currentIndex());
    }
}

void ChartDeck::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    arrange();
}

QSize ChartDeck::sizeHint() const
{
    return { columns * leastTileWidth, 220 };
}

QSize ChartDeck::minimumSizeHint() const
{
    return { 300, m_tabs->sizeHint().height() + 110 };
}

} // namespace signalbox
