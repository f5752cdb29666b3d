// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/secret.h"

namespace signalbox {

Secret::~Secret()
{
    if (m_value.isEmpty() || !m_value.isDetached())
        return;
    volatile char *bytes = m_value.data();
    for (qsizetype i = 0; i < m_value.size(); ++i)
        bytes[i] = 0;
}

bool Secret::matches(QByteArrayView candidate) const noexcept
{
    if (candidate.size() != m_value.size())
        return false;
    unsigned char difference = 0;
    for (qsizetype i = 0; i < m_value.size(); ++i)
        difference = static_cast<unsigned char>(
            difference | (static_cast<unsigned char>(m_value.at(i)) ^ static_cast<unsigned char>(candidate[i])));
    return difference == 0;
}

} // namespace signalbox
