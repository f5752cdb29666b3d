// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/visibletexts.h"

#include "ui/shell/elidedbutton.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAbstractScrollArea>
#include <QCheckBox>
#include <QComboBox>
#include <QGroupBox>
#include <QHeaderView>
#include <QLabel>
#include <QListView>
#include <QMenuBar>
#include <QPushButton>
#include <QRadioButton>
#include <QRegularExpression>
#include <QScrollBar>
#include <QStyleOptionButton>
#include <QStyleOptionComboBox>
#include <QStyleOptionGroupBox>
#include <QTabBar>
#include <QTableView>
#include <QTextDocument>
#include <QToolButton>

#include <algorithm>

namespace signalbox {

namespace {

QString describe(const QWidget *widget)
{
    QStringList path;
    for (const QWidget *each = widget; each && !each->isWindow(); each = each->parentWidget()) {
        if (!each->objectName().isEmpty() || each == widget)
            path.prepend(
                QStringLiteral("%1 '%2'").arg(QLatin1String(each->metaObject()->className()), each->objectName()));
    }
    return path.join(QStringLiteral(" > "));
}

/// What can be reached by scrolling is not cut off.
bool scrollsTo(const QAbstractScrollArea &area, Qt::Orientation orientation)
{
    const QScrollBar *bar = orientation == Qt::Horizontal ? area.horizontalScrollBar() : area.verticalScrollBar();
    const Qt::ScrollBarPolicy policy =
        orientation == Qt::Horizontal ? area.horizontalScrollBarPolicy() : area.verticalScrollBarPolicy();
    return policy != Qt::ScrollBarAlwaysOff && bar->maximum() > bar->minimum();
}

/// Cut off by what it lies in.
bool isCutOff(const QWidget *widget)
{
    for (const QWidget *parent = widget->parentWidget(); parent && !widget->isWindow();
         parent = parent->parentWidget()) {
        const QRect place(widget->mapTo(parent, QPoint()), widget->size());
        const auto *area = qobject_cast<const QAbstractScrollArea *>(parent->parentWidget());
        const bool scrolled = area && area->viewport() == parent;
        const QRect room = parent->rect();
        const bool across = place.left() < room.left() || place.right() > room.right();
        const bool down = place.top() < room.top() || place.bottom() > room.bottom();
        if ((across && !(scrolled && scrollsTo(*area, Qt::Horizontal))) ||
            (down && !(scrolled && scrollsTo(*area, Qt::Vertical))))
            return true;
        if (scrolled || parent->isWindow())
            break;
    }
    return false;
}

/// Without its tags.
QString shown(const QString &text)
{
    if (!Qt::mightBeRichText(text))
        return text;
    QTextDocument document;
    document.setHtml(text);
    return document.toPlainText();
}

int widthOf(const QWidget &widget, const QString &text)
{
    return widget.fontMetrics().size(Qt::TextShowMnemonic, text).width();
}

bool isClipped(const QLabel &label)
{
    if (isCutOff(&label))
        return true;
    if (!label.wordWrap())
        return label.sizeHint().width() > label.width() || label.sizeHint().height() > label.height();
    const int room = label.contentsRect().width() - 2 * label.margin();
    static const QRegularExpression spaces(QStringLiteral("\\s+"));
    const QStringList words = shown(label.text()).split(spaces);
    const bool tooLongAWord =
        std::any_of(words.begin(), words.end(), [&](const QString &word) { return widthOf(label, word) > room; });
    return tooLongAWord || label.heightForWidth(label.width()) > label.height();
}

int roomFor(const QAbstractButton &button)
{
    QStyleOptionButton option;
    option.initFrom(&button);
    const QStyle *style = button.style();
    if (qobject_cast<const QPushButton *>(&button))
        return style->subElementRect(QStyle::SE_PushButtonContents, &option, &button).width();
    if (qobject_cast<const QCheckBox *>(&button))
        return style->subElementRect(QStyle::SE_CheckBoxContents, &option, &button).width();
    if (qobject_cast<const QRadioButton *>(&button))
        return style->subElementRect(QStyle::SE_RadioButtonContents, &option, &button).width();
    return -1;
}

bool isClipped(const QAbstractButton &button)
{
    if (isCutOff(&button))
        return true;
    if (qobject_cast<const ElidedButton *>(&button))
        return false; // shows the whole of it as a tool tip by itself
    const int room = roomFor(button);
    if (room < 0)
        return button.sizeHint().width() > button.width();
    const int icon = button.icon().isNull() ? 0 : button.iconSize().width() + 4;
    return widthOf(button, button.text()) + icon > room;
}

bool isClipped(const QComboBox &box)
{
    QStyleOptionComboBox option;
    option.initFrom(&box);
    option.editable = box.isEditable();
    const int room =
        box.style()->subControlRect(QStyle::CC_ComboBox, &option, QStyle::SC_ComboBoxEditField, &box).width();
    return isCutOff(&box) || widthOf(box, box.currentText()) > room;
}

void addHeader(const QHeaderView &header, std::vector<VisibleText> &found)
{
    if (header.orientation() != Qt::Horizontal)
        return;
    for (int section = 0; section < header.count(); ++section) {
        const QString text = header.model()->headerData(section, Qt::Horizontal).toString();
        const int at = header.sectionViewportPosition(section);
        if (text.isEmpty() || header.isSectionHidden(section) || at >= header.viewport()->width() ||
            at + header.sectionSize(section) <= 0)
            continue;
        const QString tip = header.model()->headerData(section, Qt::Horizontal, Qt::ToolTipRole).toString();
        const bool elided = header.sectionSizeHint(section) > header.sectionSize(section) && !tip.contains(text);
        const auto *table = qobject_cast<const QAbstractScrollArea *>(header.parentWidget());
        const bool beyond = (at < 0 || at + header.sectionSize(section) > header.viewport()->width()) &&
            !(table && scrollsTo(*table, Qt::Horizontal));
        found.push_back(
            { describe(&header) + QStringLiteral(" section %1").arg(section), text, elided || beyond, false });
    }
}

void addTabs(const QTabBar &bar, std::vector<VisibleText> &found)
{
    constexpr int inset = 4;
    for (int i = 0; i < bar.count(); ++i) {
        const QRect place = bar.tabRect(i);
        const bool clipped =
            !bar.rect().contains(place) || isCutOff(&bar) || widthOf(bar, bar.tabText(i)) + 2 * inset > place.width();
        found.push_back({ describe(&bar) + QStringLiteral(" tab %1").arg(i), bar.tabText(i),
                          clipped && !bar.tabToolTip(i).contains(bar.tabText(i)), false });
    }
}

void addMenus(const QMenuBar &bar, std::vector<VisibleText> &found)
{
    for (QAction *action : bar.actions()) {
        if (action->isVisible() && !action->text().isEmpty())
            found.push_back({ describe(&bar), action->text(),
                              bar.actionGeometry(action).width() < widthOf(bar, action->text()), false });
    }
}

void addCells(const QAbstractItemView &view, std::vector<VisibleText> &found)
{
    const auto *table = qobject_cast<const QTableView *>(&view);
    const auto *list = qobject_cast<const QListView *>(&view);
    if (!view.model() || (!table && (!list || list->viewMode() == QListView::IconMode)))
        return;
    constexpr int inset = 4;
    for (int row = 0; row < view.model()->rowCount(view.rootIndex()); ++row) {
        for (int column = 0; column < view.model()->columnCount(view.rootIndex()); ++column) {
            const QModelIndex index = view.model()->index(row, column, view.rootIndex());
            const QRect place = view.visualRect(index);
            const QString text = index.data().toString();
            if (text.isEmpty() || !view.viewport()->rect().intersects(place) ||
                (table && table->isColumnHidden(column)))
                continue;
            const bool whole = widthOf(view, text) + 2 * inset <= place.width();
            found.push_back({ describe(&view) + QStringLiteral(" column %1").arg(column), text,
                              !whole && !index.data(Qt::ToolTipRole).toString().contains(text), true });
        }
    }
}

void add(const QWidget &widget, const QString &text, bool clipped, std::vector<VisibleText> &found)
{
    if (!text.isEmpty())
        found.push_back({ describe(&widget), text, clipped && !widget.toolTip().contains(text), false });
}

void addTextsOf(const QWidget &widget, std::vector<VisibleText> &found)
{
    if (const auto *label = qobject_cast<const QLabel *>(&widget))
        add(widget, shown(label->text()), isClipped(*label), found);
    else if (const auto *button = qobject_cast<const QAbstractButton *>(&widget))
        add(widget, button->text(), !button->text().isEmpty() && isClipped(*button), found);
    else if (const auto *box = qobject_cast<const QComboBox *>(&widget))
        add(widget, box->currentText(), isClipped(*box), found);
    else if (const auto *group = qobject_cast<const QGroupBox *>(&widget))
        add(widget, group->title(), widthOf(widget, group->title()) + 16 > widget.width(), found);
    else if (const auto *header = qobject_cast<const QHeaderView *>(&widget))
        addHeader(*header, found);
    else if (const auto *tabs = qobject_cast<const QTabBar *>(&widget))
        addTabs(*tabs, found);
    else if (const auto *menus = qobject_cast<const QMenuBar *>(&widget))
        addMenus(*menus, found);
    else if (const auto *view = qobject_cast<const QAbstractItemView *>(&widget))
        addCells(*view, found);
}

} // namespace

std::vector<VisibleText> visibleTexts(QWidget &root)
{
    std::vector<VisibleText> found;
    for (const QWidget *widget : root.findChildren<QWidget *>()) {
        if (widget->isVisible() && widget->window() == root.window())
            addTextsOf(*widget, found);
    }
    return found;
}

} // namespace signalbox
