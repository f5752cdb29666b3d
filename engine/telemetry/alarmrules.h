// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/snapshot.h"

#include <QString>

#include <cstdint>
#include <map>
#include <span>
#include <vector>

namespace signalbox {

/// What can be wrong, and how long it must be so. Evaluations are about a second apart.
struct AlarmRule
{
    const char *name;
    AlarmPriority priority;
    int fireAfter; ///< evaluations in a row
    int clearAfter; ///< evaluations in a row
};

/// A condition that is met, or that is neither met nor over.
struct AlarmFinding
{
    const AlarmRule *rule = nullptr;
    QString subject;
    bool undecided = false; ///< keeps an alarm as it is, but raises none
    QString text;
};

/// Looks for conditions in one snapshot after the other; remembers only what a rule needs from before.
class AlarmRules
{
public:
    static constexpr int flapOpens = 3;
    static constexpr std::int64_t flapWindowMs = 600'000;
    static constexpr std::int64_t throttledLongMs = 300'000;
    static constexpr int certificateDays = 14;

    static std::span<const AlarmRule> all();
    static const AlarmRule &flood();

    /// nowMs: of the engine's clock.
    std::vector<AlarmFinding> find(const EngineSnapshot &snapshot, std::int64_t nowMs);

private:
    struct Memory
    {
        std::uint64_t opened = 0;
        std::vector<std::int64_t> opens; ///< when, newest last; at most flapOpens
        std::int64_t throttledSinceMs = -1;
    };
    void findInProvider(const ProviderSnapshot &provider, const QDateTime &takenAt, std::int64_t nowMs,
                        std::vector<AlarmFinding> &found);
    bool flaps(const ProviderSnapshot &provider, Memory &memory, std::int64_t nowMs) const;
    void findInRecording(const RecordingSnapshot &recording, std::vector<AlarmFinding> &found);

    std::map<QString, Memory> m_memory; ///< by provider
    std::uint64_t m_dropped = 0;
};

} // namespace signalbox
