// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/transport/originpool.h"
#include "engine/transport/originsettings.h"
#include "engine/transport/pooledaccessmanager.h"

#include <QBasicTimer>
#include <QByteArray>
#include <QObject>

#include <memory>
#include <unordered_map>
#include <vector>

namespace signalbox {

/// The pools of all origins, and the clock that closes what idles too long.
class ConnectionPool : public QObject
{
    Q_OBJECT

public:
    explicit ConnectionPool(const PoolSettings &settings);
    ~ConnectionPool() override;

    OriginPool &poolOf(const OriginSettings &origin);
    void closeIdle();
    std::vector<PoolStats> stats() const;

protected:
    void timerEvent(QTimerEvent *event) override;

private:
    struct Hash
    {
        std::size_t operator()(const OriginSettings &origin) const noexcept { return qHash(origin); }
    };

    PoolSettings m_settings;
    QByteArray m_readBuffer;
    QBasicTimer m_timer;
    std::unordered_map<OriginSettings, std::unique_ptr<OriginPool>, Hash> m_pools;
};

} // namespace signalbox
