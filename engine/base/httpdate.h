// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <ctime>

namespace signalbox {

/// RFC 9110 5.6.7, in any locale: "Sun, 06 Nov 1994 08:49:37 GMT".
QByteArray httpDate(std::time_t time);

} // namespace signalbox
