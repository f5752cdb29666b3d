// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/demo/simulatedproviders.h"

#include "engine/demo/simulatedserver.h"

namespace signalbox {

using namespace std::chrono_literals;

SimulatedProviders::SimulatedProviders(const Clock &clock, std::uint64_t seed) : m_clock(clock), m_seed(seed) { }

SimulatedProviders::~SimulatedProviders()
{
    for (std::unique_ptr<SimulatedServer> &server : m_servers)
        server.release()->deleteLater();
    m_thread.quit();
    m_thread.wait();
}

std::vector<SimulatedBehaviour> SimulatedProviders::behaviours(std::uint64_t seed)
{
    using Phase = SimulatedPhase::Kind;
    using Fault = SimulatedFault::Kind;
    SimulatedBehaviour fast { QStringLiteral("sim-fast"), 120ms, 80ms, 15ms, 24, {}, {}, {}, seed };
    SimulatedBehaviour slow { QStringLiteral("sim-slow"), 1800ms, 900ms, 60ms, 24, {}, {}, {}, seed + 1 };
    SimulatedBehaviour flaky { QStringLiteral("sim-flaky"),
                               300ms,
                               200ms,
                               20ms,
                               24,
                               {},
                               { { 40s, Phase::Healthy, 0 }, { 20s, Phase::Failing, 0.8 } },
                               { { Fault::Status, 500, 0s, 0 },
                                 { Fault::Status, 529, 0s, 0 },
                                 { Fault::CutMidStream, 0, 0s, 3 },
                                 { Fault::ErrorFirst, 0, 0s, 0 } },
                               seed + 2 };
    SimulatedBehaviour limited { QStringLiteral("sim-limited"),
                                 250ms,
                                 150ms,
                                 20ms,
                                 24,
                                 {},
                                 { { 25s, Phase::Healthy, 0 }, { 15s, Phase::RateLimited, 0 } },
                                 {},
                                 seed + 3 };
    SimulatedBehaviour dying { QStringLiteral("sim-dying"),
                               200ms,
                               100ms,
                               20ms,
                               24,
                               {},
                               { { 20s, Phase::Down, 0 }, { 70s, Phase::Healthy, 0 } },
                               {},
                               seed + 4 };
    // The troubled ones come first, so that failover can be watched.
    return { flaky, dying, limited, fast, slow };
}

Status SimulatedProviders::start()
{
    Status status = ok();
    QThread *const caller = QThread::currentThread();
    QObject home;
    home.moveToThread(&m_thread);
    m_thread.setObjectName(QStringLiteral("simulated"));
    m_thread.start();
    QMetaObject::invokeMethod(
        &home,
        [&] {
            for (const SimulatedBehaviour &behaviour : behaviours(m_seed)) {
                auto server = std::make_unique<SimulatedServer>(behaviour, m_clock);
                if (const Status listening = server->listen(); !listening)
                    status = listening;
                ProviderConfig config;
                config.name = behaviour.name;
                config.baseUrl = server->url();
                config.simulated = true;
                config.extraDialects = { Dialect::Anthropic, Dialect::Gemini };
                m_configs.push_back(config);
                m_servers.push_back(std::move(server));
            }
            home.moveToThread(caller);
        },
        Qt::BlockingQueuedConnection);
    return status;
}

std::vector<ProviderConfig> SimulatedProviders::configs() const
{
    return m_configs;
}

} // namespace signalbox
