// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/dialect/eventlog.h"

#include <algorithm>
#include <limits>

namespace signalbox {

namespace {

constexpr qsizetype longestName = 64;
constexpr std::size_t firstReserve = 64;

template <typename Value> std::uint32_t bounded(Value value)
{
    return static_cast<std::uint32_t>(std::clamp<Value>(value, 0, std::numeric_limits<std::uint32_t>::max()));
}

} // namespace

std::uint32_t EventLog::indexOf(QByteArrayView name)
{
    if (m_names.empty())
        m_names.emplace_back();
    // Most events are called like the one before.
    if (QByteArrayView(m_names[m_last]) == name)
        return m_last;
    const auto found = std::find(m_names.begin(), m_names.end(), name);
    if (found != m_names.end())
        return m_last = static_cast<std::uint32_t>(found - m_names.begin());
    if (m_names.size() > nameLimit)
        return 0;
    m_names.push_back(name.toByteArray());
    return m_last = static_cast<std::uint32_t>(m_names.size() - 1);
}

void EventLog::add(QByteArrayView name, qsizetype bytes)
{
    if (m_entries.size() >= limit) {
        ++m_further;
        return;
    }
    if (m_entries.empty())
        m_entries.reserve(firstReserve);
    m_entries.push_back({ 0, bounded<std::int64_t>(bytes), indexOf(name.first(std::min(name.size(), longestName))) });
}

void EventLog::stamp(std::chrono::microseconds at)
{
    const std::uint32_t us = bounded<std::int64_t>(at.count());
    for (; m_stamped < m_entries.size(); ++m_stamped)
        m_entries[m_stamped].atUs = us;
}

} // namespace signalbox
