// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayView>

#include <chrono>
#include <cstdint>
#include <vector>

namespace signalbox {

/// Which events a stream had and when: the first 500, in 12 bytes each. Nothing is allocated before the first.
class EventLog
{
public:
    static constexpr std::size_t limit = 500;
    static constexpr std::size_t nameLimit = 32; ///< different names; events with further ones have none

    struct Entry
    {
        std::uint32_t atUs = 0;
        std::uint32_t bytes = 0;
        std::uint32_t name = 0; ///< index into names()
    };

    void add(QByteArrayView name, qsizetype bytes);
    bool isUnstamped() const { return m_stamped < m_entries.size(); }
    /// All that were added since the last call came then.
    void stamp(std::chrono::microseconds at);

    const std::vector<Entry> &entries() const { return m_entries; }
    const std::vector<QByteArray> &names() const { return m_names; }
    std::uint64_t further() const { return m_further; }

private:
    std::uint32_t indexOf(QByteArrayView name);

    std::vector<Entry> m_entries;
    std::vector<QByteArray> m_names; ///< the first is the empty one
    std::size_t m_stamped = 0;
    std::uint64_t m_further = 0;
    std::uint32_t m_last = 0;
};

} // namespace signalbox
