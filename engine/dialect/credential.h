// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/config/config.h"

#include <QByteArrayView>

namespace signalbox {

/// The account cannot pay: 402, or a 429 that says so. Waiting does not help, unlike for any other 429.
bool isQuotaExhausted(Dialect dialect, int status, QByteArrayView body);

} // namespace signalbox
