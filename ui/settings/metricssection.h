// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/settings/section.h"

class QLabel;
class QPlainTextEdit;
class QPushButton;

namespace signalbox {

/// Where Prometheus finds the figures.
class MetricsSection : public Section
{
    Q_OBJECT

public:
    explicit MetricsSection(Console &console, QWidget *parent = nullptr);

    void refresh() override;

private:
    QString address() const;
    QString scrapeJob() const;

    QLabel *m_where;
    QPushButton *m_copyAddress;
    QPlainTextEdit *m_job;
};

} // namespace signalbox
