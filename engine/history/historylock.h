// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"

#include <QString>

#include <memory>

class QLockFile;

namespace signalbox {

/// Who records in a data directory: one engine at a time, as two would tear the roll-ups apart. Given back when this
/// goes. For one thread at a time.
class HistoryLock
{
public:
    explicit HistoryLock(QString directory);
    ~HistoryLock();

    /// Makes the directory too. The error says who has it, or that nothing can be written there.
    Status take();
    /// Why take() failed: another engine has it.
    bool isTaken() const { return m_taken; }

private:
    const QString m_directory;
    std::unique_ptr<QLockFile> m_file;
    bool m_taken = false;
};

} // namespace signalbox
