// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>

#include <utility>

namespace signalbox {

/// Something to copy, and where it goes.
struct Snippet
{
    QString title; ///< "bash", "settings.json"
    QString text;
};

using Variables = QList<std::pair<QString, QString>>;

/// The same variables for bash, fish, PowerShell, cmd and an .env file, quoted as each needs it.
QList<Snippet> environmentSnippets(const Variables &variables);

} // namespace signalbox
