// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/engine.h"

#include <QString>

#include <functional>

namespace signalbox {

class Console;

/// A change of the configuration and what takes it back, each as a call of the engine.
struct UndoableChange
{
    using Call = std::function<QFuture<Status>(Engine &)>;

    QString text; ///< for the Edit menu, after "Undo": "move alpha"
    Call make;
    Call takeBack;
};

/// Asks the engine for the change; once it is made, Ctrl+Z takes it back. done hears how it went, and reports an error
/// itself; without it the console does.
void makeUndoable(Console &console, const UndoableChange &change, std::function<void(const Status &)> done = {});

/// Sets one place of the configuration. Undo puts the old value back, or takes the place out again where the file did
/// not have it.
UndoableChange settingChange(const EngineSnapshot &snapshot, const QString &text, const QString &place,
                             const QJsonValue &before, const QJsonValue &after);

} // namespace signalbox
