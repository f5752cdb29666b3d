// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/page/shortcuts.h"

#include <QAction>
#include <QMenu>
#include <QSettings>

#include <algorithm>

namespace signalbox {

namespace {

QString keyOf(const QString &id)
{
    return QStringLiteral("shortcuts/") + id;
}

QStringList portable(const QList<QKeySequence> &keys)
{
    QStringList texts;
    for (const QKeySequence &sequence : keys)
        texts.append(sequence.toString(QKeySequence::PortableText));
    return texts;
}

QList<QKeySequence> fromPortable(const QStringList &texts)
{
    QList<QKeySequence> keys;
    for (const QString &text : texts) {
        const QKeySequence sequence = QKeySequence::fromString(text, QKeySequence::PortableText);
        if (!sequence.isEmpty())
            keys.append(sequence);
    }
    return keys;
}

bool meet(const QKeySequence &a, const QKeySequence &b)
{
    return a.matches(b) != QKeySequence::NoMatch || b.matches(a) != QKeySequence::NoMatch;
}

} // namespace

void Shortcuts::adopt(const QList<QAction *> &actions, const QString &scope)
{
    const QSettings settings;
    bool any = false;
    std::erase_if(m_entries, [](const Entry &each) { return each.action.isNull(); });
    for (QAction *action : actions) {
        const QString id = action->objectName();
        if (id.isEmpty() || action->isSeparator() || action->menu() || action->text().isEmpty() || entry(id))
            continue;
        m_entries.push_back({ action, id, scope, action->shortcuts() });
        if (settings.contains(keyOf(id)))
            action->setShortcuts(fromPortable(settings.value(keyOf(id)).toStringList()));
        any = true;
    }
    if (any)
        Q_EMIT changed();
}

const Shortcuts::Entry *Shortcuts::entry(const QString &id) const
{
    const auto found =
        std::find_if(m_entries.begin(), m_entries.end(), [&id](const Entry &each) { return each.id == id; });
    return found == m_entries.end() ? nullptr : &*found;
}

QString Shortcuts::nameOf(const Entry &entry)
{
    return entry.action ? entry.action->iconText() : entry.id;
}

std::vector<const Shortcuts::Entry *> Shortcuts::conflicts(const QString &id, const QKeySequence &keys) const
{
    std::vector<const Entry *> found;
    const Entry *mine = entry(id);
    if (!mine || keys.isEmpty())
        return found;
    for (const Entry &other : m_entries) {
        const bool together = other.scope.isEmpty() || mine->scope.isEmpty() || other.scope == mine->scope;
        if (&other == mine || !together || !other.action)
            continue;
        const QList<QKeySequence> taken = other.action->shortcuts();
        if (std::any_of(taken.begin(), taken.end(), [&keys](const QKeySequence &each) { return meet(each, keys); }))
            found.push_back(&other);
    }
    return found;
}

void Shortcuts::setKeys(const QString &id, const QList<QKeySequence> &keys)
{
    const Entry *meant = entry(id);
    if (!meant || !meant->action)
        return;
    meant->action->setShortcuts(keys);
    QSettings settings;
    if (keys == meant->standard)
        settings.remove(keyOf(id));
    else
        settings.setValue(keyOf(id), portable(keys));
    Q_EMIT changed();
}

void Shortcuts::reset(const QString &id)
{
    if (const Entry *meant = entry(id))
        setKeys(id, QList<QKeySequence>(meant->standard));
}

bool Shortcuts::isChanged(const QString &id) const
{
    const Entry *meant = entry(id);
    return meant && meant->action && meant->action->shortcuts() != meant->standard;
}

} // namespace signalbox
