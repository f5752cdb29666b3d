// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/requestevent.h"
#include "ui/connect/tools.h"
#include "ui/firstrun/stepcard.h"

#include <optional>
#include <vector>

class QComboBox;
class QLabel;

namespace signalbox {

class Console;
class LampWidget;
class ToolView;

/// Tells a tool to use the proxy, and waits for its first request.
class ToolStep : public StepCard
{
    Q_OBJECT

public:
    ToolStep(int number, Console &console, QWidget *parent = nullptr);
    ~ToolStep() override;

    void refresh();

private:
    ConnectAddress address(const QString &token) const;
    void showTool();
    void askForRequests();
    void note(const RequestEvent &event);
    void showWaiting();

    Console &m_console;
    std::vector<ConnectTool> m_tools; ///< with the real token
    QString m_builtFor; ///< the address and token that m_tools are for
    std::optional<RequestEvent> m_first;
    QComboBox *m_tool;
    ToolView *m_view;
    LampWidget *m_lamp;
    QLabel *m_waiting;
};

} // namespace signalbox
