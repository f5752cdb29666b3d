// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/snapshot.h"

#include <QStatusBar>

class QLabel;

namespace signalbox {

/// What is always visible: where the proxy listens, what it does, how old the figures are.
class StatusLine : public QStatusBar
{
    Q_OBJECT

public:
    explicit StatusLine(QWidget *parent = nullptr);

    void showSnapshot(const EngineSnapshot &snapshot);
    void showAge(Milliseconds age, bool stale);

private:
    QLabel *addPart(const QString &objectName);
    static void setPart(QLabel *label, const QString &text);

    QLabel *m_listening;
    QLabel *m_inFlight;
    QLabel *m_requests;
    QLabel *m_failed;
    QLabel *m_age;
};

} // namespace signalbox
