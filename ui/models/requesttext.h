// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/requestmodel.h"

#include <QByteArray>
#include <QList>
#include <QString>

namespace signalbox {

/// One line, the columns parted by tabs.
QString rowText(const RequestEvent &event, const QList<int> &columns);
QString rowText(const InFlightRequest &request, const QList<int> &columns);
/// A table of the given rows in Markdown, with its heading.
QString markdownTable(const std::vector<RequestModel::RequestPtr> &requests, const QList<int> &columns);

/// The request again, as a command for a POSIX shell. Asks the local proxy at `proxyUrl`; where it needs a token, the
/// command takes it from the environment, so that no key is in it. Without a captured body it reads one from a file.
QString curlCommand(const RequestEvent &event, const QString &proxyUrl, bool needsToken, const QByteArray &body = {});

} // namespace signalbox
