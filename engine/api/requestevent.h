// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/usage.h"
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

/// When each phase of an attempt ended, since the attempt began. Negative: not reached, or no part of it (a reused
/// connection).
struct AttemptPhases
{
    static constexpr std::chrono::microseconds none { -1 };
    std::chrono::microseconds queue = none; ///< a connection was assigned or begun
    std::chrono::microseconds dns = none;
    std::chrono::microseconds connect = none;
    std::chrono::microseconds tls = none;
    std::chrono::microseconds sent = none; ///< last byte of the request given to the kernel
    std::chrono::microseconds head = none; ///< head of the answer complete
    std::chrono::microseconds firstByte = none; ///< of the body
    std::chrono::microseconds lastByte = none;
};

/// A provider that could have been asked before the one that was, and why it was not.
struct SkippedProvider
{
    QString provider;
    QString reason; ///< machine name: "open", "throttled", "half_open_busy", "key_missing" ...
};

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
    std::chrono::microseconds startedAfter { 0 }; ///< since the request's head
    QString chosenBecause; ///< machine name: "priority", "health", "pinned", "failover", "bound", "probe", "panic"
    std::vector<SkippedProvider> skipped; ///< since the attempt before
    double score = 0; ///< health score at that moment, 0..100
    AttemptPhases phases;
    qint64 bytesSent = 0;
    qint64 bytesReceived = 0; ///< of the body
    TokenUsage usage;
    QByteArray servedModel; ///< as the provider names it; empty: it did not say
    std::optional<double> costUsd; ///< nullopt: unknown, never a guess
};

/// Times between two events of a stream; all zero with fewer than two events.
struct StreamGaps
{
    std::uint32_t events = 0;
    std::chrono::microseconds p50 { 0 };
    std::chrono::microseconds p99 { 0 };
    std::chrono::microseconds longest { 0 };
};

/// One client request with its attempts, handed over when it has ended.
struct RequestEvent
{
    /// Cancelled: an operator ended it.
    enum class End { Completed, LocalAnswer, Failed, Truncated, ClientGone, Cancelled };
    enum class StreamEnd { NoStream, Completed, ErrorEvent, Truncated, Stalled, ClientGone, Cancelled };
    std::uint64_t sequence = 0; ///< grows from event to event, over restarts too; 0: not yet given
    QByteArray id; ///< as in x-signalbox-request-id
    QDateTime at; ///< wall time of the head, UTC
    std::chrono::nanoseconds monotonic { 0 }; ///< the engine's clock at the head
    QByteArray userAgent; ///< class of the client: "claude-code", "codex", "openai-python" ... or "other"
    QByteArray session; ///< what the client calls its conversation, shortened hash; empty: it names none
    QByteArray method;
    QByteArray path; ///< without query and token
    std::optional<Dialect> dialect;
    QByteArray endpoint; ///< machine name: "chat/completions", "responses", "messages" ... or "other"
    QByteArray model; ///< as asked
    bool stream = false;
    /// Asked by the engine itself to see whether a provider is well; in no total and not recorded.
    bool healthCheck = false;
    int status = 0; ///< sent to the client (health check: received); 0: none
    End end = End::Completed;
    StreamEnd streamEnd = StreamEnd::NoStream;
    StreamGaps gaps;
    QString provider; ///< that answered; empty: none
    std::vector<AttemptEvent> attempts;
    std::chrono::microseconds firstByte { 0 }; ///< head in to first body byte out; 0: none
    std::chrono::microseconds total { 0 };
    std::chrono::microseconds overhead { 0 }; ///< our own share
    qint64 bytesFromClient = 0;
    qint64 bytesToClient = 0;

    /// Of the attempt that answered; unknown usage without one.
    TokenUsage usage() const { return attempts.empty() ? TokenUsage {} : attempts.back().usage; }
    /// Of all attempts whose cost is known; nullopt if that of none is.
    std::optional<double> costUsd() const;
    bool possiblyBilledTwice() const;
};

const char *toString(RequestEvent::End end) noexcept;
/// "", "completed", "error_event", "truncated", "stalled", "client_gone", "cancelled"
const char *toString(RequestEvent::StreamEnd end) noexcept;

} // namespace signalbox

Q_DECLARE_METATYPE(signalbox::RequestEvent)
