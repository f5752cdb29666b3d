// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/proxy/uploaddevice.h"

#include <algorithm>
#include <cstring>

namespace signalbox {

UploadDevice::UploadDevice(std::function<void(bool)> wanted, QObject *parent)
    : QIODevice(parent), m_wanted(std::move(wanted))
{
    open(QIODevice::ReadOnly | QIODevice::Unbuffered);
}

void UploadDevice::append(QByteArrayView bytes)
{
    m_buffer.append(bytes);
    if (m_buffer.size() > highWater)
        m_wanted(false);
    Q_EMIT readyRead();
}

void UploadDevice::finish()
{
    m_finished = true;
    Q_EMIT readChannelFinished();
}

qint64 UploadDevice::readData(char *data, qint64 maxSize)
{
    if (m_buffer.isEmpty())
        return m_finished ? -1 : 0;
    const qsizetype size = std::min<qsizetype>(m_buffer.size(), maxSize);
    std::memcpy(data, m_buffer.constData(), static_cast<std::size_t>(size));
    m_buffer.remove(0, size);
    if (m_buffer.size() <= highWater / 2 && !m_finished)
        m_wanted(true);
    return size;
}

} // namespace signalbox
