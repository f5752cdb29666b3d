// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/signalbox/demoswitch.h"

#include "ui/shell/mainwindow.h"

namespace signalbox {

std::unique_ptr<SingleInstance> makeInstance(const EngineOptions &options)
{
    const QString key = (options.demo ? QStringLiteral("demo:") : QStringLiteral("config:")) + options.configPath;
    return std::make_unique<SingleInstance>(key, SingleInstance::defaultDirectory());
}

DemoSwitch::DemoSwitch(MainWindow &window, CommandLine present) : m_window(window), m_present(std::move(present))
{
    connect(&window.console(), &Console::demoRequested, this, &DemoSwitch::prepare);
}

std::optional<NextRun> DemoSwitch::next()
{
    return std::exchange(m_next, std::nullopt);
}

/// Before anything is given up: what cannot run is said where it was asked for.
void DemoSwitch::prepare(bool simulated)
{
    NextRun next;
    next.commandLine = m_present;
    next.commandLine.demo = simulated;
    next.commandLine.noDemo = !simulated;
    next.commandLine.page = simulated ? QStringLiteral("wall") : QStringLiteral("set-up");
    auto prepared = prepareEngine(next.commandLine);
    if (std::holds_alternative<int>(prepared)) {
        m_window.console().reportFailure(
            tr("The configuration cannot be used. “signalbox --check-config” says what is wrong with it."));
        return;
    }
    next.options = std::move(std::get<EngineOptions>(prepared));
    next.instance = makeInstance(next.options);
    if (!m_present.newInstance && !next.instance->claim()) {
        if (next.instance->handOver(next.commandLine.page))
            m_window.console().tell(tr("It runs already, in the window that came to the front."));
        else
            m_window.console().reportFailure(tr("It runs already, but its window does not answer."));
        return;
    }
    m_next = std::move(next);
    m_window.quit();
}

} // namespace signalbox
