// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

class QLabel;
class QVBoxLayout;

namespace signalbox {

class Appearance;

/// A surface with a title, for one thing of a page. Without a title it begins with its body.
class Card : public QFrame
{
    Q_OBJECT

public:
    Card(const QString &title, const Appearance &appearance, QWidget *parent = nullptr);

    void setTitle(const QString &title);
    /// What stands below the title.
    QVBoxLayout *body() const { return m_body; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void applyTheme();

    const Appearance &m_appearance;
    QLabel *m_title;
    QVBoxLayout *m_body;
};

} // namespace signalbox
