// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/requests/requestactions.h"

#include "ui/models/requesttext.h"
#include "ui/page/answer.h"
#include "ui/page/background.h"
#include "ui/page/commanddialog.h"
#include "ui/page/console.h"
#include "ui/requests/requestexport.h"
#include "ui/requests/requestinspector.h"
#include "ui/requests/requesttable.h"
#include "ui/style/format.h"

#include <QAction>
#include <QClipboard>
#include <QDir>
#include <QFileDialog>
#include <QGuiApplication>
#include <QMenu>
#include <QStandardPaths>

namespace signalbox {

namespace {

QString proxyUrl(const EngineSnapshot &snapshot)
{
    const ListenerSnapshot &listener = snapshot.listener;
    if (!listener.url.isEmpty())
        return listener.url;
    return QStringLiteral("http://%1:%2").arg(listener.address, QString::number(listener.port));
}

QString suggestedPath()
{
    const QString folder = QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation);
    return QDir(folder).filePath(QStringLiteral("signalbox-requests.har"));
}

} // namespace

RequestActions::RequestActions(Console &console, RequestTable &table, RequestInspector &inspector, QWidget *page)
    : QObject(page), m_console(console), m_table(table), m_inspector(inspector), m_page(page), m_menu(new QMenu(page)),
      m_copy(make(tr("&Copy as text"), QStringLiteral("copyRequest"), QKeySequence::Copy)),
      m_copyCurl(make(tr("Copy as c&URL"), QStringLiteral("copyCurl"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_C))),
      m_copyMarkdown(make(tr("Copy as &Markdown"), QStringLiteral("copyMarkdown"), {})),
      m_export(make(tr("&Export the shown requests…"), QStringLiteral("exportRequests"),
                    QKeySequence(Qt::CTRL | Qt::Key_E))),
      m_cancel(make(tr("Ca&ncel request…"), QStringLiteral("cancelRequest"), QKeySequence::Delete))
{
    // Ctrl+C belongs to a text where one has the focus.
    for (QAction *action : { m_copy, m_cancel })
        action->setShortcutContext(Qt::WidgetShortcut);
    table.addActions({ m_copy, m_cancel });
    page->addActions({ m_copyCurl, m_copyMarkdown, m_export });
    connect(m_copy, &QAction::triggered, this, &RequestActions::copyText);
    connect(m_copyCurl, &QAction::triggered, this, &RequestActions::copyCurl);
    connect(m_copyMarkdown, &QAction::triggered, this, &RequestActions::copyMarkdown);
    connect(m_export, &QAction::triggered, this, &RequestActions::askWhereTo);
    connect(m_cancel, &QAction::triggered, this, &RequestActions::cancelSelected);
    m_menu->addActions({ m_copy, m_copyCurl, m_copyMarkdown });
    m_menu->addSeparator();
    m_menu->addAction(m_cancel);
    m_menu->addSeparator();
    m_menu->addAction(m_export);
    update();
}

QAction *RequestActions::make(const QString &text, const QString &objectName, const QKeySequence &shortcut)
{
    auto *action = new QAction(text, this);
    action->setObjectName(objectName);
    action->setShortcut(shortcut);
    action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    return action;
}

void RequestActions::update()
{
    RequestModel &model = m_console.requests();
    const int row = m_table.selectedRow();
    m_copy->setEnabled(row >= 0);
    const RequestModel::RequestPtr request = model.request(row);
    m_copyCurl->setEnabled(request && !request->healthCheck);
    m_copyMarkdown->setEnabled(row >= 0);
    m_cancel->setEnabled(model.inFlight(row) != nullptr);
    m_export->setEnabled(model.finishedCount() > 0);
}

std::vector<RequestModel::RequestPtr> RequestActions::selectedRequests() const
{
    std::vector<RequestModel::RequestPtr> requests;
    const QList<int> rows = m_table.selectedRows();
    for (const int row : rows) {
        if (RequestModel::RequestPtr request = m_console.requests().request(row))
            requests.push_back(std::move(request));
    }
    return requests;
}

void RequestActions::copyText()
{
    QStringList lines;
    const QList<int> columns = m_table.shownColumns();
    const QList<int> rows = m_table.selectedRows();
    for (const int row : rows) {
        if (const InFlightRequest *flight = m_console.requests().inFlight(row))
            lines.append(rowText(*flight, columns));
        else
            lines.append(rowText(*m_console.requests().request(row), columns));
    }
    QGuiApplication::clipboard()->setText(lines.join(QLatin1Char('\n')));
    m_console.tell(tr("Copied %n request(s)", nullptr, static_cast<int>(lines.size())));
}

void RequestActions::copyCurl()
{
    const RequestModel::RequestPtr request = m_console.requests().request(m_table.selectedRow());
    if (!request)
        return;
    const EngineSnapshot &snapshot = *m_console.snapshot();
    const QByteArray body = m_inspector.capturedRequestBody();
    QGuiApplication::clipboard()->setText(
        curlCommand(*request, proxyUrl(snapshot), snapshot.listener.tokenRequired, body));
    m_console.tell(body.isEmpty() ? tr("Copied. The body was not kept: the command reads it from request.json.")
                                  : tr("Copied as cURL"));
}

void RequestActions::copyMarkdown()
{
    QGuiApplication::clipboard()->setText(markdownTable(selectedRequests(), m_table.shownColumns()));
    m_console.tell(tr("Copied as Markdown"));
}

void RequestActions::askWhereTo()
{
    const QString har = tr("HTTP archive (*.har)");
    const QString lines = tr("JSON lines (*.jsonl)");
    auto *dialog = new QFileDialog(m_page, tr("Export the shown requests"), suggestedPath());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilters({ har, lines });
    dialog->setDefaultSuffix(QStringLiteral("har"));
    connect(dialog, &QFileDialog::filterSelected, dialog, [dialog, lines](const QString &filter) {
        dialog->setDefaultSuffix(filter == lines ? QStringLiteral("jsonl") : QStringLiteral("har"));
    });
    connect(dialog, &QFileDialog::fileSelected, this, &RequestActions::exportTo);
    dialog->open();
}

void RequestActions::exportTo(const QString &path)
{
    std::vector<RequestModel::RequestPtr> requests = m_console.requests().shown();
    m_console.tell(tr("Writing %1 requests…").arg(formatCount(requests.size())));
    std::vector<std::uint64_t> sequences;
    if (exportFormatOf(path) == ExportFormat::Har) {
        for (const RequestModel::RequestPtr &request : requests)
            sequences.push_back(request->sequence);
    }
    onAnswer(m_console.engine().requestDetailsOf(sequences), this,
             [this, path, requests = std::move(requests)](const std::vector<RequestDetails> &details) {
                 write(path, requests, details);
             });
}

void RequestActions::write(const QString &path, const std::vector<RequestModel::RequestPtr> &requests,
                           const std::vector<RequestDetails> &details)
{
    const QString done =
        tr("Wrote %1 requests to %2").arg(formatCount(requests.size()), QDir::toNativeSeparators(path));
    const auto work = [path, requests, details] {
        return exportRequests(path, exportFormatOf(path), requests, details);
    };
    onAnswer(inBackground(work), this, [this, done](const Status &written) {
        if (written)
            m_console.tell(done);
        else
            m_console.reportFailure(written.error().reason);
    });
}

void RequestActions::cancelSelected()
{
    if (const InFlightRequest *flight = m_console.requests().inFlight(m_table.selectedRow()))
        cancel(flight->id);
}

void RequestActions::cancel(const QByteArray &id)
{
    CommandQuestion question;
    question.title = tr("Cancel this request?");
    question.consequence = tr("Its tool gets an error now. What the provider has done so far may be billed.");
    question.verb = tr("Cancel request");
    auto *dialog = new CommandDialog(question, m_page);
    connect(dialog, &QDialog::accepted, this, [this, id] { sendCancel(id); });
    dialog->open();
}

void RequestActions::sendCancel(const QByteArray &id)
{
    onAnswer(m_console.engine().cancelRequest(id), this, [this](const Status &status) {
        if (status)
            m_console.tell(tr("Request cancelled"));
        else
            m_console.reportFailure(status.error().reason);
    });
}

} // namespace signalbox
