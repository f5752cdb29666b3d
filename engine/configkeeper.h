// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/config/configdiff.h"
#include "engine/config/configloader.h"
#include "engine/config/configversions.h"

#include <QObject>
#include <QThreadPool>

#include <deque>
#include <functional>
#include <optional>

namespace signalbox {

/// Changes the config file: one change after the other, the disk on a thread of its own. Lives on the engine thread.
class ConfigKeeper : public QObject
{
    Q_OBJECT

public:
    using Change = std::function<Result<QByteArray>(const QByteArray &text)>;
    using Done = std::function<void(const Status &)>;

    /// Versions go into `versionsDirectory`.
    ConfigKeeper(const QString &configPath, const QString &versionsDirectory, const ConfigOverlay &overlay,
                 const QByteArray &text, QObject *parent = nullptr);
    ~ConfigKeeper() override;

    /// May refuse what was checked already, before anything is written. Must be set.
    std::function<Status(const Config &config)> accept;
    /// A change is in the file, or was not written after all although `accept` agreed.
    std::function<void(const LoadResult &loaded, const QString &by)> written;
    std::function<void()> dropped;

    /// `change` runs on the other thread. A change that changes nothing succeeds.
    void change(Change change, const QString &by, const Done &done);
    void undo(const Done &done);
    void restore(std::uint64_t version, const QString &by, const Done &done);
    /// `done` on the engine thread.
    void versions(const std::function<void(const std::vector<ConfigVersion> &)> &done);
    /// Any other work with the disk, between the changes.
    void run(std::function<Status()> work, const Done &done);

    /// The file was edited by hand and applied: it becomes a version too.
    void noteEdit(const QByteArray &text);
    /// True for a text that a change is just writing: its watcher need not apply it.
    bool isWriting(const QByteArray &text) const { return m_writing && *m_writing == text; }
    /// What is in the file, as last applied.
    const QByteArray &text() const { return m_text; }
    void setFallbackToken(const Secret &token) { m_overlay.fallbackToken = token; }

private:
    struct Job
    {
        Change change;
        QString by;
        bool isUndo = false;
        Done done;
    };
    struct Prepared
    {
        Status status = ok();
        QByteArray before;
        LoadResult loaded;
        std::uint64_t undoes = 0; ///< 0: none
    };

    void enqueue(Job job);
    void next();
    void prepared(const Prepared &prepared);
    void finish(const Status &status);

    QString m_path;
    ConfigVersions m_versions;
    ConfigOverlay m_overlay;
    QByteArray m_text;
    std::optional<QByteArray> m_writing;
    std::deque<Job> m_jobs; ///< the first one is under way
    QThreadPool m_disk; ///< one thread
};

QStringList textsOf(const std::vector<ConfigChange> &changes);

} // namespace signalbox
