// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/page/page.h"
#include "ui/provider/providerfeed.h"
#include "ui/provider/timewindow.h"

class QLabel;
class QStackedWidget;

namespace signalbox {

class Comparison;
class ProviderCharts;
class ProviderHeader;
class RecentRequests;
class ScoreBreakdown;
class ViewBar;

/// One provider: its state and why, its score taken apart, and what led there over time.
class ProviderPage : public Page
{
    Q_OBJECT

public:
    explicit ProviderPage(Console &console, QWidget *parent = nullptr);

    /// Without a provider it stays, or shows the one selected elsewhere, or the first. item: others to compare with,
    /// separated by commas.
    void goTo(const PageTarget &target) override;
    bool stepBack() override;
    PageTarget place() const override;
    QList<QAction *> pageActions() const override;

    const TimeWindow &timeWindow() const { return m_window; }

protected:
    void refresh() override;
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void build();
    void buildActions();
    void connectParts();
    const ProviderSnapshot *provider() const;
    void showProvider(const QString &name);
    void stepProvider(int by);
    void setRange(std::size_t index);
    void pause(const TimeSpan &span);
    void goLive();
    void compareWith(const QStringList &peers);
    /// What depends on the time shown, if it is due.
    void refreshCharts(const ProviderSnapshot &provider);
    void askAgain();
    void takeHistory(const ProviderHistory &history);
    void openRequests(std::optional<std::uint64_t> sequence);
    std::int64_t nowMs() const;

    QString m_name;
    QStringList m_peers;
    TimeWindow m_window;
    ProviderFeed m_feed;
    std::optional<std::int64_t> m_askedMs; ///< for the time up to then; nullopt: not yet
    QList<QAction *> m_actions;

    QStackedWidget *m_stack = nullptr;
    QLabel *m_none = nullptr;
    QWidget *m_content = nullptr;
    ProviderHeader *m_header = nullptr;
    ViewBar *m_bar = nullptr;
    ScoreBreakdown *m_breakdown = nullptr;
    RecentRequests *m_requests = nullptr;
    QStackedWidget *m_views = nullptr;
    ProviderCharts *m_charts = nullptr;
    Comparison *m_comparison = nullptr;
};

} // namespace signalbox
