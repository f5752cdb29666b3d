// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/config/config.h"
#include "engine/dialect/route.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QString>

namespace signalbox {

/// An error body in the dialect's own shape (application/json in all of them). The type follows from the status;
/// `code` is a short machine-readable word such as "no_provider" and empty where there is none.
QByteArray errorBody(Dialect dialect, int status, QByteArrayView code, const QString &message,
                     QByteArrayView requestId = {});

/// An error as a complete event of that stream, beginning with a blank line that ends whatever was half written. Only
/// for event streams; a body of any other type can only be cut.
QByteArray streamErrorEvent(Dialect dialect, Endpoint endpoint, const QString &message, QByteArrayView requestId = {});

} // namespace signalbox
