// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/shortcutmodel.h"

#include <QAction>

#include <algorithm>

namespace signalbox {

ShortcutModel::ShortcutModel(Shortcuts &shortcuts, QObject *parent)
    : QAbstractTableModel(parent), m_shortcuts(shortcuts)
{
    connect(&shortcuts, &Shortcuts::changed, this, &ShortcutModel::fill);
    fill();
}

void ShortcutModel::setFilter(const QString &words)
{
    m_words = words.trimmed();
    fill();
}

void ShortcutModel::fill()
{
    std::vector<const Shortcuts::Entry *> entries;
    for (const Shortcuts::Entry &entry : m_shortcuts.entries()) {
        if (!entry.action)
            continue;
        const QString text = Shortcuts::nameOf(entry) + QLatin1Char('\n') + keysText(entry.action->shortcuts());
        if (m_words.isEmpty() || text.contains(m_words, Qt::CaseInsensitive))
            entries.push_back(&entry);
    }
    std::sort(entries.begin(), entries.end(), [](const auto *a, const auto *b) {
        return QString::localeAwareCompare(Shortcuts::nameOf(*a), Shortcuts::nameOf(*b)) < 0;
    });
    QStringList ids;
    for (const Shortcuts::Entry *entry : entries)
        ids.append(entry->id);
    if (ids == m_ids) {
        if (!m_ids.isEmpty())
            Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
        return;
    }
    beginResetModel();
    m_ids = ids;
    endResetModel();
}

QString ShortcutModel::keysText(const QList<QKeySequence> &keys)
{
    QStringList texts;
    for (const QKeySequence &sequence : keys)
        texts.append(sequence.toString(QKeySequence::NativeText));
    return texts.isEmpty() ? tr("none") : texts.join(tr(" or "));
}

int ShortcutModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_ids.size());
}

int ShortcutModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant ShortcutModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Shortcuts::Entry *entry = m_shortcuts.entry(m_ids.at(index.row()));
    if (!entry || !entry->action)
        return {};
    const QString keys = keysText(entry->action->shortcuts());
    const bool changed = m_shortcuts.isChanged(entry->id);
    switch (role) {
    case Qt::DisplayRole:
        if (index.column() == CommandColumn)
            return Shortcuts::nameOf(*entry);
        if (index.column() == KeysColumn)
            return changed ? tr("%1 (changed)").arg(keys) : keys;
        return entry->scope.isEmpty() ? tr("everywhere") : entry->scope;
    case Qt::AccessibleTextRole:
        return tr("%1: %2").arg(Shortcuts::nameOf(*entry), keys);
    default:
        return {};
    }
}

QVariant ShortcutModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case CommandColumn:
        return tr("Command");
    case KeysColumn:
        return tr("Keys");
    default:
        return tr("Where");
    }
}

} // namespace signalbox
