// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayList>
#include <QByteArrayView>

namespace signalbox {

/// Hides one key in bytes that pass by, wherever the pieces are cut. It is replaced by as many '*' as it has bytes, so
/// that a Content-Length stays true. A key of fewer than 8 bytes is no secret (local servers want "none" or "ollama")
/// and would be found in ordinary text, so it stays.
class KeyMask
{
public:
    KeyMask() = default;
    explicit KeyMask(const QByteArray &key);

    /// What may go on. Keeps back an end that may be the beginning of the key.
    QByteArray feed(const QByteArray &bytes);
    /// What was kept back; the body has ended.
    QByteArray finish() { return std::exchange(m_kept, {}); }

    QByteArray masked(QByteArray whole) const;

private:
    qsizetype beginningAtEnd(QByteArrayView bytes) const;

    QByteArrayList m_spellings; ///< as it is, and as JSON strings may hold it
    QByteArray m_kept;
};

} // namespace signalbox
