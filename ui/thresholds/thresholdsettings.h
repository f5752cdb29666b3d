// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/config/config.h"

#include <QString>

#include <cstdint>
#include <variant>
#include <vector>

namespace signalbox {

/// The settings that hold for one place: for all providers, or for one.
struct ThresholdValues
{
    BreakerSettings breaker;
    HealthSettings health;
    Timeouts timeouts;
    bool operator==(const ThresholdValues &) const = default;
};

enum class ThresholdGroup { Breaker, Health, Score, Timeouts };
enum class ThresholdUnit { Count, Percent, Points, Seconds, Switch };

/// One setting: where it stands in the configuration, what it may be, and how it is called.
struct ThresholdSetting
{
    using Member = std::variant<int BreakerSettings::*, Milliseconds BreakerSettings::*, int HealthSettings::*,
                                Milliseconds HealthSettings::*, bool HealthSettings::*, Milliseconds Timeouts::*>;

    QString section; ///< "breaker"
    QString key; ///< "timeoutMs"
    ThresholdGroup group = ThresholdGroup::Breaker;
    ThresholdUnit unit = ThresholdUnit::Count;
    Member member;
    QString label;
    QString explanation; ///< one sentence
    QString variable; ///< the environment variable that can fix it; empty: none
    std::int64_t minimum = 0; ///< as the configuration has it: seconds in milliseconds, a switch 0 or 1
    std::int64_t maximum = 0;
    std::int64_t defaultValue = 0;
    /// What people use of the range; the slider spans this.
    std::int64_t usualFrom = 0;
    std::int64_t usualTo = 0;

    /// "/breaker/timeoutMs", "/providers/NAME/breaker/timeoutMs"
    QString pointer(const QString &provider = {}) const;
    std::int64_t valueIn(const ThresholdValues &values) const;
    void setIn(ThresholdValues &values, std::int64_t value) const;
    bool isSwitch() const { return unit == ThresholdUnit::Switch; }
};

/// All of them, in the order in which they are shown. Limits and defaults are those of the config loader.
const std::vector<ThresholdSetting> &thresholdSettings();
/// "breaker", "timeoutMs"; null if there is none.
const ThresholdSetting *thresholdSetting(const QString &section, const QString &key);

/// Positions of a slider are 0 to this. Times and counts of calls grow by the same factor at each step, so that a
/// second and an hour are both in reach.
constexpr int sliderSteps = 200;
int sliderPosition(const ThresholdSetting &setting, std::int64_t value);
/// The nearest round value that is permitted.
std::int64_t roundValue(const ThresholdSetting &setting, double value);
/// From one round value to the next, around that value.
double roundStep(const ThresholdSetting &setting, double value);
/// A round value.
std::int64_t valueAtSlider(const ThresholdSetting &setting, int position);

} // namespace signalbox
