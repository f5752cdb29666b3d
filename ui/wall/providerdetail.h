// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/snapshot.h"

#include <QFrame>

class QLabel;

namespace signalbox {

class Appearance;
class LampWidget;

/// Why the selected provider is in the state it is in, in full sentences that can be copied.
class ProviderDetail : public QFrame
{
    Q_OBJECT

public:
    explicit ProviderDetail(const Appearance &appearance, QWidget *parent = nullptr);

    /// Null: nothing is selected.
    void showProvider(const ProviderSnapshot *provider, const QDateTime &takenAt, bool stale);

private:
    QLabel *addLine(const QString &objectName);
    void applyTheme();
    void setLine(QLabel *label, const QString &text);

    const Appearance &m_appearance;
    LampWidget *m_lamp;
    QLabel *m_name;
    QLabel *m_place;
    QLabel *m_reason;
    QLabel *m_last;
    QLabel *m_score;
    QLabel *m_check;
};

} // namespace signalbox
