// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <QStringList>

class QLabel;

namespace signalbox {

class Appearance;
class LampWidget;

/// Says for which requests nothing would be left if one more provider failed. Hidden while there are none.
class FallbackNotice : public QFrame
{
    Q_OBJECT

public:
    explicit FallbackNotice(const Appearance &appearance, QWidget *parent = nullptr);

    void setWarnings(const QStringList &warnings, bool critical);

private:
    void applyTheme();

    const Appearance &m_appearance;
    LampWidget *m_lamp;
    QLabel *m_text;
};

} // namespace signalbox
