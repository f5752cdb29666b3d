// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <optional>

namespace signalbox {

/// A completion script for "bash", "zsh" or "fish"; nullopt for another shell.
std::optional<QString> completionScript(const QString &shell);

} // namespace signalbox
