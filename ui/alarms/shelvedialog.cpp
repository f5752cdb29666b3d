// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/alarms/shelvedialog.h"

#include <QDateTimeEdit>
#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace signalbox {

namespace {

constexpr int furthestDays = 30; ///< what is to be silent for longer should be mended or disabled
constexpr int suggestedHours = 24;

} // namespace

ShelveDialog::ShelveDialog(const QString &what, const QDateTime &now, QWidget *parent)
    : QDialog(parent), m_until(new QDateTimeEdit(this))
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Shelve %1").arg(what));
    const QDateTime local = now.toLocalTime();
    m_until->setObjectName(QStringLiteral("shelveUntil"));
    m_until->setAccessibleName(tr("Silent until"));
    m_until->setCalendarPopup(true);
    m_until->setDisplayFormat(QStringLiteral("yyyy-MM-dd HH:mm"));
    m_until->setDateTimeRange(local.addSecs(60), local.addDays(furthestDays));
    m_until->setDateTime(local.addSecs(suggestedHours * 3600));
    auto *label = new QLabel(tr("&Silent until"), this);
    label->setBuddy(m_until);
    auto *consequence =
        new QLabel(tr("It is listed all the time, but neither told nor counted. If it still holds then, it is active "
                      "again."),
                   this);
    consequence->setWordWrap(true);
    consequence->setMinimumWidth(360);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    QPushButton *verb = buttons->addButton(tr("Shelve"), QDialogButtonBox::AcceptRole);
    verb->setObjectName(QStringLiteral("verb"));
    verb->setDefault(true);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto *row = new QHBoxLayout;
    row->addWidget(label);
    row->addWidget(m_until);
    row->addStretch(1);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 16, 16, 16);
    layout->setSpacing(12);
    layout->addWidget(consequence);
    layout->addLayout(row);
    layout->addWidget(buttons);
}

QDateTime ShelveDialog::until() const
{
    return m_until->dateTime();
}

} // namespace signalbox
