// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/enginecore.h"

#include "engine/policydraft.h"

#include <QtConcurrentRun>

#include <array>
#include <variant>

namespace signalbox {

namespace {

constexpr Milliseconds longestShadow { 7 * 86'400'000LL };

QString shadowSummary(const ShadowSnapshot &shadow)
{
    return QStringLiteral("The draft would have opened %1 times and diverted %2 of %3 requests: %4 failures avoided, "
                          "%5 good ones diverted.")
        .arg(shadow.opened)
        .arg(shadow.diverted)
        .arg(shadow.requests)
        .arg(shadow.failuresAvoided)
        .arg(shadow.goodDiverted);
}

struct ShownSetting
{
    QLatin1String name;
    std::variant<int BreakerSettings::*, Milliseconds BreakerSettings::*> member;
};
constexpr std::array shownSettings {
    ShownSetting { QLatin1String("threshold"), &BreakerSettings::threshold },
    ShownSetting { QLatin1String("timeoutMs"), &BreakerSettings::timeoutMs },
    ShownSetting { QLatin1String("maxOpenMs"), &BreakerSettings::maxOpenMs },
    ShownSetting { QLatin1String("windowMs"), &BreakerSettings::windowMs },
    ShownSetting { QLatin1String("minimumCalls"), &BreakerSettings::minimumCalls },
    ShownSetting { QLatin1String("failureRatePercent"), &BreakerSettings::failureRatePercent },
    ShownSetting { QLatin1String("slowMinimumCalls"), &BreakerSettings::slowMinimumCalls },
    ShownSetting { QLatin1String("slowRatePercent"), &BreakerSettings::slowRatePercent },
    ShownSetting { QLatin1String("probeSuccesses"), &BreakerSettings::probeSuccesses },
    ShownSetting { QLatin1String("maxProbes"), &BreakerSettings::maxProbes },
    ShownSetting { QLatin1String("healthFailures"), &BreakerSettings::healthFailures },
    ShownSetting { QLatin1String("slowStartMs"), &BreakerSettings::slowStartMs },
    ShownSetting { QLatin1String("failureChainMs"), &BreakerSettings::failureChainMs },
    ShownSetting { QLatin1String("levelDecayMs"), &BreakerSettings::levelDecayMs },
    ShownSetting { QLatin1String("maxRetryAfterMs"), &BreakerSettings::maxRetryAfterMs },
};

qint64 numberOf(const BreakerSettings &settings, const ShownSetting &shown)
{
    if (const auto *number = std::get_if<int BreakerSettings::*>(&shown.member))
        return settings.**number;
    return (settings.*std::get<Milliseconds BreakerSettings::*>(shown.member)).count();
}

/// What differs from the other: "threshold 3, minimumCalls 10".
QString differenceText(const BreakerSettings &settings, const BreakerSettings &other)
{
    QStringList texts;
    for (const ShownSetting &shown : shownSettings) {
        const qint64 number = numberOf(settings, shown);
        if (number != numberOf(other, shown))
            texts.append(shown.name + QLatin1Char(' ') + QString::number(number));
    }
    return texts.join(QLatin1String(", "));
}

} // namespace

/// The breakers' input logs go to the history about once a second.
void EngineCore::keepInputs()
{
    const std::int64_t wallMs = QDateTime::currentMSecsSinceEpoch();
    const std::int64_t nowMs = m_clock.nowMs();
    for (const std::shared_ptr<Provider> &provider : m_context.registry.providers()) {
        std::optional<BreakerWatch::Chunk> chunk = provider->watch().takeLog(wallMs, nowMs);
        if (chunk &&
            !m_telemetry.record(BreakerInputs { provider->config().name, chunk->wallMs, std::move(chunk->records) }))
            provider->watch().logLost();
    }
}

void EngineCore::startShadow(const PolicyDraft &draft, Milliseconds duration, const Done &done)
{
    if (duration.count() <= 0 || duration > longestShadow)
        return done(Error { QStringLiteral("A shadow run lasts up to 7 days."), {} });
    // The draft may name settings of the file, so it is read elsewhere.
    QtConcurrent::run(&m_drafting, [draft, config = m_context.config, path = m_options.configPath] {
        return resolveDraft(draft, *config, path);
    }).then(this, [this, duration, done](const Result<std::map<QString, BreakerSettings>> &settings) {
        done(settings ? runShadow(settings.value(), duration) : Status(settings.error()));
    });
}

Status EngineCore::runShadow(const std::map<QString, BreakerSettings> &settings, Milliseconds duration)
{
    stopShadow();
    const std::int64_t untilMs = m_clock.nowMs() + duration.count();
    bool any = false;
    for (const std::shared_ptr<Provider> &provider : m_context.registry.providers()) {
        const ProviderConfig &config = provider->config();
        const auto draft = settings.find(config.name);
        if (draft == settings.end() || toPolicy(draft->second) == provider->breaker().policy())
            continue;
        any = true;
        provider->watch().startShadow(
            toPolicy(draft->second), untilMs,
            [this] { return std::uniform_real_distribution<double>(0.0, 1.0)(m_random); },
            [this, name = config.name](const BreakerTransition &transition) {
                report(StateEvent::Kind::Shadow, name, stateWord(transition, transition.from),
                       stateWord(transition, transition.to),
                       QStringLiteral("The draft: ") + reasonSentence(transition));
                publishSoon();
            });
        report(StateEvent::Kind::Shadow, config.name, differenceText(config.breaker, draft->second),
               differenceText(draft->second, config.breaker),
               QStringLiteral("An operator started a shadow run of a draft for %1 min.")
                   .arg((duration.count() + 59'999) / 60'000));
    }
    publish();
    if (!any)
        return Error { QStringLiteral("The draft is what is in force already, so there is nothing to compare."), {} };
    return ok();
}

Status EngineCore::stopShadow()
{
    for (const std::shared_ptr<Provider> &provider : m_context.registry.providers())
        endShadow(*provider, QStringLiteral("An operator ended it."));
    publish();
    return ok();
}

void EngineCore::endShadow(Provider &provider, const QString &why)
{
    const std::optional<ShadowSnapshot> shadow = provider.watch().shadow(m_clock.nowMs());
    if (!shadow)
        return;
    provider.watch().stopShadow();
    report(StateEvent::Kind::Shadow, provider.config().name, {}, {},
           QStringLiteral("The shadow run is over. %1 %2").arg(why, shadowSummary(*shadow)));
}

} // namespace signalbox
