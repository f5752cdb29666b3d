// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QListView>

class QMenu;

namespace signalbox {

class Appearance;
class ProviderOrder;
class TileDelegate;

/// The providers as cards that share the width of the view evenly.
class TileView : public QListView
{
    Q_OBJECT

public:
    TileView(ProviderOrder &model, const Appearance &appearance, QWidget *parent = nullptr);

    void setCompact(bool compact);
    void setContextMenu(QMenu *menu) { m_menu = menu; }
    /// By the beginning of the name, not of the state, which is what the first column shows.
    void keyboardSearch(const QString &search) override;

Q_SIGNALS:
    void copyRequested();

protected:
    void dataChanged(const QModelIndex &topLeft, const QModelIndex &bottomRight, const QList<int> &roles) override;
    void resizeEvent(QResizeEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void fitGrid();
    void applyTheme();

    ProviderOrder &m_order;
    const Appearance &m_appearance;
    TileDelegate *m_delegate;
    QMenu *m_menu = nullptr;
    QString m_search;
    QElapsedTimer m_lastSearch;
};

} // namespace signalbox
