// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

#include <vector>

namespace signalbox {

/// One difference between two texts of the configuration, for people. Tokens and secret addresses are not shown.
struct ConfigChange
{
    QString place; ///< "breaker.threshold", "providers.alpha.models.gpt-*"
    QString provider; ///< empty: a global setting
    QString before; ///< as written; the default's value where nothing is written
    QString after;

    /// "breaker.threshold 5 → 7", "providers.alpha added"
    QString text() const;
    bool operator==(const ConfigChange &) const = default;
};

/// In the order of the new text, then what is gone. Providers are compared by name, so moving one is one change.
std::vector<ConfigChange> configChanges(const QByteArray &before, const QByteArray &after);

} // namespace signalbox
