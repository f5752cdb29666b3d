// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/alarmnotices.h"

#include <algorithm>

namespace signalbox {

namespace {

/// More than a late event loop and less than anybody's nap.
constexpr std::chrono::seconds resumeJump { 10 };

bool isWorthANotice(const Alarm &alarm)
{
    return alarm.state == AlarmState::Active && alarm.priority != AlarmPriority::Low && !alarm.grouped;
}

} // namespace

AlarmNotices::AlarmNotices(Now now) : m_now(std::move(now)) { }

void AlarmNotices::noticeResume(const QDateTime &wallTime)
{
    const auto now = m_now();
    if (m_lastWallTime.isValid()) {
        const std::chrono::milliseconds wall { m_lastWallTime.msecsTo(wallTime) };
        if (wall - (now - m_lastAsked) > resumeJump)
            m_quietUntil = now + quietAfterResume;
    }
    m_lastAsked = now;
    m_lastWallTime = wallTime;
}

std::optional<Notice> AlarmNotices::next(const std::vector<Alarm> &alarms, bool lookedAt, const QDateTime &wallTime)
{
    noticeResume(wallTime);
    std::map<QString, bool> active;
    const Alarm *gravest = nullptr;
    int untold = 0;
    for (const Alarm &alarm : alarms) {
        if (!isWorthANotice(alarm))
            continue;
        const auto known = m_active.find(alarm.id);
        const bool tell = !lookedAt && (known == m_active.end() || known->second);
        active.emplace(alarm.id, tell);
        if (!tell)
            continue;
        ++untold;
        if (!gravest || alarm.priority < gravest->priority)
            gravest = &alarm;
    }
    m_active = std::move(active);
    const auto now = m_now();
    const bool quiet = (m_quietUntil && now < *m_quietUntil) || (m_lastNotice && now - *m_lastNotice < spacing);
    if (!gravest || quiet)
        return std::nullopt;
    m_lastNotice = now;
    for (auto &[id, tell] : m_active)
        tell = false;
    return Notice { gravest->id, gravest->priority, gravest->text, untold - 1 };
}

} // namespace signalbox
