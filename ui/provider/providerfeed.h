// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/engine.h"
#include "ui/charts/chartdata.h"

#include <QObject>

namespace signalbox {

/// What happened at one provider in a stretch of time.
struct ProviderHistory
{
    QString provider;
    TimeSpan span;
    std::vector<SeriesPoint> points;
    std::vector<BreakerSegment> breaker;
    std::vector<StateEvent> events; ///< config changes, and commands to this provider
    std::vector<RequestEvent> failovers; ///< requests that were tried here and went on elsewhere; newest first
    QString problem; ///< why something could not be read; empty: it could
};

/// Asks the engine for it, one question at a time. A new question makes the answers to the one before worthless.
class ProviderFeed : public QObject
{
    Q_OBJECT

public:
    explicit ProviderFeed(Engine &engine, QObject *parent = nullptr);

    bool isAsking() const { return m_open > 0; }
    void ask(const QString &provider, const TimeSpan &span, int maxPoints);
    void cancel();

Q_SIGNALS:
    /// Everything is here.
    void arrived(const signalbox::ProviderHistory &history);

private:
    template <typename Answer, typename Take> void call(const QFuture<Answer> &future, Take take);
    void takeFailovers(std::vector<RequestEvent> requests);

    Engine &m_engine;
    std::uint64_t m_generation = 0;
    int m_open = 0; ///< answers that are still to come
    ProviderHistory m_history;
};

} // namespace signalbox
