// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/headerlist.h"

#include "engine/base/bytes.h"

#include <algorithm>

namespace signalbox {

const HeaderField *HeaderList::find(QByteArrayView name) const
{
    const auto found = std::find_if(m_fields.begin(), m_fields.end(),
                                    [&](const HeaderField &field) { return equalsIgnoringCase(field.name, name); });
    return found == m_fields.end() ? nullptr : &*found;
}

void HeaderList::set(const QByteArray &name, const QByteArray &value)
{
    bool written = false;
    std::erase_if(m_fields, [&](HeaderField &field) {
        if (!equalsIgnoringCase(field.name, name))
            return false;
        if (written)
            return true;
        field.value = value;
        written = true;
        return false;
    });
    if (!written)
        append(name, value);
}

void HeaderList::remove(QByteArrayView name)
{
    std::erase_if(m_fields, [&](const HeaderField &field) { return equalsIgnoringCase(field.name, name); });
}

QByteArray HeaderList::value(QByteArrayView name) const
{
    const HeaderField *field = find(name);
    return field ? field->value : QByteArray();
}

std::vector<QByteArray> HeaderList::values(QByteArrayView name) const
{
    std::vector<QByteArray> result;
    for (const HeaderField &field : m_fields) {
        if (equalsIgnoringCase(field.name, name))
            result.push_back(field.value);
    }
    return result;
}

int HeaderList::count(QByteArrayView name) const
{
    return static_cast<int>(std::count_if(m_fields.begin(), m_fields.end(), [&](const HeaderField &field) {
        return equalsIgnoringCase(field.name, name);
    }));
}

bool HeaderList::hasToken(QByteArrayView name, QByteArrayView token) const
{
    for (const HeaderField &field : m_fields) {
        if (!equalsIgnoringCase(field.name, name))
            continue;
        for (const QByteArray &part : field.value.split(',')) {
            if (equalsIgnoringCase(QByteArrayView(part).trimmed(), token))
                return true;
        }
    }
    return false;
}

} // namespace signalbox
