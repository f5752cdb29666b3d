// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayView>

namespace signalbox {

/// The text with everything that looks like a key or token replaced by "***".
QByteArray maskSecrets(QByteArrayView text);

/// For a log line or a header: masked, one line, printable ASCII or valid UTF-8 only, at most `bytes` long.
QByteArray printableExcerpt(QByteArrayView text, qsizetype bytes = 300);

} // namespace signalbox
