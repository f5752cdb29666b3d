// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArrayView>

namespace signalbox {

/// For the status line of an answer of our own.
QByteArrayView reasonPhrase(int status);

} // namespace signalbox
