// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"
#include "engine/config/config.h"
#include "engine/config/configstore.h"

namespace signalbox {

/// The edit that gives one setting another value, both as text: "breaker.threshold" or "/breaker/threshold", "7". Needs
/// the file's text to find providers by name. Refuses what the file alone decides, and what `origins` says is fixed
/// from outside.
Result<SettingEdit> makeSettingEdit(const QByteArray &fileText, const QString &key, const QString &value,
                                    const SettingOrigins &origins);

} // namespace signalbox
