// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>

namespace signalbox {

struct SavedFilter
{
    QString name;
    QString text; ///< in the filter's grammar

    bool operator==(const SavedFilter &) const = default;
};

/// Filters that the user gave a name, by name; kept in the console's settings.
class SavedFilters
{
public:
    static QList<SavedFilter> all();
    /// Replaces one of the same name.
    static void add(const SavedFilter &filter);
    static void remove(const QString &name);

private:
    static void store(const QList<SavedFilter> &filters);
};

} // namespace signalbox
