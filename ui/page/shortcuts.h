// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QKeySequence>
#include <QList>
#include <QObject>
#include <QPointer>

#include <vector>

class QAction;

namespace signalbox {

/// The keys of the console's commands, as this user wants them. What differs from the program's own choice is kept in
/// QSettings as it is set, by the object name of its action.
class Shortcuts : public QObject
{
    Q_OBJECT

public:
    struct Entry
    {
        QPointer<QAction> action;
        QString id; ///< its object name
        QString scope; ///< the page it belongs to; empty: it is there everywhere
        QList<QKeySequence> standard;
    };

    using QObject::QObject;

    /// Takes over these commands and gives them the keys that were chosen. Those without object name or text, and those
    /// that are known, are left as they are.
    void adopt(const QList<QAction *> &actions, const QString &scope = {});

    /// In the order in which they were adopted.
    const std::vector<Entry> &entries() const { return m_entries; }
    const Entry *entry(const QString &id) const;
    static QString nameOf(const Entry &entry);

    /// Other commands that these keys would reach while this one can be reached. A sequence that begins another one is
    /// a conflict too: it would hide it.
    std::vector<const Entry *> conflicts(const QString &id, const QKeySequence &keys) const;
    /// Instead of all it had; empty: no key at all. Conflicts are not looked for.
    void setKeys(const QString &id, const QList<QKeySequence> &keys);
    /// Back to the program's own.
    void reset(const QString &id);
    bool isChanged(const QString &id) const;

    /// Pages bring their commands when they are first opened; who lists all of them asks for the rest.
    void askForAll() { Q_EMIT allWanted(); }

Q_SIGNALS:
    void allWanted();
    /// A key, or which commands there are.
    void changed();

private:
    std::vector<Entry> m_entries;
};

} // namespace signalbox
