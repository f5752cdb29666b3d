// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/snapshot.h"
#include "ui/style/card.h"

class QBoxLayout;
class QComboBox;
class QLabel;

namespace signalbox {

class LampWidget;
class ProviderCommands;

/// "At this pace p50 first byte reaches 2.1 s in 5 min." Empty while it does not become slower by at least a tenth.
QString trendSentence(const ProviderSnapshot &provider);

/// Which provider, in what state, why, and what can be done about it.
class ProviderHeader : public Card
{
    Q_OBJECT

public:
    ProviderHeader(ProviderCommands &commands, const Appearance &appearance, QWidget *parent = nullptr);

    /// The names to pick from, and the one that is shown.
    void setProviders(const std::vector<ProviderSnapshot> &providers, const QString &shown);
    void showProvider(const ProviderSnapshot &provider, const QDateTime &takenAt, bool stale);

Q_SIGNALS:
    void picked(const QString &provider);

private:
    QLabel *line(const QString &objectName);
    void addButtons(QBoxLayout *layout, ProviderCommands &commands);

    QComboBox *m_pick;
    LampWidget *m_lamp;
    QLabel *m_state;
    QLabel *m_place;
    QLabel *m_reason;
    QLabel *m_trend;
};

} // namespace signalbox
