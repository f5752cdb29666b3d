// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/routing/fallbackwatch.h"

#include "ui/page/answer.h"
#include "ui/routing/routewords.h"

#include <algorithm>
#include <set>

namespace signalbox {

namespace {

QStringList usableOf(const DryRun &run)
{
    QStringList names;
    for (const DryRunCandidate &candidate : run.candidates) {
        if (candidate.usable)
            names.append(candidate.provider);
    }
    return names;
}

} // namespace

FallbackWatch::FallbackWatch(Engine &engine, QObject *parent) : QObject(parent), m_engine(engine) { }

std::vector<FallbackWatch::Route> FallbackWatch::routesOf(const EngineSnapshot &snapshot)
{
    std::vector<Route> routes;
    for (const Dialect dialect : { Dialect::OpenAi, Dialect::Anthropic, Dialect::Gemini }) {
        std::set<QString> models;
        bool anyone = false;
        for (const ProviderSnapshot &provider : snapshot.providers) {
            const ProviderConfig *config = providerConfig(*snapshot.config, provider.name);
            if (provider.dialect != dialect || !config)
                continue;
            anyone = true;
            for (const ModelMapping &mapping : config->models) {
                if (!mapping.pattern.contains(QLatin1Char('*')))
                    models.insert(mapping.pattern);
            }
            for (const ModelTotals &model : provider.totals.models) {
                if (model.outcomes.success > 0 && !model.model.isEmpty() && model.model != QLatin1String("other"))
                    models.insert(model.model);
            }
        }
        if (!anyone)
            continue;
        routes.push_back({ dialect, {}, {} });
        for (const QString &model : models)
            routes.push_back({ dialect, model, {} });
    }
    routes.resize(std::min(routes.size(), mostRoutes));
    return routes;
}

/// Everything in a snapshot that an answer depends on.
QString FallbackWatch::stateOf(const EngineSnapshot &snapshot)
{
    QStringList parts;
    for (const ProviderSnapshot &provider : snapshot.providers)
        parts.append(QStringLiteral("%1/%2/%3/%4/%5/%6")
                         .arg(provider.name)
                         .arg(static_cast<int>(provider.breaker.state))
                         .arg(static_cast<int>(provider.breaker.mode))
                         .arg(provider.enabled && !provider.draining)
                         .arg(provider.breaker.throttled)
                         .arg(provider.keyMissing));
    parts.append(QString::number(reinterpret_cast<quintptr>(snapshot.config.get())));
    return parts.join(QLatin1Char('\n'));
}

void FallbackWatch::look(const EngineSnapshot &snapshot)
{
    const QString state = stateOf(snapshot);
    if (state == m_lookedAt && m_sinceLook.isValid() && m_sinceLook.elapsed() < pause.count())
        return;
    m_lookedAt = state;
    m_sinceLook.start();
    m_routes = routesOf(snapshot);
    m_unanswered = m_routes.size();
    const quint64 round = ++m_round;
    if (m_routes.empty())
        return conclude();
    for (std::size_t i = 0; i < m_routes.size(); ++i) {
        onAnswer(m_engine.dryRun({ m_routes[i].dialect, m_routes[i].model.toUtf8(), {} }), this,
                 [this, round, i](const DryRun &run) {
                     if (round == m_round)
                         take(i, run);
                 });
    }
}

void FallbackWatch::take(std::size_t route, const DryRun &run)
{
    m_routes[route].usable = usableOf(run);
    if (--m_unanswered == 0)
        conclude();
}

void FallbackWatch::conclude()
{
    QStringList nobody;
    QStringList onlyOne;
    QStringList ofDialect;
    for (const Route &route : m_routes) {
        const QString what = route.model.isEmpty() ? tr("%1 requests").arg(dialectTitle(route.dialect))
                                                   : tr("model %1").arg(route.model);
        const QStringList usable = route.usable.value_or(QStringList());
        // What holds for the whole dialect is not said again for each of its models.
        if (!route.model.isEmpty() && usable == ofDialect)
            continue;
        if (route.model.isEmpty())
            ofDialect = usable.size() < 2 ? usable : QStringList { QString() };
        if (usable.isEmpty())
            nobody.append(tr("No provider left for %1.").arg(what));
        else if (usable.size() == 1)
            onlyOne.append(tr("No fallback left for %1: only %2 can take it.").arg(what, usable.first()));
    }
    const QStringList warnings = nobody + onlyOne;
    if (warnings == m_warnings && m_critical == !nobody.isEmpty())
        return;
    m_warnings = warnings;
    m_critical = !nobody.isEmpty();
    Q_EMIT warningsChanged();
}

} // namespace signalbox
