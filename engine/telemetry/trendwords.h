// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/snapshot.h"

#include <QString>

namespace signalbox {

/// "850 ms", "2.1 s", "3.5 min"
QString durationText(double ms);

/// "At this pace p50 first byte reaches 2.1 s in 5 min." Empty while the first byte does not become slower by at least
/// a tenth in that time, or nothing is known.
QString forecastSentence(const ProviderSnapshot &provider);

} // namespace signalbox
