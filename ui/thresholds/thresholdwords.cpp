// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/thresholds/thresholdwords.h"

#include "engine/api/configuring.h"
#include "ui/style/format.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>

namespace signalbox {

namespace {

QString tr(const char *text, const char *comment = nullptr, int n = -1)
{
    return QCoreApplication::translate("Thresholds", text, comment, n);
}

/// "60 s", "1.5 s", "10 min", "2 h": whole units only.
QString timeText(Milliseconds time)
{
    const std::int64_t ms = time.count();
    if (ms >= 7'200'000 && ms % 3'600'000 == 0)
        return withUnit(QLocale().toString(qlonglong { ms / 3'600'000 }), tr("h"));
    if (ms >= 300'000 && ms % 60'000 == 0)
        return withUnit(QLocale().toString(qlonglong { ms / 60'000 }), tr("min"));
    return withUnit(formatPlain(static_cast<double>(ms) / 1000, 3), tr("s"));
}

QString percentText(int percent)
{
    return withUnit(QLocale().toString(percent), QStringLiteral("%"));
}

QString breakerText(const BreakerSettings &settings)
{
    QString text = tr("A breaker opens after %n failure(s) in a row", nullptr, settings.threshold);
    text += tr(", or when within %1 at least %2 of %3 or more calls fail or %4 of %5 or more are slow.")
                .arg(timeText(settings.windowMs), percentText(settings.failureRatePercent),
                     QLocale().toString(settings.minimumCalls), percentText(settings.slowRatePercent),
                     QLocale().toString(settings.slowMinimumCalls));
    text += QLatin1Char(' ');
    text += settings.maxOpenMs > settings.timeoutMs
        ? tr("It stays open for %1, twice as long each time up to %2, ")
              .arg(timeText(settings.timeoutMs), timeText(settings.maxOpenMs))
        : tr("It stays open for %1, ").arg(timeText(settings.timeoutMs));
    return text + tr("then lets %n probe(s) through at a time", nullptr, settings.maxProbes) +
        tr(" and closes after %n good one(s).", nullptr, settings.probeSuccesses);
}

QString healthText(const ThresholdValues &values)
{
    if (!values.health.enabled)
        return tr("No provider is asked whether it works: one that is down is found by requests that fail.");
    return tr("Every provider is checked every %1.").arg(timeText(values.health.intervalMs)) + QLatin1Char(' ') +
        tr("After %n failed check(s) in a row its breaker opens.", nullptr, values.breaker.healthFailures);
}

QString scoreText(const HealthSettings &settings)
{
    return tr("A stream gets full marks for a first byte within %1 and none after %2; another answer within %3, and "
              "none after %4. Below %5 points a provider is degraded, below %6 unhealthy.")
        .arg(timeText(settings.firstByteGoodMs), timeText(settings.firstByteBadMs), timeText(settings.totalGoodMs),
             timeText(settings.totalBadMs), QLocale().toString(settings.degradedBelow),
             QLocale().toString(settings.unhealthyBelow));
}

QString timeoutsText(const Timeouts &settings)
{
    return tr("A provider has %1 to connect, %2 for the first byte of a stream and %3 for another answer; a stream "
              "may pause for %4. A request gives up after %5, whatever it has tried. A first byte after %6, or an "
              "answer after %7, counts as slow.")
        .arg(timeText(settings.connectMs), timeText(settings.firstByteMs), timeText(settings.responseMs),
             timeText(settings.idleMs), timeText(settings.totalMs), timeText(settings.slowStreamMs),
             timeText(settings.slowTotalMs));
}

QString problemText(const ThresholdSetting &setting, const ThresholdValues &values)
{
    const BreakerSettings &breaker = values.breaker;
    const Timeouts &timeouts = values.timeouts;
    const QString &key = setting.key;
    const bool isTimeout = setting.section == QLatin1String("timeouts");
    if (key == QLatin1String("maxOpenMs"))
        return tr("Shorter than the first open period, %1: no later one can be shorter than the first.")
            .arg(timeText(breaker.timeoutMs));
    if (key == QLatin1String("threshold"))
        return tr("Hardly protects: %n requests in a row must fail first.", nullptr, breaker.threshold);
    if (key == QLatin1String("failureRatePercent"))
        return tr("Hardly protects: a provider may fail %1 of all calls and stay in use.")
            .arg(percentText(breaker.failureRatePercent - 1));
    if (key == QLatin1String("minimumCalls"))
        return tr("Hardly protects: with fewer than %1 calls in %2 the failure rate does not count.")
            .arg(QLocale().toString(breaker.minimumCalls), timeText(breaker.windowMs));
    if (key == QLatin1String("healthFailures"))
        return tr("Hardly protects: %n checks in a row must fail first.", nullptr, breaker.healthFailures);
    if (key == QLatin1String("firstByteBadMs"))
        return tr("Must be more than what is good, %1.").arg(timeText(values.health.firstByteGoodMs));
    if (key == QLatin1String("totalBadMs"))
        return tr("Must be more than what is good, %1.").arg(timeText(values.health.totalGoodMs));
    if (key == QLatin1String("unhealthyBelow"))
        return tr("Must not be more than the limit for degraded, %1.").arg(values.health.degradedBelow);
    if (key == QLatin1String("slowStreamMs"))
        return tr("No stream ever counts as slow: it is cut at %1, before that.").arg(timeText(timeouts.firstByteMs));
    if (key == QLatin1String("slowTotalMs"))
        return tr("No answer ever counts as slow: it is cut at %1, before that.").arg(timeText(timeouts.responseMs));
    if (isTimeout && (key == QLatin1String("firstByteMs") || key == QLatin1String("responseMs")))
        return tr("Never reached: the whole request ends after %1.").arg(timeText(timeouts.totalMs));
    return {};
}

template <typename Section>
void addCombinations(std::vector<ThresholdProblem> &into, const QString &name, const Section &section,
                     const ThresholdValues &values)
{
    for (const SettingProblem &problem : problemsOf(section)) {
        const ThresholdSetting *setting = thresholdSetting(name, problem.key);
        if (!setting)
            continue;
        const bool known = std::any_of(into.begin(), into.end(), [setting](const ThresholdProblem &listed) {
            return listed.setting == setting && listed.isError;
        });
        if (known)
            continue;
        const QString text = problemText(*setting, values);
        into.push_back(
            { setting, problem.isError, text.isEmpty() ? setting->label + QLatin1Char(' ') + problem.reason : text });
    }
}

} // namespace

QString unitText(ThresholdUnit unit)
{
    switch (unit) {
    case ThresholdUnit::Percent:
        return QStringLiteral("%");
    case ThresholdUnit::Points:
        return tr("points");
    case ThresholdUnit::Seconds:
        return tr("s");
    case ThresholdUnit::Count:
    case ThresholdUnit::Switch:
        break;
    }
    return {};
}

QString valueText(const ThresholdSetting &setting, std::int64_t value)
{
    switch (setting.unit) {
    case ThresholdUnit::Switch:
        return value != 0 ? tr("on") : tr("off");
    case ThresholdUnit::Seconds:
        return timeText(Milliseconds(value));
    case ThresholdUnit::Percent:
    case ThresholdUnit::Points:
        return withUnit(QLocale().toString(qlonglong { value }), unitText(setting.unit));
    case ThresholdUnit::Count:
        break;
    }
    return QLocale().toString(qlonglong { value });
}

QString groupName(ThresholdGroup group)
{
    switch (group) {
    case ThresholdGroup::Breaker:
        return tr("Breaker");
    case ThresholdGroup::Health:
        return tr("Health");
    case ThresholdGroup::Score:
        return tr("Score");
    case ThresholdGroup::Timeouts:
        return tr("Timeouts");
    }
    return {};
}

QString policyText(ThresholdGroup group, const ThresholdValues &values)
{
    switch (group) {
    case ThresholdGroup::Breaker:
        return breakerText(values.breaker);
    case ThresholdGroup::Health:
        return healthText(values);
    case ThresholdGroup::Score:
        return scoreText(values.health);
    case ThresholdGroup::Timeouts:
        return timeoutsText(values.timeouts);
    }
    return {};
}

std::vector<ThresholdProblem> problemsOf(const ThresholdValues &values)
{
    std::vector<ThresholdProblem> problems;
    for (const ThresholdSetting &setting : thresholdSettings()) {
        const std::int64_t value = setting.valueIn(values);
        if (value < setting.minimum || value > setting.maximum)
            problems.push_back({ &setting, true,
                                 tr("Must be from %1 to %2.")
                                     .arg(valueText(setting, setting.minimum), valueText(setting, setting.maximum)) });
    }
    if (!values.health.enabled)
        problems.push_back({ thresholdSetting(QStringLiteral("health"), QStringLiteral("enabled")), false,
                             tr("Without checks a provider that is down is found only by requests that fail.") });
    addCombinations(problems, QStringLiteral("breaker"), values.breaker, values);
    addCombinations(problems, QStringLiteral("health"), values.health, values);
    addCombinations(problems, QStringLiteral("timeouts"), values.timeouts, values);
    return problems;
}

} // namespace signalbox
