// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>

namespace signalbox {

class Appearance;

/// A short text on a patch of grey, for what holds for the whole window.
class Tag : public QLabel
{
    Q_OBJECT

public:
    Tag(const QString &text, const Appearance &appearance, QWidget *parent = nullptr);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    const Appearance &m_appearance;
};

} // namespace signalbox
