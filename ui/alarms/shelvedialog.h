// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDateTime>
#include <QDialog>

class QDateTimeEdit;

namespace signalbox {

/// Until when alarms are to be silent.
class ShelveDialog : public QDialog
{
    Q_OBJECT

public:
    /// what: "provider_open/alpha" or "3 alarms".
    ShelveDialog(const QString &what, const QDateTime &now, QWidget *parent = nullptr);

    QDateTime until() const;

private:
    QDateTimeEdit *m_until;
};

} // namespace signalbox
