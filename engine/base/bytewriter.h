// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayView>

#include <algorithm>
#include <charconv>
#include <concepts>

namespace signalbox {

/// Appends pieces to a byte array whose final size was reckoned before: each append() of its own would check, grow and
/// terminate the array.
class ByteWriter
{
public:
    /// Nothing may touch `out` until finish(). More than `room` must not be written.
    ByteWriter(QByteArray &out, qsizetype room) : m_out(out)
    {
        const qsizetype used = out.size();
        out.resize(used + room);
        m_at = out.data() + used;
    }
    ~ByteWriter() { finish(); }
    ByteWriter(const ByteWriter &) = delete;
    ByteWriter &operator=(const ByteWriter &) = delete;

    /// The array is what was written.
    void finish()
    {
        if (m_at)
            m_out.truncate(m_at - m_out.constData());
        m_at = nullptr;
    }
    template <std::integral Number> ByteWriter &number(Number value, int base = 10)
    {
        m_at = std::to_chars(m_at, m_out.data() + m_out.size(), value, base).ptr;
        return *this;
    }
    ByteWriter &operator<<(QByteArrayView piece)
    {
        Q_ASSERT(m_out.constData() + m_out.size() - m_at >= piece.size());
        m_at = std::copy(piece.begin(), piece.end(), m_at);
        return *this;
    }

private:
    QByteArray &m_out;
    char *m_at;
};

} // namespace signalbox
