// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonValue>
#include <QString>

#include <optional>

namespace signalbox::conformance {

/// Nullopt: as wanted. Otherwise what differs, from "step 3: " or the name of the value on.
using Difference = std::optional<QString>;

/// One trace or case of a file.
struct CaseResult
{
    QString id;
    Difference difference;
};

/// Compact JSON, for messages.
QString jsonText(const QJsonValue &value);
QString differs(const QString &got, const QString &want);

} // namespace signalbox::conformance
