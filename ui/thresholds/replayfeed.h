// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/replay.h"
#include "engine/base/result.h"

#include <QFuture>
#include <QObject>
#include <QTimer>

#include <functional>

namespace signalbox {

/// Asks for the replay of a draft that keeps changing: once it rests for a moment, and only the newest counts. What
/// was asked before is cancelled, and its answer is dropped if it comes all the same.
class ReplayFeed : public QObject
{
    Q_OBJECT

public:
    using Answer = Result<ReplayResult>;
    using Ask = std::function<QFuture<Answer>(const ReplayQuery &)>;

    /// ask: Engine::replay(), or what stands in for it.
    explicit ReplayFeed(Ask ask, QObject *parent = nullptr);

    /// The range ends now, whenever that is: only its length is given. sample: ReplayQuery::sample.
    void ask(const PolicyDraft &draft, std::int64_t rangeMs, int maxPoints, bool sample = false);
    void cancel();
    /// Asked, or about to be.
    bool isBusy() const { return m_debounce.isActive() || m_asking; }

Q_SIGNALS:
    void arrived(const signalbox::ReplayResult &result);
    void failed(const QString &reason);
    /// It takes long enough to say so; or that is over.
    void progressChanged(bool working);

private:
    void send();
    void take(const Answer &answer);
    void setWorking(bool working);

    Ask m_ask;
    ReplayQuery m_query;
    std::int64_t m_rangeMs = 0;
    QFuture<Answer> m_future;
    QTimer m_debounce { this };
    QTimer m_patience { this };
    quint64 m_generation = 0;
    bool m_asking = false;
    bool m_working = false;
};

} // namespace signalbox
