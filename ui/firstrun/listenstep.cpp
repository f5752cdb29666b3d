// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/firstrun/listenstep.h"

#include "ui/page/answer.h"
#include "ui/page/console.h"
#include "ui/style/lamp.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>

namespace signalbox {

namespace {

constexpr std::chrono::milliseconds typingPause { 250 };
constexpr int lastPort = 65535;

} // namespace

ListenStep::ListenStep(int number, Console &console, QWidget *parent)
    : StepCard(number, tr("Local proxy"), console.appearance(), parent), m_console(console),
      m_address(new QLineEdit(this)), m_port(new QSpinBox(this)), m_lamp(new LampWidget(console.appearance(), this)),
      m_result(new QLabel(this)), m_useFree(new QPushButton(this)), m_start(new QPushButton(tr("&Start"), this))
{
    body()->addLayout(buildFields());
    m_typing.setSingleShot(true);
    m_typing.setInterval(typingPause);
    connect(&m_typing, &QTimer::timeout, this, &ListenStep::check);
    const auto typed = [this] {
        ++m_question;
        m_typing.start();
        showButtons();
    };
    connect(m_address, &QLineEdit::textEdited, this, typed);
    connect(m_port, &QSpinBox::valueChanged, this, typed);
    connect(m_start, &QPushButton::clicked, this, &ListenStep::start);
    connect(m_useFree, &QPushButton::clicked, this, [this] {
        m_port->setValue(m_report.freePort);
        m_start->setFocus();
    });
}

QLayout *ListenStep::buildFields()
{
    m_address->setObjectName(QStringLiteral("listenAddress"));
    m_address->setAccessibleName(tr("Address"));
    m_port->setObjectName(QStringLiteral("listenPort"));
    m_port->setAccessibleName(tr("Port"));
    m_port->setRange(0, lastPort);
    m_port->setSpecialValueText(tr("any"));
    m_result->setObjectName(QStringLiteral("listenResult"));
    m_result->setWordWrap(true);
    m_result->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_useFree->setObjectName(QStringLiteral("useFreePort"));
    m_useFree->hide();
    m_start->setObjectName(QStringLiteral("startListening"));
    auto *fields = new QHBoxLayout;
    fields->setSpacing(8);
    const auto add = [this, fields](const QString &text, QWidget *field) {
        auto *label = new QLabel(text, this);
        label->setBuddy(field);
        fields->addWidget(label);
        fields->addWidget(field);
    };
    add(tr("A&ddress:"), m_address);
    add(tr("&Port:"), m_port);
    auto *outcome = new QHBoxLayout;
    outcome->setSpacing(8);
    outcome->addWidget(m_lamp, 0, Qt::AlignTop);
    outcome->addWidget(m_result, 1);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addWidget(m_start);
    buttons->addWidget(m_useFree);
    buttons->addStretch(1);
    auto *layout = new QVBoxLayout;
    layout->setSpacing(6);
    layout->addLayout(fields);
    layout->addLayout(outcome);
    layout->addLayout(buttons);
    auto *advice = new QLabel(tr("At 127.0.0.1 only programs on this machine can reach it. Tools give the access token "
                                 "as their key; the texts beside have it."),
                              this);
    advice->setWordWrap(true);
    advice->setForegroundRole(QPalette::PlaceholderText);
    layout->addWidget(advice);
    layout->addStretch(1);
    return layout;
}

bool ListenStep::isTyped() const
{
    return QStringLiteral("%1 %2").arg(m_address->text().trimmed()).arg(m_port->value()) != m_shown;
}

void ListenStep::refresh(const QString &fixedBecause)
{
    const EngineSnapshot &snapshot = *m_console.snapshot();
    const bool listens = snapshot.listener.state == ListenState::Listening;
    const ProxyConfig &proxy = snapshot.config->proxy;
    const quint16 port = listens ? snapshot.listener.port : proxy.port;
    const QString place = QStringLiteral("%1 %2").arg(proxy.address).arg(port);
    if (place != m_shown && (m_shown.isEmpty() || !isTyped())) {
        m_shown = place;
        const QSignalBlocker quiet(m_port);
        m_address->setText(proxy.address);
        m_port->setValue(port);
        check();
    }
    m_editable = fixedBecause.isEmpty();
    const SettingOrigin origin = snapshot.origins.of(QStringLiteral("/proxy/port"));
    const bool fixed = origin > SettingOrigin::File;
    m_port->setEnabled(m_editable && !fixed);
    m_port->setToolTip(fixed ? tr("Fixed by the %1.").arg(QString::fromLatin1(toString(origin))) : QString());
    m_address->setEnabled(m_editable);
    if (listens)
        setState(true, tr("Listening on %1").arg(snapshot.listener.url));
    else if (snapshot.listener.state == ListenState::Failed)
        setState(false, snapshot.listener.error);
    else
        setState(false, tr("Nothing listens yet."));
    showButtons();
}

void ListenStep::showButtons()
{
    const bool listens = m_console.snapshot()->listener.state == ListenState::Listening;
    m_start->setText(listens ? tr("&Move there") : tr("&Start"));
    m_start->setEnabled(m_editable && !m_waiting && !m_typing.isActive() && m_report.usable && (!listens || isTyped()));
    m_useFree->setEnabled(m_editable && !m_waiting);
}

void ListenStep::check()
{
    const quint64 question = ++m_question;
    onAnswer(m_console.engine().checkPlace(m_address->text().trimmed(), static_cast<quint16>(m_port->value())), this,
             [this, question](const PlaceReport &report) {
                 if (question == m_question)
                     showReport(report);
             });
}

void ListenStep::showReport(const PlaceReport &report)
{
    m_report = report;
    const bool ours = m_console.snapshot()->listener.state == ListenState::Listening && !isTyped();
    m_lamp->setShape(report.usable ? LampShape::Circle : LampShape::Square);
    m_result->setText(ours ? tr("In use by Signalbox.") : report.usable ? tr("This place is free.") : report.problem);
    m_useFree->setVisible(report.freePort > 0 && m_port->isEnabled());
    m_useFree->setText(tr("&Use %1").arg(report.freePort));
    showButtons();
}

void ListenStep::start()
{
    m_waiting = true;
    showButtons();
    const ListenState state = m_console.snapshot()->listener.state;
    const bool mustStart = state != ListenState::Listening && state != ListenState::Failed;
    const QString address = m_address->text().trimmed();
    const ProxyConfig &proxy = m_console.snapshot()->config->proxy;
    if (address == proxy.address && m_port->value() == proxy.port) {
        onAnswer(m_console.engine().start(), this, [this](const Status &status) { started(status); });
        return;
    }
    onAnswer(m_console.engine().rebind(address, static_cast<quint16>(m_port->value())), this,
             [this, mustStart](const Status &status) {
                 if (!status || !mustStart)
                     return started(status);
                 onAnswer(m_console.engine().start(), this, [this](const Status &done) { started(done); });
             });
}

void ListenStep::started(const Status &status)
{
    m_waiting = false;
    if (status) {
        m_shown.clear(); // the fields follow the engine again
        refresh({});
        return;
    }
    m_lamp->setShape(LampShape::Square);
    m_result->setText(status.error().reason);
    showButtons();
}

void ListenStep::hideEvent(QHideEvent *event)
{
    if (m_typing.isActive()) {
        m_typing.stop();
        check();
    }
    StepCard::hideEvent(event);
}

} // namespace signalbox
