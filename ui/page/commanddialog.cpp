// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/page/commanddialog.h"

#include "ui/style/format.h"

#include <QCheckBox>
#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

namespace signalbox {

namespace {

/// Long enough for most repairs, short enough that a forgotten override does not last the night.
constexpr int defaultMinutes = 15;
constexpr int maximumMinutes = 7 * 24 * 60;

} // namespace

CommandDialog::CommandDialog(const CommandQuestion &question, QWidget *parent) : QDialog(parent)
{
    setWindowTitle(question.title);
    setAttribute(Qt::WA_DeleteOnClose);
    auto *heading = new QLabel(question.title, this);
    QFont headingFont = font();
    headingFont.setPointSizeF(headingFont.pointSizeF() * 1.25);
    heading->setFont(headingFont);
    auto *consequence = new QLabel(question.consequence, this);
    consequence->setWordWrap(true);
    consequence->setMinimumWidth(400);

    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    QPushButton *verb = buttons->addButton(question.verb, QDialogButtonBox::AcceptRole);
    verb->setObjectName(QStringLiteral("verb"));
    verb->setDefault(true);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 16, 16, 16);
    layout->setSpacing(12);
    layout->addWidget(heading);
    layout->addWidget(consequence);
    if (question.duration != CommandQuestion::Duration::None)
        layout->addLayout(durationRow(question));
    layout->addSpacing(4);
    layout->addWidget(buttons);
    setAccessibleDescription(question.consequence);
}

QLayout *CommandDialog::durationRow(const CommandQuestion &question)
{
    m_minutes = new QSpinBox(this);
    m_minutes->setObjectName(QStringLiteral("minutes"));
    m_minutes->setRange(1, maximumMinutes);
    m_minutes->setValue(defaultMinutes);
    m_minutes->setSuffix(withUnit(QString(), tr("min")));
    m_minutes->setAccessibleName(tr("Duration in minutes"));
    auto *row = new QHBoxLayout;
    if (question.duration == CommandQuestion::Duration::Optional) {
        m_limited = new QCheckBox(question.durationLabel, this);
        m_limited->setObjectName(QStringLiteral("limited"));
        m_limited->setChecked(true);
        connect(m_limited, &QCheckBox::toggled, m_minutes, &QWidget::setEnabled);
        row->addWidget(m_limited);
    } else {
        auto *label = new QLabel(question.durationLabel, this);
        label->setBuddy(m_minutes);
        row->addWidget(label);
    }
    row->addWidget(m_minutes);
    row->addStretch(1);
    return row;
}

std::optional<Milliseconds> CommandDialog::duration() const
{
    if (!m_minutes || (m_limited && !m_limited->isChecked()))
        return std::nullopt;
    return std::chrono::minutes { m_minutes->value() };
}

} // namespace signalbox
