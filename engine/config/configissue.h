// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace signalbox {

/// One thing that is wrong with the configuration, or worth a warning. Never holds a key, token or password.
struct ConfigIssue
{
    QString file; ///< empty: not in a file (environment, command line)
    QString pointer; ///< JSON pointer, or the variable's or option's name; empty: the whole file
    int line = 0; ///< 1-based; 0: unknown
    QString reason;

    /// "config.json:12: /providers/2/baseUrl: must be an http or https URL, got 'ftp://x'"
    QString text() const;

    bool operator==(const ConfigIssue &) const = default;
};

} // namespace signalbox
