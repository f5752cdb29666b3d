// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"

#include <QCoreApplication>
#include <QFutureWatcher>

#include <type_traits>

namespace signalbox {

/// What stands for an answer that never came: an Error where the type can hold one, else an empty value.
template <typename Answer> Answer unanswered()
{
    if constexpr (std::is_constructible_v<Answer, Error>)
        return Error { QCoreApplication::translate("Answer", "The engine stopped before it answered."), QString() };
    else
        return {};
}

/// Calls handler when the engine answers, or when it went away without an answer. Always from the event loop of the
/// context's thread, never before this returns (QFuture::then() would, for an answer that is already there). Nothing is
/// called once the context is gone.
template <typename Answer, typename Handler>
void onAnswer(const QFuture<Answer> &future, QObject *context, Handler handler)
{
    auto *watcher = new QFutureWatcher<Answer>(context);
    QObject::connect(watcher, &QFutureWatcherBase::finished, context, [watcher, handler] {
        watcher->deleteLater();
        if (watcher->future().resultCount() > 0)
            handler(watcher->result());
        else
            handler(unanswered<Answer>());
    });
    watcher->setFuture(future);
}

} // namespace signalbox
