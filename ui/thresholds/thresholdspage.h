// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/page/page.h"
#include "ui/thresholds/replayfeed.h"
#include "ui/thresholds/thresholddraft.h"
#include "ui/thresholds/thresholdwords.h"

class QLabel;
class QScrollArea;
class QStackedWidget;

namespace signalbox {

class DraftBar;
class HistoryDialog;
class MeasuredView;
class ReplayView;
class ThresholdForm;

/// Limits of breakers, checks, scores and times: changed in a draft, tried on recorded traffic while it changes, then
/// applied, or run as a shadow first.
class ThresholdsPage : public Page
{
    Q_OBJECT

public:
    explicit ThresholdsPage(Console &console, QWidget *parent = nullptr);

    void goTo(const PageTarget &target) override;
    bool stepBack() override;
    PageTarget place() const override;
    QList<QAction *> pageActions() const override;

protected:
    void refresh() override;
    void hideEvent(QHideEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void fitForm();
    void build();
    QScrollArea *scrolled(QWidget *charts);
    void connectParts();
    void setProvider(const QString &provider);
    void edit(const QString &provider, const ThresholdSetting &setting, std::int64_t value);
    void moveLimit(const ThresholdSetting &setting, std::int64_t value);
    bool showsMeasured() const;
    void showMeasured();
    void choose(const QString &provider);
    /// In the charts; never one of a made-up recording.
    QString shownProvider() const;
    void draftChanged();
    /// Looks through all providers once for each change, not for each snapshot.
    void judgeDraft();
    void showDraft();
    void showBar();
    void showPolicy();
    /// Of any place that the draft touches.
    QString firstError() const;
    QStringList newWarnings() const;
    bool isEditable() const;

    /// What there is to try: of a draft that cannot be, nothing.
    PolicyDraft wantedPolicy() const;
    void askReplay();
    void setSample(bool sample);
    void askIfDue();
    void showShadow();
    void askShadowEvents(const QDateTime &since);

    void apply();
    void applyNow();
    void startShadow();
    void stopShadow();
    void revert();
    void openHistory();
    void loadVersions();
    void restore(quint64 version);

    ThresholdDraft m_draft;
    std::shared_ptr<const Config> m_base; ///< that the draft stands on
    ReplayFeed m_feed;
    DraftBar *m_bar;
    QLabel *m_policyText;
    ThresholdForm *m_form;
    ReplayView *m_view;
    MeasuredView *m_measured;
    QStackedWidget *m_views; ///< the replay, or what was measured
    HistoryDialog *m_history = nullptr; ///< while it is open
    QString m_error; ///< why the draft cannot be; empty: it can
    PolicyDraft m_policy; ///< of the draft
    QString m_provider; ///< whose settings are shown; empty: all
    PolicyDraft m_asked; ///< what the replay shown, or the one on its way, is of
    qint64 m_askedMs = 0; ///< 0: not yet
    std::vector<StateEvent> m_shadowEvents; ///< of the provider in the chart, ascending
    QString m_shadowOf; ///< what was asked for last
    quint64 m_shadowGeneration = 0;
    bool m_waiting = false;
    bool m_sample = false; ///< the replay is of a made-up recording
};

} // namespace signalbox
