// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/requests/savedfilters.h"

#include <QSettings>

#include <algorithm>

namespace signalbox {

namespace {

const QString listKey = QStringLiteral("requests/savedFilters");
const QString nameKey = QStringLiteral("name");
const QString textKey = QStringLiteral("text");

} // namespace

QList<SavedFilter> SavedFilters::all()
{
    QSettings settings;
    QList<SavedFilter> filters;
    const int count = settings.beginReadArray(listKey);
    for (int i = 0; i < count; ++i) {
        settings.setArrayIndex(i);
        filters.append({ settings.value(nameKey).toString(), settings.value(textKey).toString() });
    }
    settings.endArray();
    return filters;
}

void SavedFilters::add(const SavedFilter &filter)
{
    QList<SavedFilter> filters = all();
    filters.removeIf([&filter](const SavedFilter &old) { return old.name == filter.name; });
    filters.append(filter);
    std::sort(filters.begin(), filters.end(), [](const SavedFilter &a, const SavedFilter &b) {
        return a.name.compare(b.name, Qt::CaseInsensitive) < 0;
    });
    store(filters);
}

void SavedFilters::remove(const QString &name)
{
    QList<SavedFilter> filters = all();
    filters.removeIf([&name](const SavedFilter &old) { return old.name == name; });
    store(filters);
}

void SavedFilters::store(const QList<SavedFilter> &filters)
{
    QSettings settings;
    settings.remove(listKey);
    settings.beginWriteArray(listKey, static_cast<int>(filters.size()));
    for (qsizetype i = 0; i < filters.size(); ++i) {
        settings.setArrayIndex(static_cast<int>(i));
        settings.setValue(nameKey, filters[i].name);
        settings.setValue(textKey, filters[i].text);
    }
    settings.endArray();
}

} // namespace signalbox
