// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/chartdata.h"
#include "ui/thresholds/thresholdsettings.h"

#include <vector>

namespace signalbox {

/// The draft's lines in that order, to be dragged, then those in force that differ from them.
std::vector<ChartThreshold> limitLines(const std::vector<const ThresholdSetting *> &settings,
                                       const ThresholdValues &active, const ThresholdValues &drafted, bool editable);

} // namespace signalbox
