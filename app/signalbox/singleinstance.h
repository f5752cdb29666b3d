// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDateTime>
#include <QLocalServer>
#include <QLockFile>
#include <QObject>

#include <memory>

namespace signalbox {

/// One console for one user and configuration. The first keeps a lock and listens; a later one hands its request over
/// and ends.
class SingleInstance : public QObject
{
    Q_OBJECT

public:
    /// key: what makes two starts the same, such as the path of the configuration. directory: private to the user.
    SingleInstance(const QString &key, const QString &directory, QObject *parent = nullptr);
    ~SingleInstance() override;

    /// True for the first one, which from then on gets the others' requests.
    bool claim();
    /// To the first one: come to the front, and open that page if it is not empty. False if it does not answer.
    bool handOver(const QString &page) const;
    /// When the run before this one was started, if it did not end in an orderly way; else invalid.
    QDateTime crashedRun() const { return m_crashedRun; }

    /// The runtime directory of the user, or a private one below the temporary files.
    static QString defaultDirectory();

Q_SIGNALS:
    void raiseRequested(const QString &page);

private:
    void takeRequest();

    QString m_socketPath;
    QLockFile m_lock;
    QString m_lockPath;
    QLocalServer m_server;
    QDateTime m_crashedRun;
};

} // namespace signalbox
