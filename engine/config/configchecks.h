// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"

#include <QString>
#include <QUrl>

namespace signalbox {

// What single values of the configuration must look like. Each gives the value in its normal form, or why not; a reason
// never repeats what might be a key or password.

/// [A-Za-z0-9._-]{1,64}, and not a dot segment, since it stands in paths, header values and metric labels.
Result<QString> checkedProviderName(const QString &text);
Result<QUrl> checkedBaseUrl(const QString &text);
/// http or https, with any path and query; these may be a secret, so a message never shows them.
Result<QUrl> checkedWebhookUrl(const QString &text);
/// http://host:port or socks5://host:port, with or without user and password.
Result<QUrl> checkedForwardProxy(const QString &text);
/// An IPv4 or IPv6 address to listen on; "localhost" becomes 127.0.0.1.
Result<QString> checkedListenAddress(const QString &text);
/// A host name or address as it stands in a Host field, in lower case, without port.
Result<QString> checkedHost(const QString &text);
/// "https://app.example.com", or "vscode-webview://*" for an application's own scheme.
Result<QString> checkedOrigin(const QString &text);
Result<QString> checkedToken(const QString &text);
Result<QString> checkedVariableName(const QString &text);
/// Any text without control characters.
Result<QString> checkedPlainText(const QString &text);

bool isLoopbackHost(const QString &host);
/// A value for a message: quoted, shortened, control characters replaced; empty if it might hold a password.
QString shown(const QString &text);

} // namespace signalbox
