// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayView>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace signalbox {

/// A property that must hold for every input.
inline void expect(bool holds, const char *property)
{
    if (holds)
        return;
    std::fprintf(stderr, "does not hold: %s\n", property);
    std::abort();
}

inline QByteArrayView asBytes(const std::uint8_t *data, std::size_t size)
{
    return { reinterpret_cast<const char *>(data), static_cast<qsizetype>(size) };
}

/// The input's first byte decides how the rest arrives: in pieces of that many bytes; 0: all at once.
class Pieces
{
public:
    explicit Pieces(QByteArrayView input)
        : m_size(input.isEmpty() ? 0 : static_cast<unsigned char>(input.front())),
          m_rest(input.isEmpty() ? input : input.sliced(1))
    {
    }

    QByteArrayView whole() const { return m_rest; }
    template <typename Taker> void forEach(Taker take) const
    {
        const qsizetype step = m_size == 0 ? qMax<qsizetype>(m_rest.size(), 1) : m_size;
        for (qsizetype at = 0; at < m_rest.size(); at += step)
            take(m_rest.sliced(at, qMin(step, m_rest.size() - at)));
    }

private:
    qsizetype m_size;
    QByteArrayView m_rest;
};

} // namespace signalbox
