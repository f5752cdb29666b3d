// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/firstrun/stepcard.h"

#include <QHBoxLayout>
#include <QLabel>

namespace signalbox {

StepCard::StepCard(int number, const QString &title, const Appearance &appearance, QWidget *parent)
    : Card(QString(), appearance, parent), m_number(number), m_name(title), m_heading(new QLabel(this)),
      m_state(new QLabel(this))
{
    m_heading->setObjectName(QStringLiteral("stepHeading"));
    QFont bold = m_heading->font();
    bold.setBold(true);
    m_heading->setFont(bold);
    m_state->setObjectName(QStringLiteral("stepState"));
    m_state->setForegroundRole(QPalette::PlaceholderText);
    m_state->setWordWrap(true);
    m_state->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto *row = new QHBoxLayout;
    row->setSpacing(12);
    row->addWidget(m_heading);
    row->addWidget(m_state, 1);
    body()->addLayout(row);
    setState(false, {});
}

void StepCard::setState(bool done, const QString &words)
{
    m_done = done;
    m_heading->setText(QStringLiteral("%1  %2").arg(done ? QStringLiteral("✓") : QString::number(m_number), m_name));
    m_state->setText(words);
    setAccessibleName(done ? tr("Step %1, done: %2").arg(m_number).arg(m_name)
                           : tr("Step %1: %2").arg(m_number).arg(m_name));
}

} // namespace signalbox
