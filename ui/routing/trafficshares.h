// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/engine.h"

#include <QElapsedTimer>
#include <QHash>
#include <QObject>

namespace signalbox {

/// How many attempts each provider got in the last hour, asked of the engine now and then.
class TrafficShares : public QObject
{
    Q_OBJECT

public:
    static constexpr std::chrono::milliseconds pause { 15000 };

    explicit TrafficShares(Engine &engine, QObject *parent = nullptr);

    /// Asks again if the providers are others or some time went by.
    void look(const QStringList &providers, const QDateTime &now);

Q_SIGNALS:
    void counted(const QHash<QString, std::uint64_t> &attempts);

private:
    Engine &m_engine;
    QStringList m_providers;
    QHash<QString, std::uint64_t> m_attempts;
    qsizetype m_unanswered = 0;
    quint64 m_round = 0;
    QElapsedTimer m_sinceLook;
};

} // namespace signalbox
