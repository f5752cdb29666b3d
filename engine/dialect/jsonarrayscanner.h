// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayView>

#include <functional>

namespace signalbox {

/// Cuts a JSON array that arrives in pieces into its elements (Gemini streams so without alt=sse).
class JsonArrayScanner
{
public:
    static constexpr qsizetype keptBytes = qsizetype { 1 } << 20; ///< of one element

    using Handler = std::function<void(QByteArrayView element)>;
    void feed(QByteArrayView bytes, const Handler &handler);

    bool complete() const { return m_complete; } ///< the array was closed
    bool malformed() const { return m_malformed; }

private:
    void keep(char c);
    void take(char c, const Handler &handler);
    void endElement(const Handler &handler);

    QByteArray m_element;
    int m_depth = 0;
    bool m_inString = false;
    bool m_escaped = false;
    bool m_complete = false;
    bool m_malformed = false;
};

} // namespace signalbox
