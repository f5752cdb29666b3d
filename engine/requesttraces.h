// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayView>

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

namespace signalbox {

/// The traces of the newest requests, in blocks that are filled once and dropped whole: adding one copies its bytes and
/// nothing else. Grows with what is put in, up to 16 MiB.
class RequestTraces
{
public:
    static constexpr qsizetype blockBytes = qsizetype { 256 } << 10;
    static constexpr qsizetype mostBytes = qsizetype { 16 } << 20;
    static constexpr std::size_t fewest = 2000; ///< kept at least, if they fit

    /// Sequence numbers grow from call to call. A trace larger than a block is not kept.
    void add(std::uint64_t sequence, QByteArrayView trace);
    std::optional<QByteArray> find(std::uint64_t sequence) const;

    std::size_t size() const { return m_count; }
    qsizetype bytes() const { return static_cast<qsizetype>(m_blocks.size()) * blockBytes; }

private:
    struct Entry
    {
        std::uint64_t sequence = 0;
        qsizetype begin = 0;
        qsizetype end = 0;
    };
    struct Block
    {
        std::vector<Entry> entries;
        QByteArray bytes;
    };

    std::deque<Block> m_blocks;
    std::size_t m_count = 0;
};

} // namespace signalbox
