// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/telemetry/alarmengine.h"

#include <algorithm>
#include <cstdlib>

namespace signalbox {

namespace {

constexpr std::int64_t smallestStepMs = 5'000; ///< less is a correction, or the time that a snapshot took

QString idOf(const AlarmFinding &finding)
{
    const QString rule = QString::fromLatin1(finding.rule->name);
    return finding.subject.isEmpty() ? rule : rule + QLatin1Char('/') + finding.subject;
}

} // namespace

std::vector<Alarm> AlarmEngine::evaluate(const EngineSnapshot &snapshot)
{
    followWallClock(snapshot.takenAt);
    std::vector<Alarm> changes;
    std::vector<QString> met;
    for (const AlarmFinding &finding : m_rules.find(snapshot, nowMs())) {
        met.push_back(idOf(finding));
        apply(finding, changes);
    }
    std::sort(met.begin(), met.end());
    const QString flood = QString::fromLatin1(AlarmRules::flood().name);
    for (auto &[id, entry] : m_entries) {
        if (id != flood && !std::binary_search(met.begin(), met.end(), id))
            leave(entry, changes);
    }
    noteFlood(changes);
    endShelves(changes);
    forgetOld();
    return changes;
}

void AlarmEngine::followWallClock(const QDateTime &wall)
{
    const std::int64_t stepMs = m_wall.isValid() ? wallTime().msecsTo(wall) : 0;
    m_wall = wall;
    m_wallAtMs = nowMs();
    if (std::abs(stepMs) < smallestStepMs)
        return;
    const auto move = [stepMs](QDateTime &time) {
        if (time.isValid())
            time = time.addMSecs(stepMs);
    };
    for (auto &[id, entry] : m_entries) {
        Alarm &alarm = entry.alarm;
        for (QDateTime *time :
             { &alarm.since, &alarm.changed, &alarm.shelvedUntil, &alarm.acknowledgedAt, &alarm.firstRaised })
            move(*time);
    }
    for (auto &[id, tally] : m_tallies)
        move(tally.first);
}

void AlarmEngine::apply(const AlarmFinding &finding, std::vector<Alarm> &changes)
{
    const QString id = idOf(finding);
    Entry &entry = m_entries[id];
    if (!entry.rule) {
        entry.rule = finding.rule;
        entry.alarm.id = id;
        entry.alarm.rule = QString::fromLatin1(finding.rule->name);
        entry.alarm.subject = finding.subject;
        entry.alarm.priority = finding.rule->priority;
    }
    entry.gone = 0;
    if (finding.undecided) {
        entry.held = 0;
        return;
    }
    ++entry.held;
    if (entry.raised)
        entry.alarm.text = finding.text;
    else if (entry.held >= entry.rule->fireAfter)
        raise(entry, finding, changes);
}

void AlarmEngine::count(Alarm &alarm)
{
    Tally &tally = m_tallies[alarm.id];
    if (tally.count++ == 0)
        tally.first = m_wall;
    tally.lastMs = nowMs();
    alarm.count = tally.count;
    alarm.firstRaised = tally.first;
}

void AlarmEngine::raise(Entry &entry, const AlarmFinding &finding, std::vector<Alarm> &changes)
{
    entry.raised = true;
    entry.alarm.text = finding.text;
    count(entry.alarm);
    // Shelved is silent until its end, whatever happens.
    if (entry.alarm.state == AlarmState::Shelved && entry.listed)
        return;
    entry.listed = true;
    entry.alarm.since = m_wall;
    if (entry.rule != &AlarmRules::flood())
        m_raisedAt.push_back(nowMs());
    while (!m_raisedAt.empty() && nowMs() - m_raisedAt.front() >= floodWindowMs)
        m_raisedAt.pop_front();
    entry.alarm.grouped = entry.rule != &AlarmRules::flood() && m_raisedAt.size() >= floodAlarms;
    setState(entry, AlarmState::Active);
    changes.push_back(entry.alarm);
}

void AlarmEngine::leave(Entry &entry, std::vector<Alarm> &changes)
{
    entry.held = 0;
    if (!entry.raised || ++entry.gone < entry.rule->clearAfter)
        return;
    entry.raised = false;
    entry.gone = 0;
    if (entry.alarm.state == AlarmState::Shelved)
        return;
    // What was acknowledged is done with; the others stay listed for whoever was not there.
    entry.listed = entry.alarm.state != AlarmState::Acknowledged;
    setState(entry, AlarmState::Cleared);
    changes.push_back(entry.alarm);
}

void AlarmEngine::noteFlood(std::vector<Alarm> &changes)
{
    while (!m_raisedAt.empty() && nowMs() - m_raisedAt.front() >= floodWindowMs)
        m_raisedAt.pop_front();
    if (m_raisedAt.size() >= floodAlarms) {
        const auto minutes = static_cast<qlonglong>(floodWindowMs / 60000);
        apply(
            { &AlarmRules::flood(),
              {},
              false,
              QStringLiteral("%1 alarms within %2 min: is this machine offline?").arg(m_raisedAt.size()).arg(minutes) },
            changes);
    } else if (const auto found = m_entries.find(QString::fromLatin1(AlarmRules::flood().name));
               found != m_entries.end()) {
        leave(found->second, changes);
    }
}

void AlarmEngine::endShelves(std::vector<Alarm> &changes)
{
    for (auto &[id, entry] : m_entries) {
        if (entry.alarm.state != AlarmState::Shelved || nowMs() < entry.shelvedUntilMs)
            continue;
        entry.alarm.shelvedUntil = {};
        entry.listed = entry.raised;
        setState(entry, entry.raised ? AlarmState::Active : AlarmState::Cleared);
        changes.push_back(entry.alarm);
    }
}

void AlarmEngine::forgetOld()
{
    std::erase_if(m_entries, [this](const auto &item) {
        const Entry &entry = item.second;
        if (entry.raised || entry.held > 0 || entry.alarm.state == AlarmState::Shelved)
            return false;
        return !entry.listed || nowMs() - entry.changedMs >= clearedStaysMs;
    });
    std::erase_if(m_tallies, [this](const auto &item) {
        return nowMs() - item.second.lastMs >= countedMs && !m_entries.contains(item.first);
    });
}

void AlarmEngine::setState(Entry &entry, AlarmState state)
{
    entry.alarm.state = state;
    entry.changedMs = nowMs();
    entry.alarm.changed = wallTime();
    if (state == AlarmState::Active) { // it waits for an answer again
        entry.alarm.acknowledgedAt = {};
        entry.alarm.acknowledgedBy.clear();
    }
}

std::vector<Alarm> AlarmEngine::alarms() const
{
    std::vector<const Entry *> entries;
    for (const auto &[id, entry] : m_entries) {
        if (entry.listed)
            entries.push_back(&entry);
    }
    std::stable_sort(entries.begin(), entries.end(),
                     [](const Entry *a, const Entry *b) { return a->changedMs > b->changedMs; });
    std::vector<Alarm> alarms;
    alarms.reserve(entries.size());
    for (const Entry *entry : entries)
        alarms.push_back(entry->alarm);
    return alarms;
}

Result<AlarmEngine::Entry *> AlarmEngine::listed(const QString &id)
{
    const auto found = m_entries.find(id);
    if (found == m_entries.end() || !found->second.listed)
        return Error { QStringLiteral("There is no alarm '%1'.").arg(id), {} };
    return &found->second;
}

Result<Alarm> AlarmEngine::acknowledge(const QString &id, const QString &by)
{
    const Result<Entry *> found = listed(id);
    if (!found)
        return found.error();
    Entry &entry = *found.value();
    if (entry.alarm.state == AlarmState::Shelved)
        return Error { QStringLiteral("The alarm '%1' is shelved: unshelve it first.").arg(id), {} };
    if (entry.alarm.state == AlarmState::Acknowledged)
        return entry.alarm; // whoever was first has it in hand
    entry.alarm.acknowledgedAt = wallTime();
    entry.alarm.acknowledgedBy = by;
    if (entry.alarm.state == AlarmState::Cleared)
        entry.listed = false;
    else
        setState(entry, AlarmState::Acknowledged);
    return entry.alarm;
}

Result<Alarm> AlarmEngine::shelve(const QString &id, std::chrono::milliseconds duration)
{
    const Result<Entry *> found = listed(id);
    if (!found)
        return found.error();
    if (duration.count() <= 0)
        return Error { QStringLiteral("An alarm is shelved for a time above 0."), {} };
    Entry &entry = *found.value();
    setState(entry, AlarmState::Shelved);
    entry.shelvedUntilMs = nowMs() + duration.count();
    entry.alarm.shelvedUntil = entry.alarm.changed.addMSecs(duration.count());
    return entry.alarm;
}

Result<Alarm> AlarmEngine::unshelve(const QString &id)
{
    const Result<Entry *> found = listed(id);
    if (!found)
        return found.error();
    Entry &entry = *found.value();
    if (entry.alarm.state != AlarmState::Shelved)
        return Error { QStringLiteral("The alarm '%1' is not shelved.").arg(id), {} };
    entry.alarm.shelvedUntil = {};
    entry.listed = entry.raised;
    setState(entry, entry.raised ? AlarmState::Active : AlarmState::Cleared);
    return entry.alarm;
}

} // namespace signalbox
