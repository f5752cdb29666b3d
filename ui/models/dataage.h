// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include <chrono>
#include <functional>

namespace signalbox {

/// How old what the console shows is. The engine publishes about once a second; when it stops doing so, the values on
/// the screen must not pass for the present.
class DataAge : public QObject
{
    Q_OBJECT

public:
    /// Monotonic time.
    using Now = std::function<std::chrono::milliseconds()>;

    static constexpr std::chrono::milliseconds staleAfter { 5000 };

    explicit DataAge(Now now, QObject *parent = nullptr);

    void noteData();
    /// Looks at the time again; nothing changes by itself.
    void check();

    std::chrono::milliseconds age() const;
    bool isStale() const { return m_stale; }

    static std::chrono::milliseconds steadyNow();

Q_SIGNALS:
    void staleChanged(bool stale);

private:
    void setStale(bool stale);

    Now m_now;
    std::chrono::milliseconds m_lastData;
    bool m_stale = false;
};

} // namespace signalbox
