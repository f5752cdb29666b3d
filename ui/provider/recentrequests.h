// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/engine.h"
#include "ui/charts/chartdata.h"
#include "ui/models/requestmodel.h"
#include "ui/style/card.h"

class QLabel;
class QTableView;

namespace signalbox {

/// "provider:alpha", in the filter's grammar.
QString filterFor(const QString &provider);

/// The last 50 requests that a provider was asked for, the newest at the end.
class RecentRequests : public Card
{
    Q_OBJECT

public:
    RecentRequests(Engine &engine, const Appearance &appearance, QWidget *parent = nullptr);

    /// Asks the engine if something may have changed. span: only those; nullopt: the newest.
    void show(const ProviderSnapshot &provider, const std::optional<TimeSpan> &span);
    const RequestModel &model() const { return *m_model; }

Q_SIGNALS:
    /// In the requests page. nullopt: all of this provider.
    void openRequested(std::optional<std::uint64_t> sequence);

private:
    void reset();
    void ask();
    void take(const RequestPage &page);
    void showEmptyText();

    Engine &m_engine;
    std::unique_ptr<RequestModel> m_model;
    QTableView *m_table;
    QLabel *m_empty;
    QString m_provider;
    std::optional<TimeSpan> m_span;
    std::uint64_t m_seenAttempts = 0;
    std::uint64_t m_generation = 0;
    bool m_asking = false;
};

} // namespace signalbox
