// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"

#include <QCoreApplication>
#include <QFutureWatcher>

namespace signalbox {

/// Calls handler when the engine answers, or when it went away without an answer. Always from the event loop of the
/// context's thread, never before this returns (QFuture::then() would, for an answer that is already there). Nothing is
/// called once the context is gone.
template <typename Handler> void onAnswer(const QFuture<Status> &future, QObject *context, Handler handler)
{
    auto *watcher = new QFutureWatcher<Status>(context);
    QObject::connect(watcher, &QFutureWatcherBase::finished, context, [watcher, handler] {
        watcher->deleteLater();
        if (watcher->future().resultCount() > 0)
            handler(watcher->result());
        else
            handler(
                Error { QCoreApplication::translate("Answer", "The engine stopped before it answered."), QString() });
    });
    watcher->setFuture(future);
}

} // namespace signalbox
