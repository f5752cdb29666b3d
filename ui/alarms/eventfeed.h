// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/engine.h"
#include "ui/models/eventmodel.h"

#include <QObject>

namespace signalbox {

/// Keeps an EventModel up to date with what its choice asks the engine for: kind and provider. State events are few, so
/// each is shown as it comes; while nobody looks they are asked for again later instead.
class EventFeed : public QObject
{
    Q_OBJECT

public:
    static constexpr int pageSize = 500;

    EventFeed(Engine &engine, EventModel &model, QObject *parent = nullptr);

    void setActive(bool active);
    void setChoice(const EventChoice &choice);
    /// Empties the model and asks anew.
    void restart();
    void loadOlder();
    bool mayHaveOlder() const { return m_more && !m_model.isFull(); }
    bool isLoading() const { return m_loading; }
    const QString &problem() const { return m_problem; }

Q_SIGNALS:
    /// Loading, problem or whether there are older ones.
    void stateChanged();

private:
    void ask(std::optional<std::uint64_t> before);
    void take(const StateEvent &event);

    Engine &m_engine;
    EventModel &m_model;
    QString m_problem;
    quint64 m_generation = 0; ///< of the choice that was asked for
    bool m_active = false;
    bool m_loading = false;
    bool m_more = false;
};

} // namespace signalbox
