// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/config/configloader.h"

#include <QByteArray>
#include <QFileSystemWatcher>
#include <QObject>
#include <QTimer>

namespace signalbox {

/// Tells when the config file, or an .env file that lies over it, has new content. The directory is watched too, since
/// an atomic replace ends a file's watch; a file or directory that does not exist yet is waited for.
class ConfigWatcher : public QObject
{
    Q_OBJECT

public:
    explicit ConfigWatcher(const QString &path, const ConfigOverlay &overlay, QObject *parent = nullptr);

    /// From now on for the loads it does: the token that runs, for a file that names none.
    void setFallbackToken(const Secret &token) { m_overlay.fallbackToken = token; }

Q_SIGNALS:
    /// New content, loaded and checked. With errors, or `missing`: keep what runs and say why.
    void configChanged(const signalbox::LoadResult &result);
    /// Keys were confirmed for new origins (signalboxd --confirm-keys): resolve the keys again.
    void keyOriginsChanged();

private:
    void scheduleCheck();
    void check();
    void watchPaths();
    QByteArray fingerprint(const QStringList &paths) const;
    QStringList watchedFiles() const;

    QString m_path;
    ConfigOverlay m_overlay;
    QFileSystemWatcher m_watcher;
    QTimer m_debounce;
    QTimer m_longest;
    QByteArray m_configFingerprint;
    QByteArray m_originsFingerprint;
};

} // namespace signalbox
