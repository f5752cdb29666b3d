// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/thresholds/limitlines.h"

#include <QCoreApplication>

namespace signalbox {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("LimitLines", text);
}

} // namespace

std::vector<ChartThreshold> limitLines(const std::vector<const ThresholdSetting *> &settings,
                                       const ThresholdValues &active, const ThresholdValues &drafted, bool editable)
{
    std::vector<ChartThreshold> lines;
    for (const ThresholdSetting *setting : settings) {
        const auto value = static_cast<double>(setting->valueIn(drafted));
        const bool changed = setting->valueIn(active) != setting->valueIn(drafted);
        lines.push_back({ value, changed ? tr("draft: %1").arg(setting->label) : setting->label, editable,
                          roundStep(*setting, value) });
    }
    for (const ThresholdSetting *setting : settings) {
        if (setting->valueIn(active) != setting->valueIn(drafted))
            lines.push_back(
                { static_cast<double>(setting->valueIn(active)), tr("in force: %1").arg(setting->label), false, 0 });
    }
    return lines;
}

} // namespace signalbox
