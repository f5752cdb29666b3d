// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"
#include "engine/base/secret.h"

#include <QProcessEnvironment>
#include <QString>

#include <cstdint>

namespace signalbox {

/// Where a running engine's admin API is.
struct AdminAddress
{
    std::uint16_t port = 0;
    qint64 processId = 0;
    Secret token;
};

/// $XDG_RUNTIME_DIR/signalbox/admin.json, or run/admin.json below the data directory where there is no such directory.
QString adminFilePath(const QProcessEnvironment &environment, const QString &dataDirectory);

/// The error says that nothing runs, or why the file cannot be trusted.
Result<AdminAddress> readAdminFile(const QString &path);

/// Tells signalboxctl where this engine is. The file (0600) and its directory (0700) are ours alone, and a symbolic
/// link at either place is not followed.
class RuntimeFile
{
public:
    RuntimeFile() = default;
    ~RuntimeFile() { remove(); }
    Q_DISABLE_COPY_MOVE(RuntimeFile)

    /// If the file there is a running engine's, this one is called admin-PID.json instead.
    Status write(const QString &path, const AdminAddress &address);
    /// Only if it is still the one that was written.
    void remove();
    const QString &path() const { return m_path; }

private:
    QString m_path;
    QByteArray m_content;
};

} // namespace signalbox
