// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"

#include <QByteArray>
#include <QDateTime>
#include <QString>
#include <QStringList>

#include <cstdint>
#include <vector>

namespace signalbox {

/// A change of the configuration that can be taken back.
struct ConfigVersion
{
    std::uint64_t id = 0; ///< grows
    QDateTime at; ///< wall time of the change, UTC
    QString by; ///< "console", "signalboxctl", "file" (edited by hand)
    QStringList changes; ///< "breaker.threshold 5 → 7"
    bool undone = false; ///< taken back since
};

/// The texts of a config file before its last changes, each in a file of its own (0600, in a directory with 0700). They
/// are as secret as the config file itself, whose access token they may hold. Reads and writes files: not for the
/// engine's thread.
class ConfigVersions
{
public:
    static constexpr std::size_t kept = 20;

    ConfigVersions(const QString &directory, const QString &configPath);

    /// Newest first. A file that cannot be read is left out.
    std::vector<ConfigVersion> list() const;
    /// Drops the oldest beyond `kept`.
    Status add(const QString &by, const QStringList &changes, const QByteArray &textBefore);
    /// The text before that change.
    Result<QByteArray> textBefore(std::uint64_t id) const;
    Status markUndone(std::uint64_t id);

private:
    QString fileOf(std::uint64_t id) const;
    std::vector<std::uint64_t> ids() const; ///< oldest first

    QString m_directory;
    QString m_configPath;
};

} // namespace signalbox
