// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/demo/simulatedproviders.h"

#include "engine/demo/simulatedserver.h"

namespace signalbox {

namespace {

using namespace std::chrono_literals;
using Fault = SimulatedFault::Kind;
using Phase = SimulatedPhase::Kind;

/// The first two stop in turn and together, so that the third and fourth are seen taking over.
SimulatedBehaviour restarting()
{
    SimulatedBehaviour behaviour { QStringLiteral("sim-restarting"), 140ms, 60ms, 18ms, 26 };
    behaviour.phases = { { 25s, Phase::Healthy }, { 18s, Phase::Down } };
    return behaviour;
}

SimulatedBehaviour limited()
{
    SimulatedBehaviour behaviour { QStringLiteral("sim-limited"), 180ms, 80ms, 20ms, 24 };
    behaviour.phases = { { 14s, Phase::Healthy }, { 16s, Phase::RateLimited } };
    return behaviour;
}

SimulatedBehaviour flaky()
{
    SimulatedBehaviour behaviour { QStringLiteral("sim-flaky"), 150ms, 120ms, 20ms, 24 };
    behaviour.phases = { { 20s, Phase::Healthy }, { 12s, Phase::Failing, 0.7 } };
    behaviour.faults = { { Fault::ErrorStatus, 500 },
                         { Fault::ErrorStatus, 529 },
                         { Fault::ErrorFirst, 529 },
                         { Fault::CutMidStream, 0, 0s, 6 } };
    return behaviour;
}

} // namespace

SimulatedProviders::SimulatedProviders(const Clock &clock, std::uint64_t seed) : m_clock(clock), m_seed(seed)
{
    m_thread.setObjectName(QStringLiteral("simulated providers"));
}

SimulatedProviders::~SimulatedProviders()
{
    if (m_thread.isRunning()) {
        // Sockets are closed by the thread that owns them.
        QMetaObject::invokeMethod(
            &m_inThread, [this] { m_servers.clear(); }, Qt::BlockingQueuedConnection);
        m_thread.quit();
        m_thread.wait();
    }
}

std::vector<SimulatedBehaviour> SimulatedProviders::behaviours(std::uint64_t seed)
{
    std::vector<SimulatedBehaviour> all { restarting(),
                                          limited(),
                                          flaky(),
                                          { QStringLiteral("sim-fast"), 60ms, 40ms, 12ms, 30 },
                                          { QStringLiteral("sim-slow"), 900ms, 500ms, 60ms, 30 } };
    for (SimulatedBehaviour &behaviour : all)
        behaviour.seed = seed++;
    return all;
}

Status SimulatedProviders::start()
{
    m_inThread.moveToThread(&m_thread);
    m_thread.start();
    Status status = ok();
    const auto listen = [this, &status] {
        for (SimulatedBehaviour &behaviour : behaviours(m_seed)) {
            auto server = std::make_unique<SimulatedServer>(std::move(behaviour), m_clock);
            if (status)
                status = server->listen();
            m_servers.push_back(std::move(server));
        }
    };
    QMetaObject::invokeMethod(&m_inThread, listen, Qt::BlockingQueuedConnection);
    if (!status)
        return status;
    for (const std::unique_ptr<SimulatedServer> &server : m_servers) {
        ProviderConfig config;
        config.name = server->behaviour().name;
        config.dialect = Dialect::OpenAi;
        config.extraDialects = { Dialect::Anthropic, Dialect::Gemini };
        config.baseUrl = server->url();
        config.simulated = true;
        m_configs.push_back(std::move(config));
    }
    return status;
}

} // namespace signalbox
