// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/engine.h"

#include <QStringList>

#include <optional>

namespace signalbox {

/// What the process returns; sysexits.h for the bad configuration.
namespace ExitCode {
constexpr int Success = 0;
constexpr int Failure = 1;
constexpr int Usage = 2;
constexpr int PortBusy = 3;
constexpr int BadConfig = 78;
} // namespace ExitCode

struct CommandLine
{
    enum class Action { Run, CheckConfig, ConfirmKeys };
    Action action = Action::Run;
    QString configPath; ///< empty: the default place
    std::optional<int> port;
    QString dataDirectory; ///< empty: the default
    QStringList envFiles;
    bool demo = false;
    bool noDemo = false; ///< without a configuration none, instead of simulated providers
    bool minimized = false; ///< console only
    bool newInstance = false; ///< console only: beside one that runs for the same configuration
    QString page; ///< console only: to open; empty: the wall
    bool logRequests = false; ///< daemon only: successful requests too
};

/// Parses, or has printed (help, version, usage error) and says with which code to exit.
std::variant<CommandLine, int> parseCommandLine(const QStringList &arguments, bool console);

/// Loads the configuration; with errors they are printed and the exit code is given. No config yet: the demo.
std::variant<EngineOptions, int> prepareEngine(const CommandLine &commandLine);

} // namespace signalbox
