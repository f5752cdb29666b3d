// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/requesttraces.h"

#include <algorithm>

namespace signalbox {

void RequestTraces::add(std::uint64_t sequence, QByteArrayView trace)
{
    if (trace.size() > blockBytes)
        return;
    if (m_blocks.empty() || m_blocks.back().bytes.size() + trace.size() > blockBytes) {
        m_blocks.emplace_back();
        m_blocks.back().bytes.reserve(blockBytes);
        while (bytes() > mostBytes || m_count - m_blocks.front().entries.size() >= fewest) {
            m_count -= m_blocks.front().entries.size();
            m_blocks.pop_front();
        }
    }
    Block &block = m_blocks.back();
    const qsizetype begin = block.bytes.size();
    block.bytes.append(trace);
    block.entries.push_back({ sequence, begin, block.bytes.size() });
    ++m_count;
}

std::optional<QByteArray> RequestTraces::find(std::uint64_t sequence) const
{
    for (const Block &block : m_blocks) {
        if (block.entries.empty() || block.entries.back().sequence < sequence)
            continue;
        const auto found =
            std::lower_bound(block.entries.begin(), block.entries.end(), sequence,
                             [](const Entry &entry, std::uint64_t wanted) { return entry.sequence < wanted; });
        if (found == block.entries.end() || found->sequence != sequence)
            return std::nullopt;
        return block.bytes.mid(found->begin, found->end - found->begin);
    }
    return std::nullopt;
}

} // namespace signalbox
