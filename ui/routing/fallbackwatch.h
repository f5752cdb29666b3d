// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/engine.h"

#include <QElapsedTimer>
#include <QObject>
#include <QStringList>

namespace signalbox {

/// Asks the engine for which requests only one provider is left, or none: of each dialect that has a provider, and of
/// each model that was served or is named in a model map.
class FallbackWatch : public QObject
{
    Q_OBJECT

public:
    static constexpr std::chrono::milliseconds pause { 3000 };
    static constexpr std::size_t mostRoutes = 48;

    explicit FallbackWatch(Engine &engine, QObject *parent = nullptr);

    /// Asks again if what can be known has changed or some time went by.
    void look(const EngineSnapshot &snapshot);
    /// A sentence each, the worst first; empty: every request has a fallback.
    const QStringList &warnings() const { return m_warnings; }
    /// Some request has nobody at all.
    bool isCritical() const { return m_critical; }

Q_SIGNALS:
    void warningsChanged();

private:
    struct Route
    {
        Dialect dialect = Dialect::OpenAi;
        QString model; ///< empty: none named
        std::optional<QStringList> usable; ///< not answered yet
    };

    static std::vector<Route> routesOf(const EngineSnapshot &snapshot);
    static QString stateOf(const EngineSnapshot &snapshot);
    void take(std::size_t route, const DryRun &run);
    void conclude();

    Engine &m_engine;
    std::vector<Route> m_routes;
    std::size_t m_unanswered = 0;
    quint64 m_round = 0;
    QString m_lookedAt; ///< the state that the answers are for
    QElapsedTimer m_sinceLook;
    QStringList m_warnings;
    bool m_critical = false;
};

} // namespace signalbox
