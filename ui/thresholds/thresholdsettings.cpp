// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/thresholds/thresholdsettings.h"

#include "engine/api/configuring.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>

namespace signalbox {

namespace {

struct Entry
{
    const char *section;
    const char *key;
    ThresholdGroup group;
    ThresholdUnit unit;
    ThresholdSetting::Member member;
    std::int64_t usualFrom;
    std::int64_t usualTo;
    const char *label;
    const char *explanation;
};

using Group = ThresholdGroup;
using Unit = ThresholdUnit;
using B = BreakerSettings;
using H = HealthSettings;
using T = Timeouts;

constexpr std::int64_t second = 1000;
constexpr std::int64_t minute = 60 * second;
constexpr std::int64_t hour = 60 * minute;

#define TEXT(text) QT_TRANSLATE_NOOP("ThresholdSetting", text)
// clang-format off
const std::array entries {
    Entry { "breaker", "threshold", Group::Breaker, Unit::Count, &B::threshold, 1, 50, TEXT("Failures in a row"),
            TEXT("So many failures in a row open a breaker; fewer while most of its calls fail.") },
    Entry { "breaker", "failureRatePercent", Group::Breaker, Unit::Percent, &B::failureRatePercent, 1, 100, TEXT("Failure rate limit"),
            TEXT("A breaker opens when this share of the calls in the window fails. The line in the chart can be dragged.") },
    Entry { "breaker", "minimumCalls", Group::Breaker, Unit::Count, &B::minimumCalls, 1, 1000, TEXT("Failure rate needs calls"),
            TEXT("With fewer calls in the window the failure rate does not count.") },
    Entry { "breaker", "slowRatePercent", Group::Breaker, Unit::Percent, &B::slowRatePercent, 1, 100, TEXT("Slow rate limit"),
            TEXT("A breaker opens when this share of the calls in the window is slow. What is slow is set under Timeouts.") },
    Entry { "breaker", "slowMinimumCalls", Group::Breaker, Unit::Count, &B::slowMinimumCalls, 1, 1000, TEXT("Slow rate needs calls"),
            TEXT("With fewer calls in the window the share of slow ones does not count.") },
    Entry { "breaker", "windowMs", Group::Breaker, Unit::Seconds, &B::windowMs, second, hour, TEXT("Window of both rates"),
            TEXT("Over this time the two rates are taken.") },
    Entry { "breaker", "timeoutMs", Group::Breaker, Unit::Seconds, &B::timeoutMs, second, hour, TEXT("First open period"),
            TEXT("How long a breaker stays open the first time; twice as long each time it opens again.") },
    Entry { "breaker", "maxOpenMs", Group::Breaker, Unit::Seconds, &B::maxOpenMs, second, 6 * hour, TEXT("Longest open period"),
            TEXT("No open period gets longer than this.") },
    Entry { "breaker", "probeSuccesses", Group::Breaker, Unit::Count, &B::probeSuccesses, 1, 10, TEXT("Good probes to close"),
            TEXT("So many probes in a row must succeed before a half-open breaker closes.") },
    Entry { "breaker", "maxProbes", Group::Breaker, Unit::Count, &B::maxProbes, 1, 10, TEXT("Probes at once"),
            TEXT("So many requests at once may try a half-open provider.") },
    Entry { "breaker", "slowStartMs", Group::Breaker, Unit::Seconds, &B::slowStartMs, 0, 5 * minute, TEXT("Slow start"),
            TEXT("After recovery a provider's share of the requests rises over this time; 0: at once.") },
    Entry { "breaker", "failureChainMs", Group::Breaker, Unit::Seconds, &B::failureChainMs, second, hour, TEXT("Failures chain for"),
            TEXT("An older failure no longer counts as one in a row.") },
    Entry { "breaker", "levelDecayMs", Group::Breaker, Unit::Seconds, &B::levelDecayMs, second, hour, TEXT("Forgets a doubling after"),
            TEXT("After this time closed, the next open period is half as long again.") },
    Entry { "breaker", "maxRetryAfterMs", Group::Breaker, Unit::Seconds, &B::maxRetryAfterMs, second, 6 * hour, TEXT("Longest Retry-After"),
            TEXT("What a provider asks for in Retry-After is cut to this.") },
    Entry { "health", "enabled", Group::Health, Unit::Switch, &H::enabled, 0, 1, TEXT("Active checks"),
            TEXT("Asks providers whether they work, besides the requests of your tools.") },
    Entry { "health", "intervalMs", Group::Health, Unit::Seconds, &H::intervalMs, second, hour, TEXT("Check interval"),
            TEXT("Between two checks of a provider.") },
    Entry { "breaker", "healthFailures", Group::Health, Unit::Count, &B::healthFailures, 1, 50, TEXT("Failed checks in a row"),
            TEXT("So many failed checks in a row open a breaker.") },
    Entry { "health", "firstByteGoodMs", Group::Score, Unit::Seconds, &H::firstByteGoodMs, second / 10, minute, TEXT("First byte good up to"),
            TEXT("A stream whose first byte comes this soon gets full marks for its response.") },
    Entry { "health", "firstByteBadMs", Group::Score, Unit::Seconds, &H::firstByteBadMs, second / 10, 10 * minute, TEXT("First byte bad from"),
            TEXT("A stream whose first byte takes this long gets no marks for its response.") },
    Entry { "health", "totalGoodMs", Group::Score, Unit::Seconds, &H::totalGoodMs, second / 10, 10 * minute, TEXT("Answer good up to"),
            TEXT("An answer that is no stream gets full marks if it is complete by then.") },
    Entry { "health", "totalBadMs", Group::Score, Unit::Seconds, &H::totalBadMs, second, hour, TEXT("Answer bad from"),
            TEXT("An answer that is no stream gets no marks if it takes this long.") },
    Entry { "health", "degradedBelow", Group::Score, Unit::Points, &H::degradedBelow, 0, 100, TEXT("Degraded below"),
            TEXT("A provider with a lower score is called degraded.") },
    Entry { "health", "unhealthyBelow", Group::Score, Unit::Points, &H::unhealthyBelow, 0, 100, TEXT("Unhealthy below"),
            TEXT("A provider with a lower score is called unhealthy.") },
    Entry { "timeouts", "connectMs", Group::Timeouts, Unit::Seconds, &T::connectMs, second / 10, minute, TEXT("Connect"),
            TEXT("Until a connection to the provider stands.") },
    Entry { "timeouts", "tlsMs", Group::Timeouts, Unit::Seconds, &T::tlsMs, second / 10, minute, TEXT("TLS handshake"),
            TEXT("Until the connection is encrypted.") },
    Entry { "timeouts", "firstByteMs", Group::Timeouts, Unit::Seconds, &T::firstByteMs, second, hour, TEXT("Stream, first byte"),
            TEXT("Until the first byte of a stream's content.") },
    Entry { "timeouts", "idleMs", Group::Timeouts, Unit::Seconds, &T::idleMs, second, hour, TEXT("Stream, longest gap"),
            TEXT("Between two pieces of a stream.") },
    Entry { "timeouts", "responseMs", Group::Timeouts, Unit::Seconds, &T::responseMs, second, 6 * hour, TEXT("Whole answer"),
            TEXT("Until a generated answer that is no stream is complete.") },
    Entry { "timeouts", "totalMs", Group::Timeouts, Unit::Seconds, &T::totalMs, second, 6 * hour, TEXT("All attempts together"),
            TEXT("The whole request, with every provider that is tried.") },
    Entry { "timeouts", "defaultMs", Group::Timeouts, Unit::Seconds, &T::defaultMs, second, hour, TEXT("Everything else"),
            TEXT("Requests that generate nothing, such as the list of models.") },
    Entry { "timeouts", "slowStreamMs", Group::Timeouts, Unit::Seconds, &T::slowStreamMs, second, hour, TEXT("Slow stream from"),
            TEXT("A stream whose first byte takes this long counts as slow for the breaker.") },
    Entry { "timeouts", "slowTotalMs", Group::Timeouts, Unit::Seconds, &T::slowTotalMs, second, hour, TEXT("Slow answer from"),
            TEXT("An answer that is no stream counts as slow for the breaker if it takes this long.") },
};
// clang-format on
#undef TEXT

template <typename Values> auto &part(Values &values, const BreakerSettings *)
{
    return values.breaker;
}
template <typename Values> auto &part(Values &values, const HealthSettings *)
{
    return values.health;
}
template <typename Values> auto &part(Values &values, const Timeouts *)
{
    return values.timeouts;
}

std::int64_t numberOf(Milliseconds value)
{
    return value.count();
}
std::int64_t numberOf(std::int64_t value)
{
    return value;
}

void assign(Milliseconds &into, std::int64_t value)
{
    into = Milliseconds(value);
}
void assign(int &into, std::int64_t value)
{
    into = static_cast<int>(
        std::clamp<std::int64_t>(value, std::numeric_limits<int>::min(), std::numeric_limits<int>::max()));
}
void assign(bool &into, std::int64_t value)
{
    into = value != 0;
}

QString variableOf(const QString &pointer)
{
    if (pointer == QLatin1String("/breaker/threshold"))
        return QStringLiteral("CIRCUIT_BREAKER_THRESHOLD");
    if (pointer == QLatin1String("/breaker/timeoutMs"))
        return QStringLiteral("CIRCUIT_BREAKER_TIMEOUT");
    if (pointer == QLatin1String("/health/intervalMs"))
        return QStringLiteral("HEALTH_CHECK_INTERVAL");
    return {};
}

std::vector<ThresholdSetting> makeSettings()
{
    std::map<QString, KnownConfigKey> known;
    for (KnownConfigKey &key : knownConfigKeys())
        known.emplace(key.pointer, std::move(key));
    std::vector<ThresholdSetting> settings;
    settings.reserve(entries.size());
    for (const Entry &entry : entries) {
        ThresholdSetting setting;
        setting.section = QString::fromLatin1(entry.section);
        setting.key = QString::fromLatin1(entry.key);
        setting.group = entry.group;
        setting.unit = entry.unit;
        setting.member = entry.member;
        setting.label = QCoreApplication::translate("ThresholdSetting", entry.label);
        setting.explanation = QCoreApplication::translate("ThresholdSetting", entry.explanation);
        setting.variable = variableOf(setting.pointer());
        setting.usualFrom = entry.usualFrom;
        setting.usualTo = entry.usualTo;
        const KnownConfigKey &key = known[setting.pointer()];
        setting.minimum = key.minimum.value_or(0);
        setting.maximum = key.maximum.value_or(1);
        setting.defaultValue = setting.valueIn(ThresholdValues());
        settings.push_back(std::move(setting));
    }
    return settings;
}

bool isLogarithmic(const ThresholdSetting &setting)
{
    return setting.usualFrom > 0 && setting.usualTo / setting.usualFrom > 100;
}

std::int64_t rounded(const ThresholdSetting &setting, double value)
{
    const double step = roundStep(setting, value);
    return std::llround(std::round(value / step) * step);
}

} // namespace

QString ThresholdSetting::pointer(const QString &provider) const
{
    const QString place = QLatin1Char('/') + section + QLatin1Char('/') + key;
    return provider.isEmpty() ? place : QStringLiteral("/providers/") + provider + place;
}

std::int64_t ThresholdSetting::valueIn(const ThresholdValues &values) const
{
    return std::visit(
        [&values]<typename Section, typename Value>(Value Section::*pointed) -> std::int64_t {
            return numberOf(part(values, static_cast<const Section *>(nullptr)).*pointed);
        },
        member);
}

void ThresholdSetting::setIn(ThresholdValues &values, std::int64_t value) const
{
    std::visit(
        [&values, value]<typename Section, typename Value>(Value Section::*pointed) {
            assign(part(values, static_cast<const Section *>(nullptr)).*pointed, value);
        },
        member);
}

const std::vector<ThresholdSetting> &thresholdSettings()
{
    static const std::vector<ThresholdSetting> settings = makeSettings();
    return settings;
}

const ThresholdSetting *thresholdSetting(const QString &section, const QString &key)
{
    const auto &all = thresholdSettings();
    const auto found = std::find_if(all.begin(), all.end(), [&](const ThresholdSetting &setting) {
        return setting.section == section && setting.key == key;
    });
    return found == all.end() ? nullptr : &*found;
}

/// Two digits that matter, and no fraction of the unit beyond tenths.
double roundStep(const ThresholdSetting &setting, double value)
{
    const double least = setting.unit == ThresholdUnit::Seconds ? 100.0 : 1.0;
    return value > 0 ? std::max(least, std::pow(10.0, std::floor(std::log10(value)) - 1)) : least;
}

std::int64_t roundValue(const ThresholdSetting &setting, double value)
{
    return std::clamp(rounded(setting, value), setting.minimum, setting.maximum);
}

int sliderPosition(const ThresholdSetting &setting, std::int64_t value)
{
    const auto from = static_cast<double>(setting.usualFrom);
    const auto to = static_cast<double>(setting.usualTo);
    const auto at = std::clamp(static_cast<double>(value), from, to);
    const double share = isLogarithmic(setting) ? std::log(at / from) / std::log(to / from) : (at - from) / (to - from);
    return static_cast<int>(std::lround(share * sliderSteps));
}

std::int64_t valueAtSlider(const ThresholdSetting &setting, int position)
{
    const auto from = static_cast<double>(setting.usualFrom);
    const auto to = static_cast<double>(setting.usualTo);
    const double share = static_cast<double>(position) / sliderSteps;
    const double value = isLogarithmic(setting) ? from * std::pow(to / from, share) : from + (to - from) * share;
    return std::clamp(rounded(setting, value), setting.usualFrom, setting.usualTo);
}

} // namespace signalbox
