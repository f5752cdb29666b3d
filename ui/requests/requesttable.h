// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/requestmodel.h"

#include <QPersistentModelIndex>
#include <QTableView>

class QMenu;

namespace signalbox {

class Appearance;

/// The live list. Follows its end until the user scrolls or selects; then it stays where it is, whatever comes or goes,
/// and counts what is new. The selection goes with its request, also when one in flight ends.
class RequestTable : public QTableView
{
    Q_OBJECT

public:
    RequestTable(RequestModel &model, const Appearance &appearance, QWidget *parent = nullptr);

    bool isFollowing() const { return m_following; }
    void setFollowing(bool following);
    /// Came in since it stopped following.
    int newCount() const { return m_newCount; }

    /// -1 without a selection.
    int selectedRow() const;
    QByteArray selectedId() const;
    /// As shown, oldest first.
    QList<int> selectedRows() const;
    void selectRequest(int row);
    /// By as little scrolling as possible.
    void showSelected();
    /// Shown columns in their order.
    QList<int> shownColumns() const;

    /// The actions that show and hide columns.
    void addColumnActions(QMenu *menu);
    void resetColumns();
    void setContextMenu(QMenu *menu) { m_menu = menu; }

Q_SIGNALS:
    void followingChanged();
    void selectedRequestChanged();
    void detailsRequested();
    /// Scrolled to the oldest.
    void topReached();

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void setUpColumns();
    int naturalWidth(int column) const;
    void fillWidth();
    void watchModel();
    void keepPlace();
    void restorePlace();
    void onInserted(int first, int last);
    void onSifted();
    void onScrolled(int value);
    void onSelection();
    void scrollToEnd();
    void saveColumns() const;
    void step(int by);

    RequestModel &m_model;
    const Appearance &m_appearance;
    QMenu *m_menu = nullptr;
    QPersistentModelIndex m_top; ///< first row that is seen, while rows change
    QByteArray m_selectedId;
    int m_newCount = 0;
    bool m_following = true;
    bool m_ownScroll = false; ///< the scroll bar moves because of us
    bool m_ownSelection = false;
};

} // namespace signalbox
