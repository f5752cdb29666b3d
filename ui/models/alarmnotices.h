// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/alarm.h"

#include <chrono>
#include <functional>
#include <map>
#include <optional>

namespace signalbox {

/// One notification of the desktop.
struct Notice
{
    QString alarmId; ///< of the gravest one that it is about
    AlarmPriority priority = AlarmPriority::Medium;
    QString text; ///< that one's sentence
    int others = 0; ///< further alarms it stands for
};

/// Which alarms are worth interrupting somebody: new ones of high or medium priority while nobody looks at the window,
/// one notice in 30 s, and none within 30 s after the machine woke up, when everything looks broken for a moment.
class AlarmNotices
{
public:
    /// Monotonic time.
    using Now = std::function<std::chrono::milliseconds()>;

    static constexpr std::chrono::seconds spacing { 30 };
    static constexpr std::chrono::seconds quietAfterResume { 30 };

    explicit AlarmNotices(Now now);

    /// To be asked about once a second. wallTime: a jump ahead of the monotonic clock is how a resume is noticed.
    std::optional<Notice> next(const std::vector<Alarm> &alarms, bool lookedAt, const QDateTime &wallTime);

private:
    void noticeResume(const QDateTime &wallTime);

    Now m_now;
    std::map<QString, bool> m_active; ///< alarm id: is it still to be told?
    std::optional<std::chrono::milliseconds> m_lastNotice;
    std::optional<std::chrono::milliseconds> m_quietUntil;
    std::chrono::milliseconds m_lastAsked { 0 };
    QDateTime m_lastWallTime;
};

} // namespace signalbox
