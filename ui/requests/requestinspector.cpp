// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/requests/requestinspector.h"

#include "ui/models/requestcells.h"
#include "ui/models/requestwords.h"
#include "ui/models/routingrows.h"
#include "ui/page/answer.h"
#include "ui/page/background.h"
#include "ui/requests/factsview.h"
#include "ui/requests/waterfallview.h"
#include "ui/style/format.h"
#include "ui/style/lamp.h"

#include <QFontDatabase>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QStackedWidget>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace signalbox {

namespace {

constexpr int padding = 12;
enum ResponseTab { prettyTab, rawTab, eventsTab };

QVBoxLayout *makeLayout(QWidget *widget)
{
    auto *layout = new QVBoxLayout(widget);
    layout->setContentsMargins(padding, padding, padding, padding);
    layout->setSpacing(8);
    return layout;
}

QLabel *makeNote(const QString &objectName, QWidget *parent)
{
    auto *note = new QLabel(parent);
    note->setObjectName(objectName);
    note->setWordWrap(true);
    note->setTextFormat(Qt::PlainText);
    note->setForegroundRole(QPalette::PlaceholderText);
    note->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return note;
}

QTreeWidget *makeTable(const QStringList &columns, const QString &name, const QString &objectName, QWidget *parent)
{
    auto *table = new QTreeWidget(parent);
    table->setObjectName(objectName);
    table->setAccessibleName(name);
    table->setHeaderLabels(columns);
    table->setRootIsDecorated(false);
    table->setUniformRowHeights(true);
    table->setFrameShape(QFrame::NoFrame);
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setTabKeyNavigation(false);
    table->header()->setSectionsMovable(false);
    table->header()->setStretchLastSection(true);
    return table;
}

void fitColumns(QTreeWidget *table)
{
    for (int column = 0; column + 1 < table->columnCount(); ++column)
        table->resizeColumnToContents(column);
}

QString notCaptured()
{
    return RequestInspector::tr("No body was kept. Bodies are not stored unless you ask for it: set capture.enabled, "
                                "for all or for one provider, in the settings. Keys in them are masked.");
}

} // namespace

RequestInspector::RequestInspector(Engine &engine, const Appearance &appearance, QWidget *parent)
    : QWidget(parent), m_engine(engine), m_appearance(appearance), m_stack(new QStackedWidget(this)),
      m_tabs(new QTabWidget(this))
{
    setObjectName(QStringLiteral("inspector"));
    m_tabs->setObjectName(QStringLiteral("inspectorTabs"));
    m_tabs->setDocumentMode(true);
    m_tabs->addTab(buildSummary(), tr("Summary"));
    m_tabs->addTab(buildRouting(), tr("Routing"));
    m_tabs->addTab(buildRequest(), tr("Request"));
    m_tabs->addTab(buildResponse(), tr("Response"));
    m_tabs->addTab(buildHeaders(), tr("Headers"));
    m_tabs->tabBar()->setAccessibleName(tr("Parts of the request"));
    auto *nothing = new QLabel(tr("Select a request to see how it went."), this);
    nothing->setAlignment(Qt::AlignCenter);
    nothing->setForegroundRole(QPalette::PlaceholderText);
    m_stack->addWidget(nothing);
    m_stack->addWidget(m_tabs);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_stack);
    clear();
}

QWidget *RequestInspector::buildSummary()
{
    auto *scroll = new QScrollArea(this);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setAccessibleName(tr("Summary"));
    auto *page = new QWidget(scroll);
    QVBoxLayout *layout = makeLayout(page);
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    m_lamp = new LampWidget(m_appearance, page);
    m_outcome = new QLabel(page);
    m_outcome->setObjectName(QStringLiteral("inspectorOutcome"));
    m_outcome->setWordWrap(true);
    m_outcome->setTextFormat(Qt::PlainText);
    m_outcome->setTextInteractionFlags(Qt::TextSelectableByMouse);
    QFont bold = m_outcome->font();
    bold.setBold(true);
    m_outcome->setFont(bold);
    m_cancel = new QPushButton(tr("Cancel request"), page);
    m_cancel->setObjectName(QStringLiteral("inspectorCancel"));
    connect(m_cancel, &QPushButton::clicked, this, [this] { Q_EMIT cancelRequested(m_flightId); });
    row->addWidget(m_lamp);
    row->addWidget(m_outcome, 1);
    row->addWidget(m_cancel);
    m_waterfall = new WaterfallView(m_appearance, page);
    m_facts = new FactsView(page);
    m_facts->setObjectName(QStringLiteral("summaryFacts"));
    layout->addLayout(row);
    layout->addWidget(m_waterfall);
    layout->addSpacing(4);
    layout->addWidget(m_facts);
    layout->addStretch(1);
    scroll->setWidget(page);
    return scroll;
}

QWidget *RequestInspector::buildRouting()
{
    m_routing = makeTable({ tr("Step"), tr("Provider"), tr("Decision"), tr("Score"), tr("Result"), tr("Why") },
                          tr("How the request found its provider"), QStringLiteral("routing"), this);
    return m_routing;
}

QPlainTextEdit *RequestInspector::textView(const QString &name, const QString &objectName)
{
    auto *view = new QPlainTextEdit(this);
    view->setObjectName(objectName);
    view->setAccessibleName(name);
    view->setReadOnly(true);
    view->setTabChangesFocus(true);
    view->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    view->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    view->setFrameShape(QFrame::NoFrame);
    return view;
}

QWidget *RequestInspector::buildRequest()
{
    auto *page = new QWidget(this);
    QVBoxLayout *layout = makeLayout(page);
    m_requestFacts = new FactsView(page);
    m_requestNote = makeNote(QStringLiteral("requestNote"), page);
    m_requestBody = textView(tr("Body of the request"), QStringLiteral("requestBody"));
    layout->addWidget(m_requestFacts);
    layout->addWidget(m_requestNote);
    layout->addWidget(m_requestBody, 1);
    layout->addStretch(0);
    return page;
}

QWidget *RequestInspector::buildResponse()
{
    auto *page = new QWidget(this);
    QVBoxLayout *layout = makeLayout(page);
    m_responseFacts = new FactsView(page);
    m_responseNote = makeNote(QStringLiteral("responseNote"), page);
    m_pretty = textView(tr("Body of the answer, indented"), QStringLiteral("responsePretty"));
    m_raw = textView(tr("Body of the answer as it came"), QStringLiteral("responseRaw"));
    auto *events = new QWidget(page);
    auto *eventsLayout = new QVBoxLayout(events);
    eventsLayout->setContentsMargins(0, 8, 0, 0);
    m_eventsNote = makeNote(QStringLiteral("eventsNote"), events);
    m_events = makeTable({ tr("At"), tr("Gap"), tr("Size"), tr("Event") }, tr("Events of the stream"),
                         QStringLiteral("streamEvents"), events);
    eventsLayout->addWidget(m_eventsNote);
    eventsLayout->addWidget(m_events, 1);
    m_responseTabs = new QTabWidget(page);
    m_responseTabs->setObjectName(QStringLiteral("responseTabs"));
    m_responseTabs->setDocumentMode(true);
    m_responseTabs->addTab(m_pretty, tr("Pretty"));
    m_responseTabs->addTab(m_raw, tr("Raw"));
    m_responseTabs->addTab(events, tr("Stream events"));
    m_responseTabs->tabBar()->setAccessibleName(tr("Views of the answer"));
    layout->addWidget(m_responseFacts);
    layout->addWidget(m_responseNote);
    layout->addWidget(m_responseTabs, 1);
    return page;
}

QWidget *RequestInspector::buildHeaders()
{
    auto *page = new QWidget(this);
    QVBoxLayout *layout = makeLayout(page);
    m_headersNote = makeNote(QStringLiteral("headersNote"), page);
    m_headers = textView(tr("Header fields"), QStringLiteral("headers"));
    layout->addWidget(m_headersNote);
    layout->addWidget(m_headers, 1);
    return page;
}

void RequestInspector::clear()
{
    m_request.reset();
    m_flightId.clear();
    m_captured.clear();
    m_stack->setCurrentIndex(0);
}

void RequestInspector::takeFocus()
{
    if (m_stack->currentIndex() == 1)
        m_tabs->tabBar()->setFocus(Qt::OtherFocusReason);
}

QByteArray RequestInspector::capturedRequestBody() const
{
    const CapturedContent *body = capturedOf(m_captured, CapturedContent::Kind::Request);
    return body && body->complete ? body->body : QByteArray();
}

void RequestInspector::setRequest(const RequestModel::RequestPtr &request)
{
    if (m_request && m_request->sequence == request->sequence)
        return;
    setUpdatesEnabled(false); // one picture of the old request, then one of the new
    m_request = request;
    m_flightId.clear();
    m_captured.clear();
    m_lamp->setShape(outcomeLamp(*request).value_or(LampShape::Circle));
    m_outcome->setText(outcomeWords(*request));
    m_cancel->hide();
    m_facts->setFacts(summaryFacts(*request));
    m_waterfall->setRequest(request.get());
    m_requestFacts->setFacts(requestFacts(*request, nullptr));
    m_responseFacts->setFacts(responseFacts(*request));
    m_requestNote->setText(tr("Asking the engine…"));
    m_responseNote->setText(tr("Asking the engine…"));
    m_headersNote->setText(tr("Asking the engine…"));
    for (QPlainTextEdit *view : { m_requestBody, m_pretty, m_raw, m_headers })
        view->clear();
    showRouting(nullptr);
    showEvents(nullptr);
    m_responseTabs->setTabVisible(prettyTab, false);
    m_responseTabs->setTabVisible(rawTab, false);
    m_responseTabs->setTabVisible(eventsTab, request->stream);
    m_responseTabs->setVisible(request->stream);
    m_stack->setCurrentIndex(1);
    setUpdatesEnabled(true);
    if (request->healthCheck)
        showHealthCheckNote();
    else
        ask(request->sequence);
}

void RequestInspector::setInFlight(const InFlightRequest &request)
{
    const bool fresh = m_flightId != request.id;
    m_request.reset();
    m_captured.clear();
    m_flightId = request.id;
    m_lamp->setShape(LampShape::Diamond);
    m_outcome->setText(flightWords(request));
    m_cancel->show();
    Facts facts { { tr("Time"), request.at.toLocalTime().toString(QStringLiteral("yyyy-MM-dd HH:mm:ss.zzz")) },
                  { tr("Elapsed"), formatSpan(request.elapsed) },
                  { tr("Client"), QString::fromUtf8(request.userAgent) },
                  { tr("Model"), QString::fromUtf8(request.model) },
                  { tr("Received from client"), QLocale().formattedDataSize(request.bytesFromClient) },
                  { tr("Sent to client"), QLocale().formattedDataSize(request.bytesToClient) },
                  { tr("Id"), QString::fromLatin1(request.id) } };
    m_facts->setFacts(facts);
    if (!fresh)
        return;
    const QString later = tr("It is still in flight; this is known when it has ended.");
    m_waterfall->setRequest(nullptr);
    m_routing->clear();
    m_requestFacts->setFacts(
        { { tr("Request"),
            QStringLiteral("%1 %2").arg(QString::fromLatin1(request.method), QString::fromUtf8(request.path)) } });
    m_responseFacts->setFacts({});
    for (QLabel *note : { m_requestNote, m_responseNote, m_headersNote })
        note->setText(later);
    for (QPlainTextEdit *view : { m_requestBody, m_pretty, m_raw, m_headers })
        view->clear();
    showEvents(nullptr);
    m_stack->setCurrentIndex(1);
}

void RequestInspector::ask(std::uint64_t sequence)
{
    const auto isCurrent = [this, sequence] { return m_request && m_request->sequence == sequence; };
    onAnswer(m_engine.requestDetails(sequence), this, [this, isCurrent](const Result<RequestDetails> &details) {
        if (!isCurrent())
            return;
        if (details)
            show(details.value());
        else
            showDetailsProblem(details.error().reason);
    });
    onAnswer(m_engine.capturedBody(sequence), this,
             [this, isCurrent](const Result<std::vector<CapturedContent>> &captured) {
                 if (!isCurrent())
                     return;
                 m_captured = captured ? captured.value() : std::vector<CapturedContent>();
                 showCaptured();
                 if (!captured)
                     m_responseNote->setText(captured.error().reason + QLatin1Char('\n') + notCaptured());
             });
}

void RequestInspector::show(const RequestDetails &details)
{
    showRouting(&details);
    showEvents(&details);
    m_requestFacts->setFacts(requestFacts(*m_request, &details));
    m_headersNote->setText(tr("Keys, tokens and cookies are masked."));
    m_headers->setPlainText(headersText(details));
}

void RequestInspector::showDetailsProblem(const QString &reason)
{
    m_headersNote->setText(reason);
    m_eventsNote->setText(reason);
    m_eventsNote->show();
}

void RequestInspector::showHealthCheckNote()
{
    for (QLabel *note : { m_requestNote, m_responseNote, m_headersNote }) {
        note->setText(tr("A health check is the engine's own; its header fields and body are not kept."));
        note->show();
    }
    m_requestBody->hide();
}

void RequestInspector::showRouting(const RequestDetails *details)
{
    m_routing->clear();
    int step = 0;
    for (const RoutingRow &row : routingRows(*m_request, details)) {
        const QString score = row.score ? QLocale().toString(*row.score, 'f', 0) : noValue();
        auto *item = new QTreeWidgetItem(
            m_routing, { QString::number(++step), row.provider, row.decision, score, row.result, row.why });
        item->setTextAlignment(3, Qt::AlignRight | Qt::AlignVCenter);
        item->setToolTip(5, row.why);
    }
    fitColumns(m_routing);
}

void RequestInspector::showEvents(const RequestDetails *details)
{
    m_events->clear();
    m_eventsNote->clear();
    m_eventsNote->setVisible(details && details->furtherEvents > 0);
    if (!details)
        return;
    if (details->furtherEvents > 0)
        m_eventsNote->setText(tr("The first %1 events; %2 more came.")
                                  .arg(formatCount(details->events.size()), formatCount(details->furtherEvents)));
    std::chrono::microseconds last { 0 };
    for (const StreamEventDetails &event : details->events) {
        const QString gap = m_events->topLevelItemCount() == 0 ? noValue() : timeText(event.at - last);
        auto *item = new QTreeWidgetItem(m_events,
                                         { timeText(event.at), gap, QLocale().formattedDataSize(event.bytes),
                                           event.name.isEmpty() ? tr("(no name)") : QString::fromUtf8(event.name) });
        for (int column = 0; column < 3; ++column)
            item->setTextAlignment(column, Qt::AlignRight | Qt::AlignVCenter);
        last = event.at;
    }
    fitColumns(m_events);
}

void RequestInspector::showCaptured()
{
    showBody(m_requestBody, m_requestNote, CapturedContent::Kind::Request);
    showBody(m_pretty, m_responseNote, CapturedContent::Kind::Answer);
    const CapturedContent *answer = capturedOf(m_captured, CapturedContent::Kind::Answer);
    m_raw->setPlainText(answer ? rawBody(answer->body) : QString());
    m_responseTabs->setTabVisible(prettyTab, answer);
    m_responseTabs->setTabVisible(rawTab, answer);
    m_responseTabs->setVisible(answer || m_request->stream);
}

/// Indented on another thread: a body may be large.
void RequestInspector::showBody(QPlainTextEdit *view, QLabel *note, CapturedContent::Kind kind)
{
    const CapturedContent *content = capturedOf(m_captured, kind);
    note->setVisible(!content || !content->complete);
    if (view == m_requestBody)
        view->setVisible(content);
    if (!content) {
        note->setText(notCaptured());
        return;
    }
    note->setText(tr("Only the first %1 were kept.").arg(QLocale().formattedDataSize(content->body.size())));
    const std::uint64_t sequence = m_request->sequence;
    onAnswer(inBackground([body = content->body] { return prettyBody(body); }), this,
             [this, view, sequence](const QString &text) {
                 if (m_request && m_request->sequence == sequence)
                     view->setPlainText(text);
             });
}

} // namespace signalbox
