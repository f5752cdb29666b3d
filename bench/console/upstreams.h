// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QProcess>

#include <cstdint>
#include <vector>

namespace signalbox::bench {

/// Simulated providers and the tools that ask for them, in a process of their own, so that what is measured is the
/// console's alone.
class Upstreams
{
public:
    ~Upstreams();

    /// This program again, with so many providers. False: it did not start.
    bool start(int count);
    const std::vector<std::uint16_t> &ports() const { return m_ports; }
    /// From now on two requests a second, every second one streamed.
    void sendTo(std::uint16_t proxyPort);

private:
    QProcess m_process;
    std::vector<std::uint16_t> m_ports;
};

/// What that process runs: tells its ports, reads the proxy's, ends with its input.
int runUpstreams(int count, int argc, char **argv);

/// A configuration of providers at those ports.
QByteArray configFor(const std::vector<std::uint16_t> &ports);

} // namespace signalbox::bench
