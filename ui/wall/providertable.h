// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTableView>

class QMenu;

namespace signalbox {

class Appearance;
class ProviderOrder;

/// The providers as a table, one row each: for many of them, and for a screen reader.
class ProviderTable : public QTableView
{
    Q_OBJECT

public:
    ProviderTable(ProviderOrder &model, const Appearance &appearance, QWidget *parent = nullptr);

    void setContextMenu(QMenu *menu) { m_menu = menu; }

Q_SIGNALS:
    void copyRequested();

protected:
    void contextMenuEvent(QContextMenuEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void sizeColumns();
    void growNameColumn(int firstRow, int lastRow);
    void hideReasonsIfNarrow();

    ProviderOrder &m_model;
    const Appearance &m_appearance;
    QMenu *m_menu = nullptr;
    int m_inFlightWidth = 0; ///< while it is not the last column, which is stretched
};

} // namespace signalbox
