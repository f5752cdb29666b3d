// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/engine.h"
#include "engine/config/configloader.h"

#include <memory>

namespace signalbox {

class Keychain;

struct EngineOptions
{
    LoadResult config; ///< as loaded; must be ok()
    QString configPath; ///< empty: nothing is saved or watched
    ConfigOverlay overlay; ///< for reloads
    bool demo = false; ///< simulated providers instead of the configured ones, with gentle traffic
    std::uint64_t seed = 1; ///< of the simulation
    QString adminFile; ///< where to tell signalboxctl of the admin API; empty: there is none
    QString dataDirectory; ///< for the history and the config's versions; empty: no history, versions beside the config
    QString realDataDirectory; ///< of a demo: to go on in once a real provider has ended it; empty: the same
    std::shared_ptr<Keychain> keychain; ///< null: the desktop's
};

/// The real engine, on a thread of its own. Destroying it stops everything.
std::unique_ptr<Engine> createEngine(EngineOptions options);

} // namespace signalbox
