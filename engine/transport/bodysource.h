// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/transport/upstreamrequest.h"

#include <QByteArray>

#include <cstdint>

namespace signalbox {

/// Hands out the body of a request piece by piece as it goes on the wire, chunked where its size is not known.
class BodySource
{
public:
    enum class State { Piece, Waiting, Done, Failed };

    explicit BodySource(UpstreamRequestPointer request);

    /// Appends the next piece to wire. Waiting: ask again when the device has more.
    State next(QByteArray &wire);
    /// The device said that nothing will follow.
    void setDeviceFinished() { m_deviceFinished = true; }
    bool isDone() const { return m_done; }

private:
    State nextOfBuffer(QByteArray &wire);
    State nextOfDevice(QByteArray &wire);
    State endOfDevice(QByteArray &wire);

    UpstreamRequestPointer m_request;
    bool m_streamed;
    std::int64_t m_taken = 0;
    bool m_deviceFinished = false;
    bool m_done = false;
};

} // namespace signalbox
