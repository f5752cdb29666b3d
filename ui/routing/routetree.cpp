// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/routing/routetree.h"

#include "ui/routing/routemodel.h"
#include "ui/style/appearance.h"
#include "ui/style/rowdelegate.h"

#include <QContextMenuEvent>
#include <QHeaderView>
#include <QMenu>
#include <QPainter>

namespace signalbox {

namespace {

class RouteDelegate : public RowDelegate
{
public:
    using RowDelegate::RowDelegate;

    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &) const override
    {
        return { 0, std::max(26, option.fontMetrics.height() + 10) };
    }

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        QStyleOptionViewItem shown = option;
        if (index.data(RouteModel::GroupRole).toBool()) {
            shown.font.setBold(true);
            shown.fontMetrics = QFontMetrics(shown.font);
        }
        RowDelegate::paint(painter, shown, index);
    }
};

} // namespace

RouteTree::RouteTree(RouteModel &model, const Appearance &appearance, QWidget *parent)
    : QTreeView(parent), m_routes(model), m_appearance(appearance)
{
    setObjectName(QStringLiteral("routes"));
    setAccessibleName(tr("Providers in failover order"));
    setModel(&model);
    setItemDelegate(new RouteDelegate(appearance, RouteModel::LampRole, RouteModel::TintRole, this));
    setSelectionBehavior(SelectRows);
    setSelectionMode(SingleSelection);
    setEditTriggers(NoEditTriggers);
    setRootIsDecorated(false);
    setItemsExpandable(false);
    setIndentation(0);
    setUniformRowHeights(true);
    setAllColumnsShowFocus(true);
    setFrameShape(NoFrame);
    setHorizontalScrollMode(ScrollPerPixel);
    setDragDropMode(DragDrop); // what comes from elsewhere is refused by the model
    setDefaultDropAction(Qt::MoveAction);
    setDragDropOverwriteMode(false);
    setDropIndicatorShown(true);
    header()->setSectionsMovable(false);
    header()->setSectionsClickable(false);
    header()->setStretchLastSection(false);
    sizeColumns();
    connect(&model, &QAbstractItemModel::modelReset, this, &RouteTree::openGroups);
    connect(selectionModel(), &QItemSelectionModel::currentChanged, this, [this] {
        const QString name = m_routes.nameAt(currentIndex());
        if (name.isEmpty() || name == m_selected)
            return;
        m_selected = name;
        Q_EMIT selectedProviderChanged(name);
    });
    openGroups();
    appearance.keepOnSurface(this);
}

void RouteTree::sizeColumns()
{
    const auto fit = [this](int column, const QString &widest, int extra = 0) {
        const int text = fontMetrics().horizontalAdvance(widest) + 2 * RowDelegate::padding + extra;
        setColumnWidth(column, std::max(text, header()->sectionSizeHint(column)));
    };
    fit(RouteModel::OrderColumn, QStringLiteral("100"));
    fit(RouteModel::NameColumn, QStringLiteral("anthropic-eu-west"));
    fit(RouteModel::StateColumn, tr("Forced open · 15 min left"), 18);
    fit(RouteModel::DialectColumn, QStringLiteral("Anthropic"));
    fit(RouteModel::ShareColumn, QStringLiteral("99.9 %"));
    header()->setSectionResizeMode(RouteModel::ModelsColumn, QHeaderView::Stretch);
}

/// A new model has no state of its own: groups are open and the selection is where it was.
void RouteTree::openGroups()
{
    expandAll();
    for (int row = 0; row < m_routes.rowCount(); ++row)
        setFirstColumnSpanned(row, {}, true);
    keepSelection();
}

void RouteTree::keepSelection()
{
    QModelIndex index = m_routes.indexOf(m_selected);
    if (!index.isValid() && m_routes.rowCount() > 0)
        index = m_routes.index(0, 0, m_routes.index(0, 0));
    setCurrentIndex(index);
}

QString RouteTree::selectedProvider() const
{
    return m_routes.indexOf(m_selected).isValid() ? m_selected : QString();
}

void RouteTree::selectProvider(const QString &name)
{
    if (const QModelIndex index = m_routes.indexOf(name); index.isValid() && name != selectedProvider())
        setCurrentIndex(index);
}

/// The headings are no stops.
QModelIndex RouteTree::moveCursor(CursorAction action, Qt::KeyboardModifiers modifiers)
{
    QModelIndex index = QTreeView::moveCursor(action, modifiers);
    if (!index.isValid() || !index.data(RouteModel::GroupRole).toBool())
        return index;
    const bool up = action == MoveUp || action == MovePrevious || action == MovePageUp;
    const QModelIndex next = up ? indexAbove(index) : indexBelow(index);
    return next.isValid() ? next : indexBelow(index);
}

void RouteTree::mousePressEvent(QMouseEvent *event)
{
    if (!indexAt(event->pos()).data(RouteModel::GroupRole).toBool())
        QTreeView::mousePressEvent(event);
}

void RouteTree::keyPressEvent(QKeyEvent *event)
{
    if (event->modifiers() == Qt::NoModifier && (event->key() == Qt::Key_J || event->key() == Qt::Key_K)) {
        const QModelIndex next = moveCursor(event->key() == Qt::Key_J ? MoveDown : MoveUp, Qt::NoModifier);
        if (next.isValid())
            setCurrentIndex(next);
        return;
    }
    QTreeView::keyPressEvent(event);
}

void RouteTree::contextMenuEvent(QContextMenuEvent *event)
{
    const bool byKey = event->reason() == QContextMenuEvent::Keyboard;
    const QModelIndex at = byKey ? currentIndex() : indexAt(event->pos());
    if (!m_menu || m_routes.nameAt(at).isEmpty())
        return;
    setCurrentIndex(at);
    m_menu->popup(byKey ? viewport()->mapToGlobal(visualRect(at).bottomLeft()) : event->globalPos());
}

void RouteTree::paintEvent(QPaintEvent *event)
{
    QTreeView::paintEvent(event);
    if (m_routes.rowCount() > 0)
        return;
    QPainter painter(viewport());
    painter.setPen(m_appearance.theme().textMuted);
    painter.drawText(viewport()->rect(), Qt::AlignCenter, tr("No provider is configured."));
}

} // namespace signalbox
