// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/alarm.h"
#include "engine/base/clock.h"
#include "engine/base/result.h"
#include "engine/telemetry/alarmrules.h"

#include <deque>
#include <map>
#include <optional>
#include <vector>

namespace signalbox {

/// Turns conditions into alarms with a life: active, acknowledged, shelved, cleared. Lives on the engine thread. It
/// decides by the monotonic clock alone; when the wall clock is set, the times that are shown move with it.
class AlarmEngine
{
public:
    static constexpr std::size_t floodAlarms = 10;
    static constexpr std::int64_t floodWindowMs = 600'000;
    /// How long a cleared alarm that nobody acknowledged stays listed.
    static constexpr std::int64_t clearedStaysMs = 3'600'000;
    /// How long it is known how often an alarm was raised.
    static constexpr std::int64_t countedMs = 604'800'000;

    explicit AlarmEngine(const Clock &clock) : m_clock(clock) { }

    /// About once a second. Returns the alarms whose state changed by it, as they are now.
    std::vector<Alarm> evaluate(const EngineSnapshot &snapshot);

    /// Newest change first.
    std::vector<Alarm> alarms() const;

    /// Seen: it is cleared together with its condition. One that is cleared already goes from the list. All return the
    /// alarm as it is then.
    Result<Alarm> acknowledge(const QString &id, const QString &by);
    /// Silent for that long, whatever its condition does meanwhile.
    Result<Alarm> shelve(const QString &id, std::chrono::milliseconds duration);
    Result<Alarm> unshelve(const QString &id);

private:
    struct Entry
    {
        Alarm alarm;
        const AlarmRule *rule = nullptr;
        bool raised = false; ///< the condition held long enough and is not over
        int held = 0; ///< evaluations in a row
        int gone = 0; ///< evaluations in a row
        bool listed = false; ///< has been raised and is still of interest
        std::int64_t changedMs = 0;
        std::int64_t shelvedUntilMs = 0;
    };
    using Entries = std::map<QString, Entry>;
    struct Tally
    {
        int count = 0;
        QDateTime first;
        std::int64_t lastMs = 0;
    };

    void apply(const AlarmFinding &finding, std::vector<Alarm> &changes);
    void leave(Entry &entry, std::vector<Alarm> &changes);
    void count(Alarm &alarm);
    void raise(Entry &entry, const AlarmFinding &finding, std::vector<Alarm> &changes);
    void noteFlood(std::vector<Alarm> &changes);
    void endShelves(std::vector<Alarm> &changes);
    void forgetOld();
    void followWallClock(const QDateTime &wall);
    void setState(Entry &entry, AlarmState state);
    QDateTime wallTime() const { return m_wall.addMSecs(nowMs() - m_wallAtMs); }
    std::int64_t nowMs() const { return m_clock.nowMs(); }
    Result<Entry *> listed(const QString &id);

    const Clock &m_clock;
    AlarmRules m_rules;
    Entries m_entries;
    std::map<QString, Tally> m_tallies; ///< by alarm id; stay when an alarm is done with
    std::deque<std::int64_t> m_raisedAt; ///< within floodWindowMs
    QDateTime m_wall; ///< of the last snapshot
    std::int64_t m_wallAtMs = 0; ///< the clock at that moment
};

} // namespace signalbox
