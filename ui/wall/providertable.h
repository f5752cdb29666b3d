// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTableView>

class QMenu;

namespace signalbox {

class Appearance;
class ProviderModel;
struct ProviderSnapshot;

/// The providers as a table: one row each, one selected.
class ProviderTable : public QTableView
{
    Q_OBJECT

public:
    ProviderTable(ProviderModel &model, const Appearance &appearance, QWidget *parent = nullptr);

    void setContextMenu(QMenu *menu) { m_menu = menu; }
    /// Null if nothing is selected.
    const ProviderSnapshot *selectedProvider() const;

Q_SIGNALS:
    void selectedProviderChanged();
    void copyRequested();

protected:
    void contextMenuEvent(QContextMenuEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void sizeColumns();
    void growNameColumn(int firstRow, int lastRow);
    void hideReasonsIfNarrow();
    void applyTheme();

    ProviderModel &m_model;
    const Appearance &m_appearance;
    QMenu *m_menu = nullptr;
    int m_inFlightWidth = 0; ///< while it is not the last column, which is stretched
};

} // namespace signalbox
