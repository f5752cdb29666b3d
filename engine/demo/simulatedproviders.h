// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/clock.h"
#include "engine/base/result.h"
#include "engine/config/config.h"
#include "engine/demo/simulatedbehaviour.h"

#include <QObject>
#include <QThread>

#include <cstdint>
#include <memory>
#include <vector>

namespace signalbox {

class SimulatedServer;

/// Five simulated providers in a thread of their own: fast, slow, flaky, rate-limited, and one that dies and returns.
class SimulatedProviders
{
public:
    SimulatedProviders(const Clock &clock, std::uint64_t seed);
    /// Stops the servers and their thread.
    ~SimulatedProviders();
    SimulatedProviders(const SimulatedProviders &) = delete;
    SimulatedProviders &operator=(const SimulatedProviders &) = delete;

    /// Returns when all five listen, so it blocks for some milliseconds. Once.
    Status start();

    /// In failover order, named "sim-...", each serving all three dialects. Empty before start().
    const std::vector<ProviderConfig> &configs() const { return m_configs; }

    /// What the five do, as values.
    static std::vector<SimulatedBehaviour> behaviours(std::uint64_t seed);

private:
    const Clock &m_clock;
    std::uint64_t m_seed;
    QThread m_thread;
    QObject m_inThread; ///< lives in m_thread, to run things there
    std::vector<std::unique_ptr<SimulatedServer>> m_servers; ///< live in m_thread
    std::vector<ProviderConfig> m_configs;
};

} // namespace signalbox
