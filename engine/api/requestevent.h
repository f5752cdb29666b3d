// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/breakerstate.h"
#include "engine/config/config.h"

#include <QByteArray>
#include <QDateTime>
#include <QMetaType>
#include <QString>

#include <chrono>
#include <optional>
#include <vector>

namespace signalbox {

/// One try at one provider.
struct AttemptEvent
{
    QString provider;
    Outcome outcome = Outcome::Ignored;
    QString reason; ///< machine name: "ok", "connect", "first_byte_timeout", "status_5xx", "error_event" ...
    QString detail; ///< one sentence; never holds a key
    int status = 0; ///< HTTP status; 0: no answer
    bool possiblyBilled = false; ///< failed after the request was sent
    bool reusedConnection = false;
    std::chrono::microseconds firstByte { 0 }; ///< since the attempt began; 0: none came
    std::chrono::microseconds total { 0 };
};

/// One client request with its attempts, handed over when it has ended.
struct RequestEvent
{
    enum class End { Completed, LocalAnswer, Failed, Truncated, ClientGone };
    QByteArray id; ///< as in x-signalbox-request-id
    QDateTime at; ///< wall time of the head, UTC
    QByteArray method;
    QByteArray path; ///< without query and token
    std::optional<Dialect> dialect;
    QByteArray model; ///< as asked
    bool stream = false;
    int status = 0; ///< sent to the client; 0: none
    End end = End::Completed;
    QString provider; ///< that answered; empty: none
    std::vector<AttemptEvent> attempts;
    std::chrono::microseconds total { 0 };
    std::chrono::microseconds overhead { 0 }; ///< our own share
    qint64 bytesToClient = 0;
};

const char *toString(RequestEvent::End end) noexcept;

} // namespace signalbox

Q_DECLARE_METATYPE(signalbox::RequestEvent)
