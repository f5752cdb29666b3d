// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

namespace signalbox {

/// Centres for labels of that height that want to be at those places: as near to them as can be, in their order, none
/// over another, and all between top and bottom if there is room at all. Pixels, downwards.
std::vector<double> placeLabels(const std::vector<double> &wanted, double height, double top, double bottom);

} // namespace signalbox
