// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/firstrun/toolstep.h"

#include "ui/connect/toolview.h"
#include "ui/models/requestwords.h"
#include "ui/page/answer.h"
#include "ui/page/console.h"
#include "ui/style/lamp.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>

#include <algorithm>

namespace signalbox {

ToolStep::ToolStep(int number, Console &console, QWidget *parent)
    : StepCard(number, tr("Connect a tool"), console.appearance(), parent), m_console(console),
      m_tool(new QComboBox(this)), m_view(new ToolView(this)), m_lamp(new LampWidget(console.appearance(), this)),
      m_waiting(new QLabel(this))
{
    m_tool->setObjectName(QStringLiteral("firstTool"));
    m_waiting->setObjectName(QStringLiteral("firstRequest"));
    m_waiting->setWordWrap(true);
    m_waiting->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto *label = new QLabel(tr("T&ool:"), this);
    label->setBuddy(m_tool);
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(label);
    row->addWidget(m_tool);
    row->addSpacing(8);
    row->addWidget(m_lamp);
    row->addWidget(m_waiting, 1);
    body()->addLayout(row);
    body()->addWidget(m_view, 1);
    connect(m_tool, &QComboBox::currentIndexChanged, this, &ToolStep::showTool);
    connect(m_view, &ToolView::showTokenChanged, this, &ToolStep::showTool);
    connect(m_view, &ToolView::copied, this,
            [this](const QString &title) { m_console.tell(tr("Copied the text for %1.").arg(title)); });
    // Its own page shows what would change before it writes.
    connect(m_view, &ToolView::writeRequested, this, [this] {
        PageTarget target;
        target.page = PageId::Connect;
        target.item = m_tool->currentData().toString();
        m_console.open(target);
    });
    // Also while another page is shown: the step is done whenever the first request comes.
    connect(&console.engine(), &Engine::requestFinished, this, &ToolStep::note);
    askForRequests();
}

ToolStep::~ToolStep() = default;

ConnectAddress ToolStep::address(const QString &token) const
{
    return { m_console.snapshot()->listener.url, token, QStringLiteral("gpt-4o-mini"),
             QStringLiteral("claude-sonnet-4-5"), QStringLiteral("gemini-2.5-flash") };
}

void ToolStep::refresh()
{
    const QString token = QString::fromLatin1(m_console.engine().accessToken().reveal());
    const ConnectAddress real = address(token);
    const QString builtFor = real.url + QLatin1Char('\n') + token;
    if (builtFor != m_builtFor) {
        m_builtFor = builtFor;
        m_tools = connectTools(real);
        const QSignalBlocker quiet(m_tool);
        const int current = std::max(0, m_tool->currentIndex());
        m_tool->clear();
        for (const ConnectTool &tool : m_tools)
            m_tool->addItem(tool.name, tool.id);
        m_tool->setCurrentIndex(current);
        m_view->setHasToken(!token.isEmpty());
        showTool();
    }
    m_view->setEnabled(m_console.snapshot()->listener.state == ListenState::Listening);
    showWaiting();
}

void ToolStep::showTool()
{
    const auto at = static_cast<std::size_t>(std::max(0, m_tool->currentIndex()));
    if (at >= m_tools.size())
        return;
    const QString dots(8, QChar(0x2022));
    const bool hide = !m_view->mayShowToken() && !m_console.engine().accessToken().isEmpty();
    const std::vector<ConnectTool> shown = hide ? connectTools(address(dots)) : m_tools;
    m_view->showTool(shown[at], m_tools[at]);
}

void ToolStep::askForRequests()
{
    RequestQuery query;
    query.limit = 1;
    onAnswer(m_console.engine().requests(query), this, [this](const RequestPage &page) {
        if (!page.requests.empty())
            note(page.requests.front());
    });
}

void ToolStep::note(const RequestEvent &event)
{
    const bool good = event.end == RequestEvent::End::Completed;
    if (m_console.snapshot()->demo || (m_first && m_first->end == RequestEvent::End::Completed))
        return;
    // One that failed is worth seeing, but the next one may do better.
    if (!m_first || good || event.sequence > m_first->sequence) {
        m_first = event;
        showWaiting();
    }
}

void ToolStep::showWaiting()
{
    if (m_console.snapshot()->listener.state != ListenState::Listening) {
        m_lamp->setShape(LampShape::DashedCircle);
        m_waiting->setText(tr("The proxy does not listen yet."));
        setState(false, {});
        return;
    }
    const bool done = m_first && m_first->end == RequestEvent::End::Completed;
    m_lamp->setShape(!m_first ? LampShape::DashedCircle : done ? LampShape::Circle : LampShape::Triangle);
    m_waiting->setText(!m_first ? tr("Waiting for the first request…")
                                : tr("%1 at %2: %3")
                                      .arg(QString::fromLatin1(m_first->userAgent),
                                           m_first->at.toLocalTime().toString(QStringLiteral("HH:mm:ss")),
                                           outcomeWords(*m_first)));
    setState(done, done ? tr("The first request was answered.") : QString());
}

} // namespace signalbox
