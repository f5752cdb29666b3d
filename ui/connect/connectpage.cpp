// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/connect/connectpage.h"

#include "ui/connect/testcall.h"
#include "ui/connect/toolfiledialog.h"
#include "ui/connect/toolview.h"
#include "ui/models/requestwords.h"
#include "ui/page/answer.h"
#include "ui/style/appearance.h"
#include "ui/style/lamp.h"

#include <QComboBox>
#include <QDir>
#include <QHBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QtConcurrentRun>

#include <algorithm>

namespace signalbox {

namespace {

constexpr int idRole = Qt::UserRole;
constexpr int rowHeight = 26;
const QString dots = QString(8, QChar(0x2022));

Dialect dialectOf(const ConnectTool &tool)
{
    if (tool.id.startsWith(QLatin1String("claude")) || tool.id.startsWith(QLatin1String("anthropic")))
        return Dialect::Anthropic;
    if (tool.id.startsWith(QLatin1String("g"))) // gemini-cli, google-sdk
        return Dialect::Gemini;
    return Dialect::OpenAi;
}

/// What clients ask for most, else a well-known name.
QString usualModel(const EngineSnapshot &snapshot, Dialect dialect, const QString &otherwise)
{
    QString best = otherwise;
    std::uint64_t most = 0;
    for (const ProviderSnapshot &provider : snapshot.providers) {
        if (provider.dialect != dialect)
            continue;
        for (const ModelTotals &model : provider.totals.models) {
            if (model.outcomes.success > most && !model.model.isEmpty() && model.model != QLatin1String("other")) {
                most = model.outcomes.success;
                best = model.model;
            }
        }
    }
    return best;
}

} // namespace

ConnectPage::ConnectPage(Console &console, QWidget *parent)
    : Page(console, parent), m_list(new QListWidget(this)), m_view(new ToolView(this)),
      m_notListening(new QLabel(this)), m_waitingLamp(new LampWidget(console.appearance(), this)),
      m_waiting(new QLabel(this)), m_call(new TestCall(this))
{
    m_list->setObjectName(QStringLiteral("tools"));
    m_list->setAccessibleName(tr("Tools"));
    m_list->setFixedWidth(220);
    m_notListening->setObjectName(QStringLiteral("connectNotListening"));
    m_notListening->setWordWrap(true);
    m_waiting->setObjectName(QStringLiteral("waitingForTool"));
    m_waiting->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_waiting->setWordWrap(true);
    auto *waiting = new QHBoxLayout;
    waiting->setSpacing(8);
    waiting->addWidget(m_waitingLamp);
    waiting->addWidget(m_waiting, 1);
    auto *right = new QVBoxLayout;
    right->setSpacing(12);
    right->addWidget(m_notListening);
    right->addWidget(m_view, 1);
    right->addLayout(waiting);
    right->addWidget(buildTest());
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(16, 12, 16, 12);
    layout->setSpacing(16);
    layout->addWidget(m_list);
    layout->addLayout(right, 1);
    setFocusProxy(m_list);

    connect(m_list, &QListWidget::currentItemChanged, this, &ConnectPage::showTool);
    connect(m_view, &ToolView::showTokenChanged, this, &ConnectPage::showTool);
    connect(m_view, &ToolView::copied, this,
            [this](const QString &title) { this->console().tell(tr("Copied the text for %1.").arg(title)); });
    connect(m_view, &ToolView::writeRequested, this, &ConnectPage::planFile);
    connect(m_view, &ToolView::undoRequested, this, &ConnectPage::undoFile);
    connect(m_call, &TestCall::finished, this, [this](bool good, const QString &text) {
        m_test->setEnabled(true);
        m_testResult->setText((good ? QStringLiteral("✓ ") : QStringLiteral("✗ ")) + text);
    });
}

ConnectPage::~ConnectPage() = default;

QWidget *ConnectPage::buildTest()
{
    auto *part = new QWidget(this);
    auto *label = new QLabel(tr("T&est:"), part);
    m_testKind = new QComboBox(part);
    m_testKind->setObjectName(QStringLiteral("testKind"));
    m_testKind->setAccessibleName(tr("What the test asks for"));
    m_testKind->addItems({ tr("List the models (costs nothing)"), tr("Ask a model for one word") });
    label->setBuddy(m_testKind);
    m_test = new QPushButton(tr("&Send test request"), part);
    m_test->setObjectName(QStringLiteral("sendTest"));
    m_testResult = new QLabel(part);
    m_testResult->setObjectName(QStringLiteral("testResult"));
    m_testResult->setWordWrap(true);
    m_testResult->setTextInteractionFlags(Qt::TextSelectableByMouse);
    connect(m_test, &QPushButton::clicked, this, &ConnectPage::sendTest);
    auto *layout = new QHBoxLayout(part);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(label);
    layout->addWidget(m_testKind);
    layout->addWidget(m_test);
    layout->addWidget(m_testResult, 1);
    return part;
}

void ConnectPage::buildList()
{
    const QString current = currentId();
    const QSignalBlocker quiet(m_list);
    m_list->clear();
    QString group;
    for (const ConnectTool &tool : m_tools) {
        if (tool.group != group) {
            group = tool.group;
            auto *heading = new QListWidgetItem(group, m_list);
            heading->setFlags(Qt::NoItemFlags);
            heading->setSizeHint(QSize(0, rowHeight));
            QFont bold = font();
            bold.setBold(true);
            heading->setFont(bold);
        }
        auto *item = new QListWidgetItem(tool.name, m_list);
        item->setData(idRole, tool.id);
        item->setSizeHint(QSize(0, rowHeight));
        if (tool.id == current || (current.isEmpty() && !m_list->currentItem()))
            m_list->setCurrentItem(item);
    }
}

QString ConnectPage::currentId() const
{
    const QListWidgetItem *item = m_list->currentItem();
    return item ? item->data(idRole).toString() : QString();
}

const ConnectTool *ConnectPage::currentTool() const
{
    const QString id = currentId();
    const auto found =
        std::find_if(m_tools.begin(), m_tools.end(), [&](const ConnectTool &tool) { return tool.id == id; });
    return found == m_tools.end() ? nullptr : &*found;
}

ConnectAddress ConnectPage::address(const QString &token) const
{
    return { snapshot().listener.url, token, usualModel(snapshot(), Dialect::OpenAi, QStringLiteral("gpt-4o-mini")),
             usualModel(snapshot(), Dialect::Anthropic, QStringLiteral("claude-sonnet-4-5")),
             usualModel(snapshot(), Dialect::Gemini, QStringLiteral("gemini-2.5-flash")) };
}

void ConnectPage::refresh()
{
    connect(&console().engine(), &Engine::requestFinished, this, &ConnectPage::noteRequest, Qt::UniqueConnection);
    const bool listens = snapshot().listener.state == ListenState::Listening;
    m_notListening->setVisible(!listens);
    m_notListening->setText(
        tr("The proxy does not listen, so these texts would not work yet. Start it with Ctrl+Shift+P. %1")
            .arg(snapshot().listener.error));
    const QString token = QString::fromLatin1(console().engine().accessToken().reveal());
    const ConnectAddress real = address(token);
    const QString builtFor =
        QStringList { real.url, token, real.openAiModel, real.anthropicModel, real.geminiModel }.join(
            QLatin1Char('\n'));
    if (builtFor == m_builtFor)
        return;
    m_builtFor = builtFor;
    m_tools = connectTools(real);
    m_view->setHasToken(!token.isEmpty());
    buildList();
    showTool();
}

void ConnectPage::hideEvent(QHideEvent *event)
{
    Page::hideEvent(event);
    disconnect(&console().engine(), &Engine::requestFinished, this, &ConnectPage::noteRequest);
}

void ConnectPage::goTo(const PageTarget &target)
{
    refresh();
    for (int row = 0; row < m_list->count(); ++row) {
        if (!target.item.isEmpty() && m_list->item(row)->data(idRole).toString() == target.item)
            m_list->setCurrentRow(row);
    }
}

PageTarget ConnectPage::place() const
{
    PageTarget target;
    target.page = PageId::Connect;
    target.item = currentId();
    return target;
}

void ConnectPage::showTool()
{
    const ConnectTool *real = currentTool();
    if (!real)
        return;
    ConnectTool shown = *real;
    const QString token = QString::fromLatin1(console().engine().accessToken().reveal());
    if (!token.isEmpty() && !m_view->mayShowToken()) {
        for (Snippet &snippet : shown.snippets)
            snippet.text.replace(token, dots);
    }
    m_view->showTool(shown, *real);
    m_view->setCanUndo(m_written && m_writtenFor == real->id);
    m_testResult->clear();
    m_lastRequest.reset();
    showWaiting();
    askForLastRequest();
}

void ConnectPage::askForLastRequest()
{
    const ConnectTool *tool = currentTool();
    const quint64 question = ++m_question;
    if (!tool || tool->clients.isEmpty())
        return;
    RequestQuery query;
    query.limit = 1;
    if (const auto filter = Filter::parse(QStringLiteral("client:") + tool->clients.join(QLatin1Char(','))))
        query.filter = filter.value();
    onAnswer(console().engine().requests(query), this, [this, question](const RequestPage &page) {
        if (question == m_question && !page.requests.empty())
            noteRequest(page.requests.front());
    });
}

void ConnectPage::noteRequest(const RequestEvent &event)
{
    const ConnectTool *tool = currentTool();
    if (!tool || !tool->clients.contains(QString::fromLatin1(event.userAgent)))
        return;
    if (m_lastRequest && m_lastRequest->sequence > event.sequence)
        return;
    m_lastRequest = event;
    showWaiting();
}

void ConnectPage::showWaiting()
{
    const ConnectTool *tool = currentTool();
    const bool canTell = tool && !tool->clients.isEmpty();
    m_waiting->setVisible(canTell);
    m_waitingLamp->setVisible(canTell);
    if (!canTell)
        return;
    if (!m_lastRequest) {
        m_waitingLamp->setShape(LampShape::DashedCircle);
        m_waiting->setText(tr("Waiting for the first request of %1…").arg(tool->name));
        return;
    }
    const bool good = m_lastRequest->end == RequestEvent::End::Completed;
    m_waitingLamp->setShape(good ? LampShape::Circle : LampShape::Triangle);
    m_waiting->setText((good ? QStringLiteral("✓ ") : QString()) +
                       tr("%1 at %2: %3")
                           .arg(QString::fromLatin1(m_lastRequest->userAgent),
                                m_lastRequest->at.toLocalTime().toString(QStringLiteral("HH:mm:ss")),
                                outcomeWords(*m_lastRequest)));
}

void ConnectPage::sendTest()
{
    const ConnectTool *tool = currentTool();
    if (!tool)
        return;
    TestCall::Target target;
    target.url = snapshot().listener.url;
    target.token = console().engine().accessToken();
    target.dialect = dialectOf(*tool);
    if (m_testKind->currentIndex() == 1) {
        const ConnectAddress known = address({});
        target.model = target.dialect == Dialect::OpenAi ? known.openAiModel
            : target.dialect == Dialect::Anthropic       ? known.anthropicModel
                                                         : known.geminiModel;
    }
    m_test->setEnabled(false);
    m_testResult->setText(tr("Waiting for the answer…"));
    m_call->start(target);
}

void ConnectPage::planFile()
{
    const ConnectTool *tool = currentTool();
    if (!tool)
        return;
    const QString token = QString::fromLatin1(console().engine().accessToken().reveal());
    const ToolFileValues values { snapshot().listener.url, token, address({}).openAiModel };
    const ToolFileKind kind = tool->file;
    onAnswer(QtConcurrent::run([kind, values] { return planToolFile(kind, QDir::homePath(), values); }), this,
             [this, token](const Result<ToolFilePlan> &plan) {
                 if (!plan)
                     return console().reportFailure(plan.error().reason);
                 if (plan.value().changesNothing())
                     return console().tell(tr("%1 says so already.").arg(plan.value().path));
                 auto *dialog = new ToolFileDialog(plan.value(), token, console().appearance(), this);
                 connect(dialog, &QDialog::accepted, this, [this, plan] { writeFile(plan.value()); });
                 dialog->open();
             });
}

void ConnectPage::writeFile(const ToolFilePlan &plan)
{
    const QString tool = currentId();
    onAnswer(QtConcurrent::run([plan] { return writeToolFile(plan, QDateTime::currentDateTime()); }), this,
             [this, plan, tool](const Result<QString> &backup) {
                 if (!backup)
                     return console().reportFailure(backup.error().reason);
                 m_written = plan;
                 m_writtenFor = tool;
                 m_view->setCanUndo(currentId() == tool);
                 console().tell(backup.value().isEmpty()
                                    ? tr("Wrote %1.").arg(plan.path)
                                    : tr("Wrote %1; the old one is %2.").arg(plan.path, backup.value()));
             });
}

void ConnectPage::undoFile()
{
    if (!m_written)
        return;
    const ToolFilePlan plan = *m_written;
    onAnswer(QtConcurrent::run([plan] { return undoToolFile(plan); }), this, [this, plan](const Status &status) {
        if (!status)
            return console().reportFailure(status.error().reason);
        m_written.reset();
        m_view->setCanUndo(false);
        console().tell(tr("%1 is as it was before.").arg(plan.path));
    });
}

} // namespace signalbox
