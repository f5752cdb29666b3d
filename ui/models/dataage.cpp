// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/dataage.h"

namespace signalbox {

DataAge::DataAge(Now now, QObject *parent) : QObject(parent), m_now(std::move(now)), m_lastData(m_now()) { }

void DataAge::noteData()
{
    m_lastData = m_now();
    setStale(false);
}

void DataAge::check()
{
    setStale(age() > staleAfter);
}

std::chrono::milliseconds DataAge::age() const
{
    return m_now() - m_lastData;
}

std::chrono::milliseconds DataAge::steadyNow()
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch());
}

void DataAge::setStale(bool stale)
{
    if (m_stale == stale)
        return;
    m_stale = stale;
    Q_EMIT staleChanged(stale);
}

} // namespace signalbox
