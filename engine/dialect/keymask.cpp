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
    m_spellings = { key, escaped, QByteArray(escaped).replace('/', "\\/") };
    m_spellings.erase(std::unique(m_spellings.begin(), m_spellings.end()), m_spellings.end());
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
