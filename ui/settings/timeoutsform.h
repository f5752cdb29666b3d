// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/configuring.h"

#include <QWidget>

#include <vector>

class QCheckBox;
class QLabel;

namespace signalbox {

class NumberBox;

/// One provider's own timeouts; those that are not its own are the ones of all providers.
class TimeoutsForm : public QWidget
{
    Q_OBJECT

public:
    explicit TimeoutsForm(QWidget *parent = nullptr);

    /// global: what counts without an own value. own: member names such as "connectMs".
    void setTimeouts(const Timeouts &effective, const Timeouts &global, const QStringList &own);
    /// As chosen, with the global ones where there is none of its own.
    Timeouts timeouts() const;
    /// What makes the entry of that provider say it, and what takes it back.
    QList<SettingEdit> edits(const QString &provider) const;
    QList<SettingEdit> inverseEdits(const QString &provider) const;
    bool isEdited() const;

Q_SIGNALS:
    void edited();

private:
    struct Row
    {
        QString member;
        Milliseconds Timeouts::*value;
        QCheckBox *own;
        NumberBox *box;
        bool wasOwn = false;
        Milliseconds before { 0 };
    };

    bool differs(const Row &row) const;
    void showProblems();

    std::vector<Row> m_rows;
    Timeouts m_global;
    QLabel *m_problems;
};

} // namespace signalbox
