// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/engine.h"
#include "ui/models/requestmodel.h"

#include <QObject>
#include <QTimer>

#include <optional>
#include <vector>

namespace signalbox {

/// Keeps a RequestModel up to date: the past from the engine's queries, what ends from its signals, at most ten times a
/// second. While it is inactive or frozen it only queues, up to a limit past which it asks again.
class RequestFeed : public QObject
{
    Q_OBJECT

public:
    static constexpr std::size_t mostQueued = 5000;
    static constexpr int firstPage = 2000;
    static constexpr int olderPage = 1000;
    static constexpr std::chrono::milliseconds batchTime { 100 };

    RequestFeed(Engine &engine, RequestModel &model, QObject *parent = nullptr);

    /// Seen or not. The first time it begins.
    void setActive(bool active);
    /// Requests go on, but the model stays as it is.
    void setFrozen(bool frozen);
    bool isFrozen() const { return m_frozen; }
    /// Ended since it was frozen.
    std::size_t held() const { return m_heldCount; }

    /// One page more of what the model's choice takes.
    void loadOlder();
    /// False: there are none, or no room for them.
    bool mayHaveOlder() const;
    bool isLoading() const { return m_loading; }
    /// The first page is not here yet.
    bool isStarting() const { return m_starting; }
    /// Why what is older could not be read; empty: it could.
    const QString &problem() const { return m_problem; }

Q_SIGNALS:
    /// Loading, problem or whether there are older ones.
    void stateChanged();
    void heldChanged();

private:
    void take(const RequestEvent &event);
    void queue(const RequestEvent &event);
    void askHealthChecks();
    void flush();
    void askNewest(int limit);
    void takeNewest(RequestPage page);
    void show(RequestPage page);
    void onSifted();
    void onForgotten();
    bool rests() const { return !m_active || m_frozen; }

    Engine &m_engine;
    RequestModel &m_model;
    std::vector<RequestEvent> m_queue;
    std::optional<RequestPage> m_newest; ///< came while the model must stay as it is
    QTimer m_batch;
    QString m_problem;
    std::size_t m_heldCount = 0;
    quint64 m_question = 0; ///< for the newest
    quint64 m_generation = 0; ///< of the choice that older ones are asked for
    bool m_begun = false;
    bool m_active = false;
    bool m_frozen = false;
    bool m_starting = false;
    bool m_loading = false;
    bool m_more = false;
    bool m_gap = false; ///< the queue was too short
};

} // namespace signalbox
