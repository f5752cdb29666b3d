// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/toolfile.h"
#include "ui/connect/tools.h"
#include "ui/page/page.h"

#include <optional>

class QComboBox;
class QLabel;
class QListWidget;
class QPushButton;

namespace signalbox {

class LampWidget;
class TestCall;
class ToolView;

/// How to tell a tool to use the proxy, and whether it does.
class ConnectPage : public Page
{
    Q_OBJECT

public:
    explicit ConnectPage(Console &console, QWidget *parent = nullptr);
    ~ConnectPage() override;

    void goTo(const PageTarget &target) override;
    PageTarget place() const override;

protected:
    void refresh() override;
    void hideEvent(QHideEvent *event) override;

private:
    QWidget *buildTest();
    void buildList();
    QString currentId() const;
    const ConnectTool *currentTool() const;
    ConnectAddress address(const QString &token) const;
    void showTool();
    void askForLastRequest();
    void noteRequest(const RequestEvent &event);
    void showWaiting();
    void sendTest();
    void planFile();
    void writeFile(const ToolFilePlan &plan);
    void undoFile();

    std::vector<ConnectTool> m_tools; ///< with the real token
    QString m_builtFor; ///< the address and token that m_tools are for
    std::optional<RequestEvent> m_lastRequest; ///< of the current tool
    std::optional<ToolFilePlan> m_written; ///< can be taken back
    QString m_writtenFor; ///< the tool's id
    quint64 m_question = 0; ///< numbers the tools asked about, so that only the newest answer counts

    QListWidget *m_list;
    ToolView *m_view;
    QLabel *m_notListening;
    LampWidget *m_waitingLamp;
    QLabel *m_waiting;
    QComboBox *m_testKind = nullptr;
    QPushButton *m_test = nullptr;
    QLabel *m_testResult = nullptr;
    TestCall *m_call;
};

} // namespace signalbox
