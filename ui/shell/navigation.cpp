// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/navigation.h"

#include "ui/shell/navigationdelegate.h"
#include "ui/style/appearance.h"

#include <QEvent>
#include <QScopedValueRollback>
#include <QStandardItemModel>

namespace signalbox {

using Role = NavigationDelegate::Role;

Navigation::Navigation(const Appearance &appearance, QWidget *parent)
    : QListView(parent), m_appearance(appearance), m_model(new QStandardItemModel(this))
{
    setObjectName(QStringLiteral("navigation"));
    setAccessibleName(tr("Pages"));
    setModel(m_model);
    setItemDelegate(new NavigationDelegate(appearance, this));
    setFrameShape(NoFrame);
    setEditTriggers(NoEditTriggers);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setMouseTracking(true);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Expanding);
    setUniformItemSizes(true);
    connect(selectionModel(), &QItemSelectionModel::currentChanged, this, &Navigation::choose);
    // The current one too: a page that is not in the list may be shown.
    connect(this, &QAbstractItemView::clicked, this, &Navigation::choose);
    connect(this, &QAbstractItemView::activated, this, &Navigation::choose);
    connect(&appearance, &Appearance::themeChanged, this, &Navigation::applyTheme);
    applyTheme();
}

void Navigation::addPage(PageId id, const QString &title, const QIcon &icon, const QKeySequence &key)
{
    auto *item = new QStandardItem(icon, title);
    item->setData(static_cast<int>(id), Role::PageRole);
    item->setData(title, Role::TitleRole);
    item->setData(title, Qt::AccessibleTextRole);
    item->setToolTip(key.isEmpty() ? title
                                   : QStringLiteral("%1 (%2)").arg(title, key.toString(QKeySequence::NativeText)));
    m_model->appendRow(item);
    fitWidth();
}

void Navigation::choose(const QModelIndex &index)
{
    if (index.isValid() && !m_following)
        Q_EMIT pageChosen(static_cast<PageId>(index.data(Role::PageRole).toInt()));
}

QModelIndex Navigation::indexOf(PageId id) const
{
    return m_model->match(m_model->index(0, 0), Role::PageRole, static_cast<int>(id), 1, Qt::MatchExactly).value(0);
}

void Navigation::setCurrentPage(PageId id)
{
    const QModelIndex index = indexOf(id);
    if (!index.isValid() || index == currentIndex())
        return;
    const QScopedValueRollback following(m_following, true);
    setCurrentIndex(index);
}

void Navigation::setBadge(PageId id, int count, const QString &spoken)
{
    const QModelIndex index = indexOf(id);
    if (!index.isValid() || index.data(Role::BadgeRole).toInt() == count)
        return;
    const QString title = index.data(Role::TitleRole).toString();
    m_model->setData(index, count, Role::BadgeRole);
    m_model->setData(index, count > 0 ? tr("%1, %2").arg(title, spoken) : title, Qt::AccessibleTextRole);
}

void Navigation::setCollapsed(bool collapsed)
{
    if (m_collapsed == collapsed)
        return;
    m_collapsed = collapsed;
    static_cast<NavigationDelegate *>(itemDelegate())->setCollapsed(collapsed);
    fitWidth();
    viewport()->update();
}

void Navigation::fitWidth()
{
    const QFontMetrics metrics(font());
    int widest = 0;
    for (int row = 0; row < m_model->rowCount(); ++row)
        widest = std::max(widest, metrics.horizontalAdvance(m_model->index(row, 0).data(Role::TitleRole).toString()));
    setFixedWidth(static_cast<const NavigationDelegate *>(itemDelegate())->width(metrics, widest));
}

void Navigation::changeEvent(QEvent *event)
{
    QListView::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        fitWidth();
}

void Navigation::applyTheme()
{
    QPalette colors = m_appearance.theme().palette();
    colors.setColor(QPalette::Base, m_appearance.theme().surface);
    setPalette(colors);
    viewport()->update();
}

} // namespace signalbox
