// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/commandpalette.h"

#include <QAction>
#include <QCoreApplication>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QPainter>
#include <QStandardItemModel>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

#include <algorithm>

namespace signalbox {

namespace {

constexpr int keysRole = Qt::UserRole;
constexpr int commandRole = Qt::UserRole + 1;
constexpr int bonusForPlace = 8; ///< of a letter that begins a word or adjoins the one before
constexpr int rowHeight = 26;
constexpr int rowsShown = 12;

/// The command at the left, its keys at the right.
class CommandDelegate : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        QStyledItemDelegate::paint(painter, option, index);
        const bool selected = option.state.testFlag(QStyle::State_Selected);
        painter->save();
        painter->setPen(option.palette.color(selected ? QPalette::HighlightedText : QPalette::PlaceholderText));
        painter->drawText(option.rect.adjusted(0, 0, -8, 0), Qt::AlignRight | Qt::AlignVCenter,
                          index.data(keysRole).toString());
        painter->restore();
    }

    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        return { QStyledItemDelegate::sizeHint(option, index).width(),
                 std::max(rowHeight, option.fontMetrics.height() + 8) };
    }
};

QString menuOf(const QAction *action)
{
    for (const QObject *object : action->associatedObjects()) {
        if (const auto *menu = qobject_cast<const QMenu *>(object); menu && !menu->title().isEmpty())
            return menu->menuAction()->iconText();
    }
    return {};
}

QString keysOf(const QAction *action)
{
    QStringList keys;
    for (const QKeySequence &sequence : action->shortcuts())
        keys.append(sequence.toString(QKeySequence::NativeText));
    return keys.join(CommandPalette::tr(" or "));
}

/// nullopt: from there on not all letters follow.
std::optional<int> scoreFrom(qsizetype start, const QString &letters, const QString &text)
{
    int score = 0;
    qsizetype next = start;
    for (const QChar letter : letters) {
        const qsizetype found = text.indexOf(letter, next, Qt::CaseInsensitive);
        if (found < 0)
            return std::nullopt;
        const bool beginsWord = found == 0 || !text.at(found - 1).isLetterOrNumber();
        const bool adjoins = found == next && found > start;
        if (beginsWord || adjoins)
            score += bonusForPlace;
        if (!adjoins)
            --score; // each gap: letters side by side are better than the same ones spread over words
        next = found + 1;
    }
    return score;
}

} // namespace

std::optional<int> fuzzyScore(const QString &typed, const QString &text)
{
    QString letters = typed;
    letters.removeIf([](QChar letter) { return letter.isSpace(); });
    if (letters.isEmpty())
        return 0;
    // The first place of a letter is not always the best: "open" is the second word of "Force open".
    std::optional<int> best;
    for (qsizetype start = text.indexOf(letters.front(), 0, Qt::CaseInsensitive); start >= 0;
         start = text.indexOf(letters.front(), start + 1, Qt::CaseInsensitive))
        best = std::max(best, scoreFrom(start, letters, text));
    return best;
}

CommandPalette::CommandPalette(const QList<QAction *> &actions, QWidget *parent)
    : QDialog(parent), m_line(new QLineEdit(this)), m_list(new QListView(this)), m_model(new QStandardItemModel(this))
{
    setObjectName(QStringLiteral("palette"));
    setWindowTitle(tr("Find a command"));
    setAttribute(Qt::WA_DeleteOnClose);
    for (QAction *action : actions) {
        if (action->isSeparator() || action->menu() || action->text().isEmpty() || !action->isVisible())
            continue;
        const QString menu = menuOf(action);
        const QString name = action->iconText();
        m_commands.append({ action, menu.isEmpty() ? name : tr("%1 – %2").arg(name, menu), keysOf(action) });
    }
    m_line->setObjectName(QStringLiteral("paletteLine"));
    m_line->setAccessibleName(tr("Command"));
    m_line->setPlaceholderText(tr("Type some letters of a command"));
    m_line->setClearButtonEnabled(true);
    m_line->installEventFilter(this);
    m_list->setObjectName(QStringLiteral("paletteList"));
    m_list->setAccessibleName(tr("Commands that fit"));
    m_list->setModel(m_model);
    m_list->setItemDelegate(new CommandDelegate(m_list));
    m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_list->setUniformItemSizes(true);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 8, 8, 8);
    layout->setSpacing(8);
    layout->addWidget(m_line);
    layout->addWidget(m_list);
    resize(560, rowsShown * rowHeight + 64);
    connect(m_line, &QLineEdit::textChanged, this, &CommandPalette::fill);
    connect(m_line, &QLineEdit::returnPressed, this, &CommandPalette::runCurrent);
    connect(m_list, &QAbstractItemView::activated, this, &CommandPalette::runCurrent);
    connect(m_list, &QAbstractItemView::clicked, this, &CommandPalette::runCurrent);
    fill({});
}

void CommandPalette::fill(const QString &typed)
{
    std::vector<std::pair<int, qsizetype>> found;
    for (qsizetype i = 0; i < m_commands.size(); ++i) {
        if (const auto score = fuzzyScore(typed, m_commands[i].text))
            found.emplace_back(-*score, i);
    }
    std::stable_sort(found.begin(), found.end(), [](const auto &a, const auto &b) { return a.first < b.first; });
    m_model->clear();
    for (const auto &[score, at] : found) {
        const Command &command = m_commands[at];
        auto *item = new QStandardItem(command.text);
        item->setEnabled(command.action && command.action->isEnabled());
        item->setData(command.keys, keysRole);
        item->setData(static_cast<int>(at), commandRole);
        item->setData(command.keys.isEmpty() ? command.text : tr("%1, %2").arg(command.text, command.keys),
                      Qt::AccessibleTextRole);
        m_model->appendRow(item);
    }
    for (int row = 0; row < m_model->rowCount(); ++row) {
        if (m_model->item(row)->isEnabled()) {
            m_list->setCurrentIndex(m_model->index(row, 0));
            return;
        }
    }
}

void CommandPalette::runCurrent()
{
    const QModelIndex index = m_list->currentIndex();
    if (!index.isValid() || !index.flags().testFlag(Qt::ItemIsEnabled))
        return;
    const QPointer<QAction> action = m_commands[index.data(commandRole).toInt()].action;
    close();
    if (action)
        action->trigger();
}

bool CommandPalette::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::KeyPress) {
        auto *key = static_cast<QKeyEvent *>(event);
        switch (key->key()) {
        case Qt::Key_Up:
        case Qt::Key_Down:
        case Qt::Key_PageUp:
        case Qt::Key_PageDown:
            QCoreApplication::sendEvent(m_list, event);
            return true;
        default:
            break;
        }
    }
    return QDialog::eventFilter(watched, event);
}

} // namespace signalbox
