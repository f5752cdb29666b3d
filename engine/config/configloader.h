// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/config/config.h"
#include "engine/config/configissue.h"
#include "engine/config/settings.h"

#include <QByteArray>
#include <QList>
#include <QMetaType>
#include <QProcessEnvironment>
#include <QStringList>

#include <optional>

namespace signalbox {

/// What is laid over the file. Precedence: command line > environment > .env files > file > default. An outside value
/// fixes the global setting only; a provider's own override in the file stays.
struct ConfigOverlay
{
    std::optional<int> port; ///< --port
    QProcessEnvironment environment; ///< handed in, never read from the process here
    QStringList envFiles; ///< --env-file, over .env and .env.production of the config directory; the last one wins
    /// Used when the file names no token, so that a reload of a file that cannot be written keeps the running one.
    std::optional<Secret> fallbackToken;
};

struct LoadResult
{
    Config config; ///< meant to be used only if ok()
    QByteArray text; ///< of the file, as read
    QList<ConfigIssue> errors; ///< all of them, not the first
    QList<ConfigIssue> warnings;
    bool missing = false; ///< there is no config file yet; `config` is defaults and overlay. Not an error.
    /// The file names no token (unlike null). `config` then has the fallback, or a random one that nobody knows:
    /// ensureToken() stores one.
    bool tokenAbsent = false;

    bool ok() const noexcept { return errors.isEmpty(); }
    /// One line an issue.
    QString errorText() const;
    QStringList warningTexts() const;
};

/// Reads the file and what lies over it. Never throws away the rest for one error.
LoadResult loadConfig(const QString &path, const ConfigOverlay &overlay = {});

/// The same for text that is not (yet) in a file; `path` is for messages, relative paths and the .env files.
LoadResult loadConfigText(const QByteArray &text, const QString &path, const ConfigOverlay &overlay = {});

/// $XDG_CONFIG_HOME/signalbox/config.json
QString defaultConfigPath(const QProcessEnvironment &environment);

} // namespace signalbox

Q_DECLARE_METATYPE(signalbox::LoadResult)
