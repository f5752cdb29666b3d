// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/config/presets.h"

#include <QCoreApplication>

namespace signalbox {

/// What is to know about a preset, in the reader's language; the texts stand in resources, beside the presets.
inline QString presetNotes(const ProviderPreset &preset)
{
    return QCoreApplication::translate("Presets", preset.notes.toUtf8().constData());
}

} // namespace signalbox
