// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace signalbox {

/// How an attempt failed on its way. An HTTP status is never one of these.
enum class TransportError {
    None,
    InvalidRequest, ///< a name, value or target that could split the message: never sent
    Dns,
    ConnectRefused,
    ConnectTimeout, ///< name lookup and TCP together
    Unreachable, ///< no route, network down and what else keeps TCP from connecting
    ForwardProxy, ///< the forward proxy refused, failed or wants credentials
    Tls, ///< handshake failed for another reason than the certificate
    TlsTimeout,
    CertificateInvalid,
    PoolTimeout, ///< no connection of the origin came free in time, or too many wait
    ClosedBeforeResponse, ///< closed or reset with the head of the answer incomplete
    Reset, ///< the network failed during the answer
    WriteFailed, ///< the request's own body could not be read or ended early
    FirstByteTimeout,
    IdleTimeout,
    TotalTimeout,
    MalformedResponse,
    TruncatedBody, ///< ended before the body did
    Aborted,
};

/// Machine names: "none", "dns", "connect-refused" ...
const char *toString(TransportError error) noexcept;

} // namespace signalbox
