// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/engine.h"
#include "ui/models/requestmodel.h"

#include <QTabWidget>

#include <memory>

class QLabel;
class QPlainTextEdit;
class QPushButton;
class QStackedWidget;
class QTreeWidget;

namespace signalbox {

class Appearance;
class FactsView;
class LampWidget;
class WaterfallView;

/// Everything about one request. A new request replaces what every tab shows in one go; what the engine has to be asked
/// for comes later and only if the request is still the same.
class RequestInspector : public QWidget
{
    Q_OBJECT

public:
    RequestInspector(Engine &engine, const Appearance &appearance, QWidget *parent = nullptr);

    void setRequest(const RequestModel::RequestPtr &request);
    /// Again and again, as it goes on.
    void setInFlight(const InFlightRequest &request);
    void clear();
    /// Of the request that is shown; empty if nothing was captured or it is not here yet.
    QByteArray capturedRequestBody() const;
    /// Into the tab that is shown.
    void takeFocus();

Q_SIGNALS:
    void cancelRequested(const QByteArray &id);

private:
    QWidget *buildSummary();
    QWidget *buildRouting();
    QWidget *buildRequest();
    QWidget *buildResponse();
    QWidget *buildHeaders();
    QPlainTextEdit *textView(const QString &name, const QString &objectName);
    void ask(std::uint64_t sequence);
    void show(const RequestDetails &details);
    void showHealthCheckNote();
    void showDetailsProblem(const QString &reason);
    void showRouting(const RequestDetails *details);
    void showEvents(const RequestDetails *details);
    void showCaptured();
    void showBody(QPlainTextEdit *view, QLabel *note, CapturedContent::Kind kind);

    Engine &m_engine;
    const Appearance &m_appearance;
    RequestModel::RequestPtr m_request; ///< null: none, or in flight
    QByteArray m_flightId;
    std::vector<CapturedContent> m_captured;
    QStackedWidget *m_stack;
    QTabWidget *m_tabs;
    LampWidget *m_lamp = nullptr;
    QLabel *m_outcome = nullptr;
    QPushButton *m_cancel = nullptr;
    FactsView *m_facts = nullptr;
    WaterfallView *m_waterfall = nullptr;
    QTreeWidget *m_routing = nullptr;
    FactsView *m_requestFacts = nullptr;
    QLabel *m_requestNote = nullptr;
    QPlainTextEdit *m_requestBody = nullptr;
    FactsView *m_responseFacts = nullptr;
    QLabel *m_responseNote = nullptr;
    QTabWidget *m_responseTabs = nullptr;
    QPlainTextEdit *m_pretty = nullptr;
    QPlainTextEdit *m_raw = nullptr;
    QTreeWidget *m_events = nullptr;
    QLabel *m_eventsNote = nullptr;
    QLabel *m_headersNote = nullptr;
    QPlainTextEdit *m_headers = nullptr;
};

} // namespace signalbox
