// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"

#include <QDateTime>
#include <QJsonObject>
#include <QStringList>
#include <QUrlQuery>

#include <chrono>
#include <optional>

namespace signalbox {

/// One call of the admin API, and how to show its answer.
struct ControlCall
{
    enum class View { Status, Providers, Requests, InFlight, Events, Alarms, Route, Replay, Done, Raw };
    View view = View::Status;
    QByteArray method = "GET";
    QString path;
    QUrlQuery query;
    QJsonObject body; ///< of a POST
    bool json = false; ///< print what came, line by line
    bool follow = false;
    QString outputFile; ///< Raw: empty is standard output
};

/// What signalboxctl was asked to do.
struct ControlArguments
{
    std::optional<ControlCall> call; ///< unset: help, version or a completion script
    bool version = false;
    QString completionShell;
    QString adminFile; ///< empty: the default place
    QString dataDirectory; ///< of the engine, for that place; empty: the default
};

/// `now` is what "--since 2h" counts from. The error is one sentence.
Result<ControlArguments> parseControlArguments(const QStringList &words, const QDateTime &now);

/// "250ms", "30s", "10m", "2h" or "7d"; nullopt for anything else.
std::optional<std::chrono::milliseconds> parseDuration(const QString &text);

QString controlHelp();

} // namespace signalbox
