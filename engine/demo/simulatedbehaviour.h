// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <chrono>
#include <cstdint>
#include <vector>

namespace signalbox {

/// What a simulated provider does wrong with one generation request.
struct SimulatedFault
{
    enum class Kind {
        None,
        ErrorStatus, ///< an error answer with `status`, in the dialect's own shape
        CutBeforeHead, ///< closes without answering
        CutMidStream, ///< closes after `afterEvents` events of the stream (or most of a plain answer)
        EndWithoutTerminal, ///< a clean end of the body after `afterEvents` events
        ErrorFirst, ///< status 200, and an error as the first event
        EmptyBody, ///< status 200 without any content
        Html, ///< status 200 with a web page
        HangBeforeHead, ///< takes the request and says nothing
        HangMidStream ///< stops after `afterEvents` events and keeps the connection
    };
    Kind kind = Kind::None;
    int status = 500;
    std::chrono::seconds retryAfter { 0 }; ///< sent with `status` if not 0
    int afterEvents = 3;
};

/// A stretch of a simulated provider's time.
struct SimulatedPhase
{
    enum class Kind {
        Healthy,
        Failing, ///< a share of the requests meets one of the behaviour's faults
        RateLimited, ///< 429 with Retry-After until the phase ends
        Down ///< the listener and all its connections are closed
    };
    std::chrono::milliseconds length { 0 };
    Kind kind = Kind::Healthy;
    double failingShare = 1.0;
};

/// How a simulated provider behaves. The same values and seed give the same answers.
struct SimulatedBehaviour
{
    QString name;
    std::chrono::milliseconds firstByte { 120 }; ///< until the first event, or a plain answer
    std::chrono::milliseconds firstByteSpread { 0 }; ///< uniform, added to it
    std::chrono::milliseconds gap { 20 }; ///< between two events
    int tokens = 24; ///< words of an answer
    std::vector<SimulatedFault> requestScript {}; ///< one a generation request, in order, before the phases rule
    std::vector<SimulatedPhase> phases {}; ///< since the start, repeated; empty: always healthy
    std::vector<SimulatedFault> faults {}; ///< one of them is drawn when a request of a failing phase fails
    std::uint64_t seed = 1;
};

} // namespace signalbox
