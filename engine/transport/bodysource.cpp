// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/transport/bodysource.h"

#include <QIODevice>

#include <algorithm>
#include <utility>

namespace signalbox {

namespace {

constexpr qint64 pieceBytes = 64 << 10;

}

BodySource::BodySource(UpstreamRequestPointer request)
    : m_request(std::move(request)), m_streamed(!m_request->bodyDevice.isNull())
{
    m_done = !m_streamed && m_request->body.isEmpty();
}

BodySource::State BodySource::next(QByteArray &wire)
{
    if (m_done)
        return State::Done;
    return m_streamed ? nextOfDevice(wire) : nextOfBuffer(wire);
}

BodySource::State BodySource::nextOfBuffer(QByteArray &wire)
{
    const qint64 size = std::min<qint64>(pieceBytes, m_request->body.size() - m_taken);
    wire.append(QByteArrayView(m_request->body).sliced(m_taken, size));
    m_taken += size;
    m_done = m_taken == m_request->body.size();
    return State::Piece;
}

BodySource::State BodySource::endOfDevice(QByteArray &wire)
{
    const std::int64_t size = m_request->bodySize;
    if (size >= 0 && m_taken != size)
        return State::Failed;
    m_done = true;
    if (size >= 0)
        return State::Done;
    wire.append("0\r\n\r\n");
    return State::Piece;
}

BodySource::State BodySource::nextOfDevice(QByteArray &wire)
{
    const std::int64_t size = m_request->bodySize;
    QIODevice *device = m_request->bodyDevice;
    if (size >= 0 && m_taken == size)
        return endOfDevice(wire);
    if (!device || !device->isReadable())
        return m_deviceFinished ? endOfDevice(wire) : State::Failed;
    const qint64 most = size < 0 ? pieceBytes : std::min<qint64>(pieceBytes, size - m_taken);
    const QByteArray piece = device->read(most);
    if (piece.isEmpty()) {
        const bool ended = m_deviceFinished || (!device->isSequential() && device->atEnd());
        return ended ? endOfDevice(wire) : State::Waiting;
    }
    m_taken += piece.size();
    if (size < 0)
        wire.append(QByteArray::number(piece.size(), 16)).append("\r\n").append(piece).append("\r\n");
    else
        wire.append(piece);
    m_done = size >= 0 && m_taken == size;
    return State::Piece;
}

} // namespace signalbox
