// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractButton>

namespace signalbox {

class Appearance;

/// A small button for one part of a choice. Checkable: stays on, told by a check mark besides its colour. Removable: a
/// click takes away what it names, told by a cross.
class Chip : public QAbstractButton
{
    Q_OBJECT

public:
    enum class Kind { Checkable, Removable };

    Chip(const QString &text, Kind kind, const Appearance &appearance, QWidget *parent = nullptr);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void paintMark(QPainter &painter, const QRectF &place, const QColor &color) const;
    bool hasMark() const { return m_kind == Kind::Removable || isChecked(); }

    const Appearance &m_appearance;
    Kind m_kind;
};

} // namespace signalbox
