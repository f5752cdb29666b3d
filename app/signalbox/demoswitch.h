// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/common/commandline.h"
#include "app/signalbox/singleinstance.h"

#include <QObject>

#include <memory>
#include <optional>

namespace signalbox {

class MainWindow;

/// The demo is another program to its user: it may run beside the real one.
std::unique_ptr<SingleInstance> makeInstance(const EngineOptions &options);

/// What runs after a window has closed.
struct NextRun
{
    CommandLine commandLine;
    EngineOptions options;
    std::unique_ptr<SingleInstance> instance; ///< claimed
};

/// Between simulated and configured providers. What is simulated never mixes with what happened, so the window closes
/// and another one opens on an engine with data of its own.
class DemoSwitch : public QObject
{
    Q_OBJECT

public:
    DemoSwitch(MainWindow &window, CommandLine present);

    /// After the window has closed; nullopt: it was closed for good.
    std::optional<NextRun> next();

private:
    void prepare(bool simulated);

    MainWindow &m_window;
    CommandLine m_present;
    std::optional<NextRun> m_next;
};

} // namespace signalbox
