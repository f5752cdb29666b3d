// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"

#include <QCoreApplication>
#include <QFuture>
#include <QObject>

namespace signalbox {

/// Calls handler in the context's thread when the engine answers, or says that it went away without an answer.
/// Nothing is called once the context is gone.
template <typename Handler> void onAnswer(QFuture<Status> future, QObject *context, Handler handler)
{
    future.then(context, [handler](const Status &status) { handler(status); }).onCanceled(context, [handler] {
        handler(Error { QCoreApplication::translate("Answer", "The engine stopped before it answered."), {} });
    });
}

} // namespace signalbox
