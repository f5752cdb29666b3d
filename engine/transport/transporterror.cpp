// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/transport/transporterror.h"

namespace signalbox {

const char *toString(TransportError error) noexcept
{
    switch (error) {
    case TransportError::None:
        return "none";
    case TransportError::InvalidRequest:
        return "invalid-request";
    case TransportError::Dns:
        return "dns";
    case TransportError::ConnectRefused:
        return "connect-refused";
    case TransportError::ConnectTimeout:
        return "connect-timeout";
    case TransportError::Unreachable:
        return "unreachable";
    case TransportError::ForwardProxy:
        return "forward-proxy";
    case TransportError::Tls:
        return "tls";
    case TransportError::TlsTimeout:
        return "tls-timeout";
    case TransportError::CertificateInvalid:
        return "certificate-invalid";
    case TransportError::PoolTimeout:
        return "pool-timeout";
    case TransportError::ClosedBeforeResponse:
        return "closed-before-response";
    case TransportError::Reset:
        return "reset";
    case TransportError::WriteFailed:
        return "write-failed";
    case TransportError::FirstByteTimeout:
        return "first-byte-timeout";
    case TransportError::IdleTimeout:
        return "idle-timeout";
    case TransportError::TotalTimeout:
        return "total-timeout";
    case TransportError::MalformedResponse:
        return "malformed-response";
    case TransportError::TruncatedBody:
        return "truncated-body";
    case TransportError::Aborted:
        return "aborted";
    }
    return "none";
}

} // namespace signalbox
