// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/config/config.h"

#include <QByteArray>
#include <QDateTime>
#include <QString>

#include <optional>

namespace signalbox {

/// A request that has not ended yet, as it was when the snapshot was taken.
struct InFlightRequest
{
    /// Receiving: its body is not complete. Waiting: nobody may be asked right now. Connecting: up to the last byte of
    /// the request sent. FirstByte: nothing of the answer's body yet. Streaming: the answer goes to the client.
    enum class Phase { Receiving, Waiting, Connecting, FirstByte, Streaming };
    QByteArray id; ///< as in x-signalbox-request-id; what cancelRequest() takes
    QDateTime at; ///< wall time of the head, UTC
    Milliseconds elapsed { 0 }; ///< since the head
    QByteArray userAgent; ///< class of the client, as in RequestEvent
    QByteArray session; ///< as in RequestEvent
    QByteArray method;
    QByteArray path; ///< without query and token
    std::optional<Dialect> dialect;
    QByteArray model; ///< as asked; empty until the body is read
    bool stream = false;
    QString provider; ///< asked now; empty: none
    int attempt = 0; ///< 1 for the first; 0: nobody was asked yet
    Phase phase = Phase::Receiving;
    qint64 bytesFromClient = 0;
    qint64 bytesToClient = 0; ///< of the body
};

/// "receiving", "waiting", "connecting", "first_byte", "streaming"
const char *toString(InFlightRequest::Phase phase) noexcept;

} // namespace signalbox
