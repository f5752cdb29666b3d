// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/requests/inspectortext.h"

#include <QWidget>

class QGridLayout;
class QLabel;

namespace signalbox {

/// Names and values in two columns; the values can be selected.
class FactsView : public QWidget
{
    Q_OBJECT

public:
    explicit FactsView(QWidget *parent = nullptr);

    void setFacts(const Facts &facts);
    /// For tests and screen readers: empty if there is no such name.
    QString value(const QString &name) const;

private:
    void addRow();

    QGridLayout *m_layout;
    QList<std::pair<QLabel *, QLabel *>> m_rows; ///< more than are shown
    Facts m_facts;
};

} // namespace signalbox
