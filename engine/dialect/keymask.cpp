// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/dialect/keymask.h"

#include "engine/dialect/jsonscan.h"

#include <algorithm>

namespace signalbox {

namespace {
constexpr qsizetype shortestSecret = 8;
}

KeyMask::KeyMask(const QByteArray &key)
{
    if (key.size() < shortestSecret)
        return;
    const QByteArray escaped = escapeJson(key);
    const QList<QByteArray> spellings { key, escaped, QByteArray(escaped).replace('/', "\\/") };
    for (const QByteArray &spelling : spellings) {
        if (!m_spellings.contains(spelling))
            m_spellings.append(spelling);
    }
}

QByteArray KeyMask::masked(QByteArray whole) const
{
    for (const QByteArray &spelling : m_spellings) {
        for (qsizetype at = whole.indexOf(spelling); at >= 0; at = whole.indexOf(spelling, at + spelling.size()))
            std::fill_n(whole.begin() + at, spelling.size(), '*');
    }
    return whole;
}

qsizetype KeyMask::beginningAtEnd(QByteArrayView bytes) const
{
    qsizetype longest = 0;
    for (const QByteArray &spelling : m_spellings) {
        for (qsizetype size = std::min(spelling.size() - 1, bytes.size()); size > longest; --size) {
            if (spelling.startsWith(bytes.last(size)))
                longest = size;
        }
    }
    return longest;
}

QByteArray KeyMask::feed(const QByteArray &bytes)
{
    if (m_spellings.isEmpty())
        return bytes;
    QByteArray text = masked(m_kept + bytes);
    const qsizetype kept = beginningAtEnd(text);
    m_kept = text.last(kept);
    text.chop(kept);
    return text;
}

} // namespace signalbox
