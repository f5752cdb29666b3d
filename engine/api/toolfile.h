// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"

#include <QByteArray>
#include <QDateTime>
#include <QString>

namespace signalbox {

/// A file of a tool's own that can be told to use the proxy.
enum class ToolFileKind { None, ClaudeSettings, CodexConfig, OpencodeConfig, QwenSettings };

/// What to write into it.
struct ToolFileValues
{
    QString url; ///< "http://127.0.0.1:8787"
    QString token; ///< the real one; empty: none is needed
    QString model;
};

/// One change of one file, to be shown before it is made.
struct ToolFilePlan
{
    QString path;
    bool existed = false;
    QByteArray before;
    QByteArray after;

    bool changesNothing() const { return existed && before == after; }
};

/// Where that file is for a user; empty for None.
QString toolFilePath(ToolFileKind kind, const QString &home);

/// Reads the file and says what it would become: everything that is not ours stays byte for byte. Fails for a file that
/// cannot be read or understood, which is then left alone. Waits for the disk.
Result<ToolFilePlan> planToolFile(ToolFileKind kind, const QString &home, const ToolFileValues &values);

/// Makes the change: a copy of the old file beside it first, then the new one in its place at once. Fails if the file
/// is not what the plan saw. Gives the copy's path; empty where there was no file. Waits for the disk.
Result<QString> writeToolFile(const ToolFilePlan &plan, const QDateTime &now);

/// Takes the change back, unless somebody edited the file since. Waits for the disk.
Status undoToolFile(const ToolFilePlan &plan);

} // namespace signalbox
