// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/provider/scorebreakdownmodel.h"
#include "ui/style/card.h"

class QTableView;

namespace signalbox {

/// The score taken apart. Pointing at a row, or choosing one, asks for that factor's chart.
class ScoreBreakdown : public Card
{
    Q_OBJECT

public:
    explicit ScoreBreakdown(const Appearance &appearance, QWidget *parent = nullptr);

    void showProvider(const ProviderSnapshot &provider, const HealthSettings &health, bool stale);
    ScoreBreakdownModel &model() { return m_model; }
    QTableView *table() const { return m_table; }
    /// False if no row was chosen.
    bool clearChoice();

Q_SIGNALS:
    /// nullopt: none any more.
    void factorPointed(std::optional<signalbox::Factor> factor);

protected:
    void resizeEvent(QResizeEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void fitColumns();
    void tellPointed(int hoveredRow);

    ScoreBreakdownModel m_model;
    QTableView *m_table;
    QLabel *m_footer;
    std::optional<Factor> m_told;
};

} // namespace signalbox
