// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonObject>
#include <QString>

#include <chrono>

namespace signalbox::bench {

class WatchedApplication;

/// What is measured, and how long.
struct Plan
{
    std::chrono::seconds each { 60 }; ///< of the CPU measurements
    std::chrono::minutes memory { 30 };
};

/// CPU of the whole console with 20 providers at two snapshots a second: wall visible, then minimised.
QJsonObject measureCpu(const Plan &plan);
/// The longest that the GUI thread handles one event, while 100,000 requests are shown and a day is replayed.
QJsonObject measureBlocking(WatchedApplication &application);
/// Memory over time of the demo, and its slope.
QJsonObject measureMemory(const Plan &plan, const QString &curvePath);

} // namespace signalbox::bench
