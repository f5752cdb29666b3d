// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QIcon>
#include <QString>

namespace signalbox {

/// One of the icons in resources/icons by its name without the ending. Its one colour is taken from the application's
/// palette whenever it is painted, so it follows the theme.
QIcon icon(const QString &name);

} // namespace signalbox
