// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/page/pagetarget.h"

#include <QListView>

class QStandardItemModel;

namespace signalbox {

class Appearance;

/// The pages down the left side: icon and name, or the icons alone.
class Navigation : public QListView
{
    Q_OBJECT

public:
    explicit Navigation(const Appearance &appearance, QWidget *parent = nullptr);

    void addPage(PageId id, const QString &title, const QIcon &icon, const QKeySequence &key);
    /// Marks it; a page that is not in the list leaves the list as it is.
    void setCurrentPage(PageId id);
    /// A number beside the page's name; 0: none. spoken says what it counts.
    void setBadge(PageId id, int count, const QString &spoken);
    bool isCollapsed() const { return m_collapsed; }
    void setCollapsed(bool collapsed);

Q_SIGNALS:
    void pageChosen(signalbox::PageId id);

protected:
    void changeEvent(QEvent *event) override;

private:
    void choose(const QModelIndex &index);
    QModelIndex indexOf(PageId id) const;
    void fitWidth();
    void applyTheme();

    const Appearance &m_appearance;
    QStandardItemModel *m_model;
    bool m_collapsed = false;
    bool m_following = false; ///< the window's page, not the user's choice
};

} // namespace signalbox
