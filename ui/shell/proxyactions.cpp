// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/proxyactions.h"

#include "ui/page/answer.h"
#include "ui/page/commanddialog.h"
#include "ui/page/secretclipboard.h"

#include <QAction>
#include <QClipboard>
#include <QGuiApplication>

namespace signalbox {

namespace {

constexpr int lastPort = 65535;

} // namespace

ProxyActions::ProxyActions(Engine &engine, QWidget *window)
    : QObject(window), m_engine(engine), m_window(window), m_snapshot(engine.snapshot()),
      m_startStop(
          make(tr("&Start proxy"), QStringLiteral("startStop"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_P))),
      m_retry(make(tr("&Retry"), QStringLiteral("retryListening"), {})),
      m_nextPort(make(tr("Use another &port"), QStringLiteral("useNextPort"), {})),
      m_copyAddress(make(tr("Copy &address"), QStringLiteral("copyAddress"), QKeySequence(Qt::CTRL | Qt::Key_L))),
      m_copyToken(make(tr("Copy &token"), QStringLiteral("copyToken"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_K)))
{
    connect(m_startStop, &QAction::triggered, this, &ProxyActions::toggle);
    connect(m_retry, &QAction::triggered, this, &ProxyActions::start);
    connect(m_nextPort, &QAction::triggered, this, &ProxyActions::takeNextPort);
    connect(m_copyAddress, &QAction::triggered, this, &ProxyActions::copyUrl);
    connect(m_copyToken, &QAction::triggered, this, &ProxyActions::copySecret);
    m_copyAddress->setToolTip(tr("Copy the address that a tool takes as its base URL"));
    m_copyToken->setToolTip(tr("Copy the access token that a tool takes as its API key"));
}

QAction *ProxyActions::make(const QString &text, const QString &objectName, const QKeySequence &shortcut)
{
    auto *action = new QAction(text, this);
    action->setObjectName(objectName);
    action->setShortcut(shortcut);
    return action;
}

void ProxyActions::showSnapshot(const EngineSnapshotPtr &snapshot)
{
    m_snapshot = snapshot;
    const ListenerSnapshot &listener = snapshot->listener;
    const bool draining = listener.state == ListenState::Draining;
    const bool runs = listener.state == ListenState::Listening || draining;
    m_startStop->setText(draining ? tr("Stopping…") : runs ? tr("&Stop proxy") : tr("&Start proxy"));
    m_startStop->setEnabled(!draining && !m_waiting);
    const bool failed = listener.state == ListenState::Failed;
    m_retry->setEnabled(failed && !m_waiting);
    const bool fixed = snapshot->origins.port > SettingOrigin::File;
    m_nextPort->setEnabled(failed && !fixed && !m_waiting && listener.port > 0 && listener.port < lastPort);
    m_nextPort->setText(listener.port > 0 ? tr("Use &port %1").arg(listener.port + 1) : tr("Use another &port"));
    m_copyAddress->setEnabled(listener.state == ListenState::Listening);
    m_copyToken->setEnabled(listener.tokenRequired);
}

void ProxyActions::toggle()
{
    if (m_snapshot->listener.state != ListenState::Listening)
        start();
    else if (m_snapshot->inFlight > 0)
        askToStop();
    else
        stop();
}

void ProxyActions::start()
{
    m_waiting = true;
    showSnapshot(m_snapshot);
    onAnswer(m_engine.start(), this, [this](const Status &status) {
        m_waiting = false;
        showSnapshot(m_engine.snapshot());
        // A listener that cannot listen says so in the snapshot; saying it twice would hide the other messages.
        if (!status && m_snapshot->listener.state != ListenState::Failed)
            Q_EMIT failed(tr("The proxy did not start: %1").arg(status.error().reason));
    });
}

void ProxyActions::takeNextPort()
{
    const auto port = static_cast<std::uint16_t>(m_snapshot->listener.port + 1);
    m_waiting = true;
    showSnapshot(m_snapshot);
    onAnswer(m_engine.rebind(m_snapshot->config->proxy.address, port), this, [this, port](const Status &status) {
        m_waiting = false;
        showSnapshot(m_engine.snapshot());
        // One that is busy too says so in the snapshot.
        if (!status && m_snapshot->listener.port != port)
            Q_EMIT failed(tr("Port %1 was not set: %2").arg(port).arg(status.error().reason));
    });
}

void ProxyActions::askToStop()
{
    CommandQuestion question;
    question.title = tr("Stop the proxy?");
    question.consequence = tr("%n request(s) in flight get up to %1 s to finish, then they are cut. Tools that use the "
                              "proxy cannot reach any provider until it is started again.",
                              nullptr, m_snapshot->inFlight)
                               .arg(drainTime.count());
    question.verb = tr("Stop proxy");
    auto *dialog = new CommandDialog(question, m_window);
    connect(dialog, &QDialog::accepted, this, &ProxyActions::stop);
    dialog->open();
}

void ProxyActions::stop()
{
    m_waiting = true;
    showSnapshot(m_snapshot);
    onAnswer(m_engine.stop(drainTime), this, [this](const Status &status) {
        m_waiting = false;
        showSnapshot(m_engine.snapshot());
        if (!status)
            Q_EMIT failed(tr("The proxy did not stop: %1").arg(status.error().reason));
    });
}

void ProxyActions::copyUrl()
{
    QGuiApplication::clipboard()->setText(m_snapshot->listener.url);
    Q_EMIT done(tr("Address copied: %1").arg(m_snapshot->listener.url));
}

void ProxyActions::copySecret()
{
    const Secret token = m_engine.accessToken();
    if (token.isEmpty()) {
        Q_EMIT failed(tr("No access token is required, so there is none to copy."));
        return;
    }
    signalbox::copySecret(token);
    Q_EMIT done(tr("Access token copied."));
}

} // namespace signalbox
