// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/page/console.h"
#include "ui/settings/field.h"

class QLineEdit;
class QPushButton;

namespace signalbox {

/// The access token that tools send: masked unless asked for, to copy, and to replace.
class TokenField : public Field
{
    Q_OBJECT

public:
    explicit TokenField(Console &console, QWidget *parent = nullptr);

    void refresh() override;

protected:
    void hideEvent(QHideEvent *event) override;

private:
    QPushButton *addButton(const QString &text, const char *objectName);
    void copy();
    void askToRegenerate();
    void regenerate();

    Console &m_console;
    QLineEdit *m_line;
    QPushButton *m_show;
    QPushButton *m_copy;
    QPushButton *m_regenerate;
};

/// Whether a tool must send it at all.
Field *makeTokenRequiredField(Console &console);

} // namespace signalbox
