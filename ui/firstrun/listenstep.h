// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/configuring.h"
#include "ui/firstrun/stepcard.h"

#include <QTimer>

class QLabel;
class QLineEdit;
class QPushButton;
class QSpinBox;

namespace signalbox {

class Console;
class LampWidget;

/// Where tools reach the proxy: checked as it is typed, then taken.
class ListenStep : public StepCard
{
    Q_OBJECT

public:
    ListenStep(int number, Console &console, QWidget *parent = nullptr);

    void refresh(const QString &fixedBecause);

protected:
    void hideEvent(QHideEvent *event) override;

private:
    QLayout *buildFields();
    void check();
    void showReport(const PlaceReport &report);
    void start();
    void started(const Status &status);
    bool isTyped() const;
    void showButtons();

    Console &m_console;
    QLineEdit *m_address;
    QSpinBox *m_port;
    LampWidget *m_lamp;
    QLabel *m_result;
    QPushButton *m_useFree;
    QPushButton *m_start;
    QTimer m_typing;
    PlaceReport m_report;
    QString m_shown; ///< the place of the engine that the fields were filled with
    quint64 m_question = 0;
    bool m_waiting = false;
    bool m_editable = true;
};

} // namespace signalbox
