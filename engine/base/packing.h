// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QString>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

namespace signalbox {

/// Small numbers of either sign become small numbers without one.
constexpr std::uint64_t zigZag(std::int64_t value)
{
    return (static_cast<std::uint64_t>(value) << 1) ^ (value < 0 ? ~std::uint64_t(0) : 0);
}

/// Appends integers as base-128 varints and strings with their length. The array is whole after finish(), or when the
/// packer is gone: until then it has room behind what was written, as an append() for each number costs more than the
/// number.
class Packer
{
public:
    explicit Packer(QByteArray &out) : m_out(out), m_at(out.data() + out.size()), m_end(m_at) { }
    ~Packer() { finish(); }
    Packer(const Packer &) = delete;
    Packer &operator=(const Packer &) = delete;

    /// The array is what was packed; no more may be.
    void finish()
    {
        if (m_at)
            m_out.truncate(m_at - m_out.constData());
        m_at = m_end = nullptr;
    }

    void number(std::uint64_t value)
    {
        makeRoom(longestNumber);
        for (; value >= 0x80; value >>= 7)
            *m_at++ = static_cast<char>(value | 0x80);
        *m_at++ = static_cast<char>(value);
    }
    void signedNumber(std::int64_t value) { number(zigZag(value)); }
    void real(double value)
    {
        const auto bits = std::bit_cast<std::array<char, sizeof value>>(value);
        makeRoom(sizeof bits);
        m_at = std::copy(bits.begin(), bits.end(), m_at);
    }
    void bytes(QByteArrayView value)
    {
        makeRoom(longestNumber + value.size());
        number(static_cast<std::uint64_t>(value.size()));
        m_at = std::copy(value.begin(), value.end(), m_at);
    }
    void text(const QString &value)
    {
        if (!isAscii(value)) {
            bytes(value.toUtf8());
            return;
        }
        makeRoom(longestNumber + value.size());
        number(static_cast<std::uint64_t>(value.size()));
        m_at = std::transform(value.begin(), value.end(), m_at,
                              [](QChar character) { return static_cast<char>(character.unicode()); });
    }

private:
    static constexpr qsizetype longestNumber = 10;

    static bool isAscii(const QString &value)
    {
        return std::all_of(value.begin(), value.end(), [](QChar character) { return character.unicode() < 0x80; });
    }

    void makeRoom(qsizetype bytes)
    {
        if (m_end - m_at >= bytes)
            return;
        const qsizetype used = m_at - m_out.constData();
        m_out.resize(std::max(m_out.capacity(), used + std::max<qsizetype>(bytes, 256)));
        m_at = m_out.data() + used;
        m_end = m_out.data() + m_out.size();
    }

    QByteArray &m_out;
    char *m_at;
    char *m_end;
};

/// Reads what Packer wrote. Past the end, or on nonsense, everything reads as zero and ok() is false.
class Unpacker
{
public:
    explicit Unpacker(QByteArrayView in) : m_in(in) { }

    bool ok() const { return m_ok; }
    bool atEnd() const { return m_in.isEmpty(); }
    unsigned byte()
    {
        const QByteArrayView raw = take(1);
        return raw.isEmpty() ? 0U : static_cast<unsigned char>(raw.front());
    }
    std::uint64_t number()
    {
        std::uint64_t value = 0;
        for (int shift = 0; shift < 64 && !m_in.isEmpty(); shift += 7) {
            const auto byte = static_cast<unsigned char>(m_in.front());
            m_in = m_in.sliced(1);
            value |= std::uint64_t(byte & 0x7fU) << shift;
            if (byte < 0x80)
                return value;
        }
        m_ok = false;
        return 0;
    }
    std::int64_t signedNumber()
    {
        const std::uint64_t bits = number();
        return static_cast<std::int64_t>((bits >> 1) ^ (bits & 1 ? ~std::uint64_t(0) : 0));
    }
    double real()
    {
        const QByteArrayView raw = take(sizeof(std::uint64_t));
        std::uint64_t bits = 0;
        std::copy(raw.begin(), raw.end(), reinterpret_cast<char *>(&bits));
        return std::bit_cast<double>(bits);
    }
    QByteArray bytes() { return take(number()).toByteArray(); }
    void skipBytes() { take(number()); }
    QString text() { return QString::fromUtf8(take(number())); }
    /// A number of things that follow, each at least one byte long.
    std::size_t count()
    {
        const std::uint64_t value = number();
        if (value <= static_cast<std::uint64_t>(m_in.size()))
            return value;
        m_ok = false;
        return 0;
    }

private:
    QByteArrayView take(std::uint64_t size)
    {
        if (size > static_cast<std::uint64_t>(m_in.size())) {
            m_ok = false;
            m_in = {};
            return {};
        }
        const QByteArrayView result = m_in.first(static_cast<qsizetype>(size));
        m_in = m_in.sliced(static_cast<qsizetype>(size));
        return result;
    }

    QByteArrayView m_in;
    bool m_ok = true;
};

} // namespace signalbox
