// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <optional>

namespace signalbox {

/// How long each phase of one attempt may take; zero means without limit. One that runs while the process stands still
/// (stopped, frozen) begins anew afterwards, as its time was not the other side's.
struct PhaseTimeouts
{
    std::chrono::milliseconds poolWait { 0 }; ///< for a connection when the origin is at its cap
    std::chrono::milliseconds connect { 0 }; ///< name lookup and TCP, with a forward proxy its handshake too
    std::chrono::milliseconds tls { 0 };
    std::chrono::milliseconds firstByte {
        0
    }; ///< silence before the first body byte: since the request's last byte (or piece) went out
    std::chrono::milliseconds idle { 0 }; ///< between body bytes; stands still while reading is paused
    std::chrono::milliseconds total { 0 }; ///< from send() on
};

/// When each phase ended, since send(). Absent: not reached, or not part of this attempt (a reused connection).
struct PhaseTimings
{
    using Moment = std::optional<std::chrono::nanoseconds>;
    Moment queue; ///< a connection was assigned or begun
    Moment dns;
    Moment connect;
    Moment tls;
    Moment sent; ///< last byte of the request given to the kernel
    Moment firstByte; ///< head of the final answer complete
    Moment firstBodyByte;
    Moment lastByte; ///< answer complete or given up
};

} // namespace signalbox
