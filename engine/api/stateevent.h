// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDateTime>
#include <QMetaType>
#include <QString>

#include <cstdint>

namespace signalbox {

/// Something changed that an operator may ask about later: a breaker transition, a command, a config change.
struct StateEvent
{
    enum class Kind { Breaker, Command, Config, Credential, Listener, Request, Probe, Alarm, Recording, Trend, Shadow };
    Kind kind = Kind::Breaker;
    std::uint64_t sequence = 0; ///< grows from event to event, over restarts too
    QDateTime at; ///< wall time, UTC
    QString provider; ///< empty: the engine as a whole
    QString before;
    QString after;
    QString reason; ///< one sentence
};

/// Machine names: "breaker", "command" ...
const char *toString(StateEvent::Kind kind) noexcept;

} // namespace signalbox

Q_DECLARE_METATYPE(signalbox::StateEvent)
