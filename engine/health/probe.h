// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/clock.h"
#include "engine/base/headerlist.h"

#include <QDateTime>
#include <QMetaType>
#include <QNetworkProxy>
#include <QString>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>

namespace signalbox {

/// What to ask, and how long to wait for it. A value: a probe shares nothing with the engine.
struct ProbeTarget
{
    QString name; ///< of the provider
    QString host;
    std::uint16_t port = 443;
    bool tls = true;
    QByteArray path; ///< origin-form target of a GET that costs nothing; empty: TCP (and TLS) only
    HeaderList headers; ///< with this provider's credential; Host and Connection are added
    QNetworkProxy proxy { QNetworkProxy::NoProxy };
    QString caFile; ///< PEM file of additional trusted authorities
    std::chrono::milliseconds connectLimit { 5000 }; ///< name lookup and TCP
    std::chrono::milliseconds tlsLimit { 5000 };
    std::chrono::milliseconds deadline { 30000 }; ///< everything together
    std::optional<std::chrono::milliseconds> interval; ///< this provider's own; unset: the prober's
    qsizetype bodyLimit = 0; ///< so much of the answer's body is wanted; 0: only the head is read

    bool operator==(const ProbeTarget &other) const;
};

enum class ProbePhase { Request, Dns, Connect, Tls, FirstByte, Response };

/// "request", "dns", "connect", "tls", "first byte", "response"
const char *toString(ProbePhase phase) noexcept;

/// How long each phase took. Unset: not reached, or there was none.
struct ProbeTimings
{
    using Duration = std::chrono::microseconds;
    std::optional<Duration> dns;
    std::optional<Duration> connect;
    std::optional<Duration> tls;
    std::optional<Duration> firstByte; ///< from the request sent to the first byte of the answer
    Duration total { 0 };
};

struct ProbeResult
{
    QString provider;
    QByteArray path; ///< of the target
    bool reachable = false; ///< a well-formed HTTP answer below 500, or a connection where no path is asked
    bool authenticated2xx = false; ///< the answer was 2xx, so the credential was accepted
    int status = 0; ///< 0: no HTTP answer
    ProbeTimings timings;
    QDateTime certificateExpiry; ///< of the server's certificate; invalid: none seen
    std::optional<ProbePhase> failedIn;
    QByteArray body; ///< whole or empty, in its own coding
    QByteArray contentEncoding;
    QString error; ///< begins with the name of the phase; empty if reachable
};

/// Runs one probe in the calling thread, which must not have an event loop running. Asks `cancelled` at least every
/// 50 ms and returns soon after it says yes.
ProbeResult runProbe(const ProbeTarget &target, const Clock &clock, const std::function<bool()> &cancelled);

} // namespace signalbox

Q_DECLARE_METATYPE(signalbox::ProbeResult)
