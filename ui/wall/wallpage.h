// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/page/page.h"

class QLabel;
class QMenu;
class QStackedWidget;

namespace signalbox {

class ProviderDetail;
class ProviderTable;
class ThresholdPanel;

/// Is anything wrong? Every provider, and why the selected one is in its state.
class WallPage : public Page
{
    Q_OBJECT

public:
    explicit WallPage(Console &console, QWidget *parent = nullptr);

    void goTo(const PageTarget &target) override;
    PageTarget place() const override;

protected:
    void refresh() override;

private:
    QWidget *buildProviders();
    QWidget *buildThresholds();
    QLabel *heading(const QString &text);
    void showSelection();

    QMenu *m_menu;
    QLabel *m_heading = nullptr;
    QStackedWidget *m_stack = nullptr;
    QLabel *m_noProviders = nullptr;
    ProviderTable *m_table = nullptr;
    ProviderDetail *m_detail = nullptr;
    ThresholdPanel *m_thresholds = nullptr;
};

} // namespace signalbox
