// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/page/page.h"

class QLabel;
class QPushButton;

namespace signalbox {

class ListenStep;
class ProviderStep;
class ToolStep;

/// From nothing to the first request in three steps, in any order. Stands for the wall while there is no provider.
class FirstRunPage : public Page
{
    Q_OBJECT

public:
    explicit FirstRunPage(Console &console, QWidget *parent = nullptr);

    PageTarget place() const override;

protected:
    void refresh() override;

private:
    QLayout *buildHead();
    void openWall();

    QLabel *m_intro;
    QPushButton *m_demo;
    QPushButton *m_wall;
    ProviderStep *m_provider;
    ListenStep *m_listen;
    ToolStep *m_tool;
};

} // namespace signalbox
