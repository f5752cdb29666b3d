// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonObject>
#include <QString>

namespace signalbox {

// What the admin API answers, as text for a terminal: one line each, in columns, control characters taken out.
QString statusText(const QJsonObject &status);
QString providersText(const QJsonObject &answer);
QString alarmsText(const QJsonObject &answer);
QString routeText(const QJsonObject &answer);
QString replayText(const QJsonObject &answer);
QString inFlightText(const QJsonObject &answer);
QString requestLine(const QJsonObject &request);
QString eventLine(const QJsonObject &event);

} // namespace signalbox
