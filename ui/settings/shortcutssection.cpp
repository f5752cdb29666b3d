// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/shortcutssection.h"

#include "ui/page/shortcuts.h"
#include "ui/settings/shortcutmodel.h"
#include "ui/style/appearance.h"
#include "ui/style/card.h"
#include "ui/style/lamp.h"
#include "ui/style/rowdelegate.h"

#include <QAction>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeySequenceEdit>
#include <QLabel>
#include <QLineEdit>
#include <QMap>
#include <QPointer>
#include <QPushButton>
#include <QSignalBlocker>
#include <QTableView>
#include <QUndoCommand>
#include <QUndoStack>
#include <QVBoxLayout>

#include <algorithm>

namespace signalbox {

namespace {

constexpr int rowHeight = 26;

/// The keys of some commands before and after a change.
class KeysCommand : public QUndoCommand
{
public:
    using Keys = QMap<QString, QList<QKeySequence>>;

    KeysCommand(Shortcuts &shortcuts, const QString &text, const Keys &before, const Keys &after)
        : QUndoCommand(text), m_shortcuts(&shortcuts), m_before(before), m_after(after)
    {
    }
    void redo() override { apply(m_after); }
    void undo() override { apply(m_before); }

private:
    void apply(const Keys &keys) const
    {
        for (auto it = keys.begin(); m_shortcuts && it != keys.end(); ++it)
            m_shortcuts->setKeys(it.key(), it.value());
    }

    QPointer<Shortcuts> m_shortcuts;
    Keys m_before;
    Keys m_after;
};

KeysCommand::Keys keysOf(const Shortcuts &shortcuts, const QStringList &ids)
{
    KeysCommand::Keys keys;
    for (const QString &id : ids) {
        if (const Shortcuts::Entry *entry = shortcuts.entry(id); entry && entry->action)
            keys.insert(id, entry->action->shortcuts());
    }
    return keys;
}

QList<QKeySequence> without(const QList<QKeySequence> &all, const QKeySequence &keys)
{
    QList<QKeySequence> rest;
    for (const QKeySequence &each : all) {
        if (each.matches(keys) == QKeySequence::NoMatch && keys.matches(each) == QKeySequence::NoMatch)
            rest.append(each);
    }
    return rest;
}

} // namespace

ShortcutsSection::ShortcutsSection(Console &console, QWidget *parent)
    : Section(QStringLiteral("shortcuts"), tr("Shortcuts"), console, parent),
      m_model(new ShortcutModel(console.shortcuts(), this)), m_filter(new QLineEdit), m_table(new QTableView)
{
    setKeywords(tr("keys keyboard hotkeys"));
    // The table scrolls by itself.
    delete column()->takeAt(column()->count() - 1);
    auto *card = new Card(tr("Commands and their keys"), console.appearance(), widget());
    m_filter->setObjectName(QStringLiteral("shortcutFilter"));
    m_filter->setAccessibleName(tr("Find a command or a key"));
    m_filter->setPlaceholderText(tr("Find a command or a key"));
    m_filter->setClearButtonEnabled(true);
    m_table->setObjectName(QStringLiteral("shortcutTable"));
    m_table->setAccessibleName(tr("Commands and their keys"));
    m_table->setModel(m_model);
    m_table->setItemDelegate(new RowDelegate(console.appearance(), RowDelegate::noRole, RowDelegate::noRole, m_table));
    m_table->setTabKeyNavigation(false);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setShowGrid(false);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(rowHeight);
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_table->horizontalHeader()->setHighlightSections(false);
    card->body()->addWidget(m_filter);
    card->body()->addWidget(m_table, 1);
    card->body()->addWidget(buildEditor());
    column()->addWidget(card, 1);
    connect(m_filter, &QLineEdit::textChanged, m_model, &ShortcutModel::setFilter);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentChanged, this, &ShortcutsSection::showChosen);
    connect(m_model, &QAbstractItemModel::modelReset, this, &ShortcutsSection::showChosen);
    connect(m_model, &QAbstractItemModel::dataChanged, this, &ShortcutsSection::showChosen);
    connect(m_table, &QAbstractItemView::activated, m_keys, [this] { m_keys->setFocus(); });
    showChosen();
}

QWidget *ShortcutsSection::buildEditor()
{
    auto *editor = new QWidget(this);
    m_name = new QLabel(editor);
    m_name->setObjectName(QStringLiteral("shortcutName"));
    m_keys = new QKeySequenceEdit(editor);
    m_keys->setObjectName(QStringLiteral("shortcutKeys"));
    m_keys->setAccessibleName(tr("New keys"));
    m_keys->setMinimumWidth(160);
    m_name->setBuddy(m_keys);
    m_clear = new QPushButton(tr("No &key"), editor);
    m_clear->setObjectName(QStringLiteral("clearShortcut"));
    m_reset = new QPushButton(tr("&Reset"), editor);
    m_reset->setObjectName(QStringLiteral("resetShortcut"));
    m_resetAll = new QPushButton(tr("Reset a&ll"), editor);
    m_resetAll->setObjectName(QStringLiteral("resetShortcuts"));
    m_lamp = new LampWidget(console().appearance(), editor);
    m_lamp->setShape(LampShape::Triangle);
    m_note = new QLabel(editor);
    m_note->setObjectName(QStringLiteral("shortcutNote"));
    m_note->setWordWrap(true);
    m_takeAway = new QPushButton(tr("&Use them here instead"), editor);
    m_takeAway->setObjectName(QStringLiteral("takeShortcut"));
    auto *top = new QHBoxLayout;
    top->setSpacing(8);
    top->addWidget(m_name, 1);
    for (QWidget *each : std::initializer_list<QWidget *> { m_keys, m_clear, m_reset, m_resetAll })
        top->addWidget(each);
    auto *below = new QHBoxLayout;
    below->setSpacing(8);
    below->addWidget(m_lamp);
    below->addWidget(m_note, 1);
    below->addWidget(m_takeAway);
    auto *layout = new QVBoxLayout(editor);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addLayout(top);
    layout->addLayout(below);
    connect(m_keys, &QKeySequenceEdit::editingFinished, this, [this] { take(m_keys->keySequence()); });
    connect(m_clear, &QPushButton::clicked, this, [this] {
        change(tr("take the keys of a command"), { chosen() },
               [id = chosen()](Shortcuts &all) { all.setKeys(id, {}); });
    });
    connect(m_reset, &QPushButton::clicked, this, [this] {
        change(tr("reset the keys of a command"), { chosen() }, [id = chosen()](Shortcuts &all) { all.reset(id); });
    });
    connect(m_resetAll, &QPushButton::clicked, this, [this] {
        QStringList ids;
        for (const Shortcuts::Entry &entry : console().shortcuts().entries()) {
            if (console().shortcuts().isChanged(entry.id))
                ids.append(entry.id);
        }
        change(tr("reset all keys"), ids, [ids](Shortcuts &all) {
            for (const QString &id : ids)
                all.reset(id);
        });
    });
    connect(m_takeAway, &QPushButton::clicked, this, &ShortcutsSection::takeAway);
    return editor;
}

QString ShortcutsSection::chosen() const
{
    return m_model->idAt(m_table->currentIndex().row());
}

void ShortcutsSection::showChosen()
{
    const Shortcuts &all = console().shortcuts();
    const Shortcuts::Entry *entry = all.entry(chosen());
    const bool any = entry && entry->action;
    m_name->setText(any ? tr("New keys for “%1”:").arg(Shortcuts::nameOf(*entry)) : tr("Choose a command above."));
    const QSignalBlocker quiet(m_keys);
    m_keys->setKeySequence(any ? entry->action->shortcut() : QKeySequence());
    m_keys->setEnabled(any);
    m_clear->setEnabled(any && !entry->action->shortcut().isEmpty());
    m_reset->setEnabled(any && all.isChanged(entry->id));
    m_resetAll->setEnabled(std::any_of(all.entries().begin(), all.entries().end(),
                                       [&all](const Shortcuts::Entry &each) { return all.isChanged(each.id); }));
    m_lamp->hide();
    m_takeAway->hide();
    m_note->setText(any ? tr("Standard: %1").arg(ShortcutModel::keysText(entry->standard)) : QString());
}

void ShortcutsSection::take(const QKeySequence &keys)
{
    const QString id = chosen();
    const Shortcuts::Entry *entry = console().shortcuts().entry(id);
    if (!entry || !entry->action || keys.isEmpty() || entry->action->shortcuts().contains(keys))
        return;
    if (!console().shortcuts().conflicts(id, keys).empty())
        return showConflict(id, keys);
    change(tr("change the keys of a command"), { id }, [id, keys](Shortcuts &all) { all.setKeys(id, { keys }); });
}

void ShortcutsSection::showConflict(const QString &id, const QKeySequence &keys)
{
    QStringList names;
    for (const Shortcuts::Entry *other : console().shortcuts().conflicts(id, keys))
        names.append(tr("“%1”").arg(Shortcuts::nameOf(*other)));
    m_lamp->show();
    m_takeAway->show();
    m_note->setText(tr("%1 is not used here, because it already means %2.")
                        .arg(keys.toString(QKeySequence::NativeText), names.join(tr(" and "))));
}

void ShortcutsSection::takeAway()
{
    const QString id = chosen();
    const QKeySequence keys = m_keys->keySequence();
    QStringList ids { id };
    for (const Shortcuts::Entry *other : console().shortcuts().conflicts(id, keys))
        ids.append(other->id);
    change(tr("change the keys of a command"), ids, [id, keys, ids](Shortcuts &all) {
        for (const QString &each : ids) {
            const Shortcuts::Entry *entry = all.entry(each);
            if (each != id && entry && entry->action)
                all.setKeys(each, without(entry->action->shortcuts(), keys));
        }
        all.setKeys(id, { keys });
    });
}

void ShortcutsSection::change(const QString &text, const QStringList &ids, const std::function<void(Shortcuts &)> &make)
{
    Shortcuts &all = console().shortcuts();
    const KeysCommand::Keys before = keysOf(all, ids);
    make(all);
    const KeysCommand::Keys after = keysOf(all, ids);
    if (before != after)
        console().undoStack().push(new KeysCommand(all, text, before, after));
    showChosen();
}

void ShortcutsSection::showEvent(QShowEvent *event)
{
    Section::showEvent(event);
    console().shortcuts().askForAll();
}

bool ShortcutsSection::stepBack()
{
    if (m_filter->text().isEmpty())
        return false;
    m_filter->clear();
    return true;
}

} // namespace signalbox
