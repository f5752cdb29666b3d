// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/history/historylock.h"

#include <QDir>
#include <QLockFile>

namespace signalbox {

HistoryLock::HistoryLock(QString directory)
    : m_directory(std::move(directory)),
      m_file(std::make_unique<QLockFile>(QString(m_directory % QLatin1String("/engine.lock"))))
{
    m_file->setStaleLockTime(0);
}

HistoryLock::~HistoryLock() = default;

Status HistoryLock::take()
{
    QDir().mkpath(m_directory);
    m_taken = false;
    if (m_file->isLocked() || m_file->tryLock(0))
        return ok();
    qint64 process = 0;
    QString host;
    QString program;
    m_taken = m_file->error() == QLockFile::LockFailedError && m_file->getLockInfo(&process, &host, &program);
    if (m_taken) {
        return Error { QStringLiteral("Another engine (%1, process %2) records in %3; this one runs without recording.")
                           .arg(program, QString::number(process), m_directory),
                       {} };
    }
    return Error { QStringLiteral("%1 cannot be written to, so nothing is recorded until it can.").arg(m_directory),
                   {} };
}

} // namespace signalbox
