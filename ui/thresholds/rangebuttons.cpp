// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/thresholds/rangebuttons.h"

#include <QAction>
#include <QHBoxLayout>
#include <QPushButton>

namespace signalbox {

RangeButtons::RangeButtons(const QList<QAction *> &actions, const QString &prefix, QWidget *parent) : QWidget(parent)
{
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(4);
    int number = 0;
    for (QAction *action : actions) {
        auto *button = new QPushButton(action->data().toString(), this);
        button->setObjectName(QStringLiteral("%1%2Button").arg(prefix).arg(++number));
        button->setFixedWidth(button->fontMetrics().horizontalAdvance(button->text()) + 28);
        button->setAccessibleName(action->iconText());
        button->setToolTip(QStringLiteral("%1 (%2)").arg(action->iconText(), action->shortcut().toString()));
        button->setCheckable(true);
        button->setChecked(action->isChecked());
        connect(button, &QPushButton::clicked, action, [action, button] {
            action->trigger();
            button->setChecked(action->isChecked());
        });
        connect(action, &QAction::toggled, button, &QPushButton::setChecked);
        row->addWidget(button);
    }
}

} // namespace signalbox
