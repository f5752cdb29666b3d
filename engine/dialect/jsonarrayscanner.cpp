// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/dialect/jsonarrayscanner.h"

namespace signalbox {

namespace {

bool isSpace(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

} // namespace

void JsonArrayScanner::feed(QByteArrayView bytes, const Handler &handler)
{
    for (char c : bytes) {
        if (m_malformed)
            return;
        take(c, handler);
    }
}

void JsonArrayScanner::keep(char c)
{
    if (m_element.size() < keptBytes)
        m_element += c;
}

void JsonArrayScanner::take(char c, const Handler &handler)
{
    if (m_depth > 0 && m_inString) {
        keep(c);
        m_inString = m_escaped || c != '"';
        m_escaped = !m_escaped && c == '\\';
        return;
    }
    if (m_depth == 0) {
        if (c == '[' && !m_complete)
            m_depth = 1;
        else if (!isSpace(c))
            m_malformed = true;
        return;
    }
    if (m_depth == 1 && (c == ',' || c == ']')) {
        endElement(handler);
        m_complete = c == ']';
        m_depth = m_complete ? 0 : 1;
        return;
    }
    if (m_depth == 1 && m_element.isEmpty() && isSpace(c))
        return;
    keep(c);
    if (c == '"')
        m_inString = true;
    else if (c == '{' || c == '[')
        ++m_depth;
    else if ((c == '}' || c == ']') && --m_depth == 1)
        endElement(handler);
    else if (c == '}' && m_depth == 0)
        m_malformed = true;
}

void JsonArrayScanner::endElement(const Handler &handler)
{
    if (!m_element.isEmpty())
        handler(m_element);
    m_element.truncate(0);
}

} // namespace signalbox
