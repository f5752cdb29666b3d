// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/requestmodel.h"
#include "ui/style/lamp.h"

#include <array>
#include <optional>

namespace signalbox {

/// What the table shows of a finished request in that column of RequestModel.
QString cellText(const RequestEvent &event, int column);
/// The same of one that has not ended: elapsed time, bytes so far, and what it is doing.
std::array<QString, RequestModel::ColumnCount> flightTexts(const InFlightRequest &request);
bool isNumberColumn(int column);

/// The shape beside the words of an outcome; nullopt for what went well at once.
std::optional<LampShape> outcomeLamp(const RequestEvent &event);

/// "840 ms"; a dash for zero, which is "none came" in a RequestEvent.
QString timeText(std::chrono::microseconds time);
QString tokensText(const TokenUsage &usage);
QString costText(std::optional<double> dollars);

} // namespace signalbox
