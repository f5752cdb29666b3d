// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/proxy/objectowners.h"

namespace signalbox {

namespace {
constexpr std::size_t capacity = 10'000;
}

void ObjectOwners::remember(const QByteArray &objectId, const QString &provider)
{
    if (!m_owners.insert_or_assign(objectId, provider).second)
        return;
    m_order.push_back(objectId);
    if (m_order.size() <= capacity)
        return;
    m_owners.erase(m_order.front());
    m_order.pop_front();
}

QString ObjectOwners::ownerOf(const QByteArray &objectId) const
{
    const auto found = m_owners.find(objectId);
    return found == m_owners.end() ? QString() : found->second;
}

} // namespace signalbox
