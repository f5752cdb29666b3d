// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

namespace signalbox {

/// For the status line of an answer of our own.
QByteArray reasonPhrase(int status);

} // namespace signalbox
