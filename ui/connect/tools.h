// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/toolfile.h"
#include "ui/connect/snippets.h"

#include <QList>
#include <QString>
#include <QStringList>
#include <QUrl>

#include <vector>

namespace signalbox {

/// What a tool has to be told.
struct ConnectAddress
{
    QString url; ///< as bound: "http://127.0.0.1:8787", without a slash at its end
    QString token; ///< what stands for it in a text that is shown; empty: none is needed
    QString openAiModel;
    QString anthropicModel;
    QString geminiModel;
};

/// One tool that can use the proxy.
struct ConnectTool
{
    QString id; ///< "claude-code"
    QString name; ///< "Claude Code"
    QString group;
    QString advice; ///< what to set, in a sentence or two
    QStringList clients; ///< as RequestEvent::userAgent names it; empty: cannot be told apart
    QList<Snippet> snippets;
    ToolFileKind file = ToolFileKind::None;
};

/// Every tool with its texts for that address.
std::vector<ConnectTool> connectTools(const ConnectAddress &address);

} // namespace signalbox
