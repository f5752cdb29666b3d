// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/config/config.h"

#include <QJsonValue>
#include <QString>
#include <QStringList>

#include <cstdint>
#include <optional>
#include <vector>

namespace signalbox {

/// One value to change in the file. Undefined removes the member, so that the default (or the global value) counts
/// again; a place that ends in "/-" appends to an array.
struct SettingEdit
{
    QString pointer; ///< RFC 6901: "/breaker/threshold", "/providers/NAME/breaker/threshold" or with an index
    QJsonValue value;
};

/// A key the loader understands: what an editor and the JSON schema must know of it.
struct KnownConfigKey
{
    QString pointer; ///< array indices and free names as '*': "/providers/*/baseUrl"
    QString type; ///< "integer", "boolean", "string", "object" ...
    std::optional<std::int64_t> minimum;
    std::optional<std::int64_t> maximum;
    QStringList choices; ///< of a string; empty: free
    /// Of an integer or boolean. A provider's override has the global default here; the global value is what counts.
    QJsonValue defaultValue { QJsonValue::Undefined };
};
std::vector<KnownConfigKey> knownConfigKeys();

/// What is wrong with a combination of settings, or worth a question before it is applied.
struct SettingProblem
{
    QString key; ///< "maxOpenMs"
    bool isError = false; ///< refused; else a warning: it protects less than it seems to
    QString reason; ///< follows the key in a sentence
    bool operator==(const SettingProblem &) const = default;
};
std::vector<SettingProblem> problemsOf(const BreakerSettings &settings);
std::vector<SettingProblem> problemsOf(const HealthSettings &settings);
std::vector<SettingProblem> problemsOf(const Timeouts &settings);

} // namespace signalbox
