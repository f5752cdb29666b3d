// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/config/configwatcher.h"

#include "engine/config/configstore.h"
#include "engine/config/keyorigins.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QFileInfo>

namespace signalbox {

namespace {
constexpr Milliseconds debounceTime { 150 };
constexpr Milliseconds longestWait { 1000 };
} // namespace

ConfigWatcher::ConfigWatcher(const QString &path, const ConfigOverlay &overlay, QObject *parent)
    : QObject(parent), m_path(path), m_overlay(overlay)
{
    m_debounce.setSingleShot(true);
    m_longest.setSingleShot(true);
    connect(&m_debounce, &QTimer::timeout, this, &ConfigWatcher::check);
    connect(&m_longest, &QTimer::timeout, this, &ConfigWatcher::check);
    connect(&m_watcher, &QFileSystemWatcher::fileChanged, this, &ConfigWatcher::scheduleCheck);
    connect(&m_watcher, &QFileSystemWatcher::directoryChanged, this, &ConfigWatcher::scheduleCheck);
    watchPaths();
    m_configFingerprint = fingerprint(watchedFiles());
    m_originsFingerprint = fingerprint({ KeyOrigins::pathFor(m_path) });
}

QStringList ConfigWatcher::watchedFiles() const
{
    const QDir directory = QFileInfo(m_path).dir();
    return QStringList { m_path, directory.filePath(QStringLiteral(".env")),
                         directory.filePath(QStringLiteral(".env.production")) } +
        m_overlay.envFiles;
}

/// Directories are watched too, or the nearest above that exists: an atomic replace ends the watch of a file.
void ConfigWatcher::watchPaths()
{
    QStringList wanted;
    for (const QString &file : watchedFiles()) {
        const QFileInfo info(file);
        if (info.exists())
            wanted << file << QFileInfo(info.canonicalFilePath()).absolutePath();
        QString directory = info.absolutePath();
        while (!QFileInfo::exists(directory))
            directory = QFileInfo(directory).absolutePath();
        wanted << directory;
    }
    wanted.removeDuplicates();
    const QStringList watched = m_watcher.files() + m_watcher.directories();
    for (const QString &path : wanted) {
        if (!watched.contains(path))
            m_watcher.addPath(path);
    }
}

QByteArray ConfigWatcher::fingerprint(const QStringList &paths) const
{
    QCryptographicHash hash(QCryptographicHash::Sha256);
    for (const QString &path : paths) {
        QFile file(path);
        if (file.open(QIODevice::ReadOnly))
            hash.addData(QByteArray(file.readAll().prepend('1')));
        hash.addData(QByteArray("|"));
    }
    return hash.result();
}

void ConfigWatcher::scheduleCheck()
{
    m_debounce.start(debounceTime);
    if (!m_longest.isActive())
        m_longest.start(longestWait);
}

void ConfigWatcher::check()
{
    m_debounce.stop();
    m_longest.stop();
    watchPaths();
    const QByteArray config = fingerprint(watchedFiles());
    const QByteArray origins = fingerprint({ KeyOrigins::pathFor(m_path) });
    if (std::exchange(m_configFingerprint, config) != config)
        Q_EMIT configChanged(loadConfigEnsuringToken(m_path, m_overlay));
    if (std::exchange(m_originsFingerprint, origins) != origins)
        Q_EMIT keyOriginsChanged();
}

} // namespace signalbox
