// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/thresholds/consequencemodel.h"

#include <QListView>

namespace signalbox {

class Appearance;

/// The sentences, each in as many lines as it needs. The one that is chosen is the provider in the chart.
class ConsequenceList : public QListView
{
    Q_OBJECT

public:
    explicit ConsequenceList(const Appearance &appearance, QWidget *parent = nullptr);

    /// Keeps the choice; without one it is the first.
    void setResult(const ReplayResult &result, bool hasDraft);
    ConsequenceModel &consequences() { return m_model; }
    QString provider() const;
    void choose(const QString &provider);
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void providerChosen(const QString &provider);

private:
    void applyTheme();

    const Appearance &m_appearance;
    ConsequenceModel m_model;
    QString m_wanted; ///< chosen, whether it is listed or not
};

} // namespace signalbox
