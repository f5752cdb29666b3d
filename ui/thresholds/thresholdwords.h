// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/thresholds/thresholdsettings.h"

#include <QString>

#include <vector>

namespace signalbox {

/// "5", "60 s", "50 %", "on"
QString valueText(const ThresholdSetting &setting, std::int64_t value);
/// Its unit alone; empty where there is none.
QString unitText(ThresholdUnit unit);
QString groupName(ThresholdGroup group);
/// What these settings mean, in one or two plain sentences.
QString policyText(ThresholdGroup group, const ThresholdValues &values);

/// What is wrong with a value, or worth a question.
struct ThresholdProblem
{
    const ThresholdSetting *setting = nullptr;
    bool isError = false; ///< cannot be applied; else: protects less than it seems to
    QString text; ///< one sentence
    bool operator==(const ThresholdProblem &) const = default;
};
/// Values out of their range, and what the config loader says of their combination.
std::vector<ThresholdProblem> problemsOf(const ThresholdValues &values);

} // namespace signalbox
