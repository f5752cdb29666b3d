// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/style/lamp.h"

#include <QFrame>

class QAction;
class QLabel;

namespace signalbox {

/// One line across the window that says what is wrong and offers what to do. Hidden without a text.
class Banner : public QFrame
{
    Q_OBJECT

public:
    Banner(const Appearance &appearance, LampShape shape, QWidget *parent = nullptr);

    /// A further button at its end.
    void addButton(QAction *action);
    void setText(const QString &text);
    QString text() const;

private:
    void applyTheme();

    const Appearance &m_appearance;
    LampWidget *m_lamp;
    QLabel *m_text;
};

} // namespace signalbox
