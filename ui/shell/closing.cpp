// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/closing.h"

#include "ui/page/answer.h"
#include "ui/page/commanddialog.h"
#include "ui/page/console.h"
#include "ui/page/preferences.h"
#include "ui/shell/proxyactions.h"
#include "ui/shell/tray.h"

#include <QSettings>
#include <QWidget>

namespace signalbox {

namespace {

const QString toldOfTrayKey = QStringLiteral("window/toldOfTray");

} // namespace

Closing::Closing(Console &console, QWidget &window) : QObject(&window), m_console(console), m_window(window) { }

bool Closing::mayClose()
{
    if (!m_quitting && goesToTray()) {
        hideToTray();
        return false;
    }
    // Closing again while it stops means now. An engine that does not answer cannot be waited for.
    if (m_stopping || m_console.age().isStale() || !listens())
        return true;
    if (m_console.snapshot()->inFlight > 0)
        askToQuit();
    else
        stopAndClose();
    return false;
}

void Closing::close()
{
    m_quitting = true;
    m_window.close();
}

void Closing::quit()
{
    m_quitting = true;
    if (m_stopping || !listens())
        m_window.close();
    else
        stopAndClose();
}

bool Closing::goesToTray() const
{
    return m_tray && Tray::isAvailable() && m_console.preferences().closeToTray();
}

void Closing::hideToTray()
{
    m_window.hide();
    QSettings settings;
    if (settings.value(toldOfTrayKey).toBool())
        return;
    settings.setValue(toldOfTrayKey, true);
    m_tray->say(tr("Signalbox is still running"),
                tr("The proxy keeps serving. The lamp in the tray brings the window back and quits."), false);
}

bool Closing::listens() const
{
    return m_console.snapshot()->listener.state == ListenState::Listening;
}

void Closing::askToQuit()
{
    CommandQuestion question;
    question.title = tr("Quit Signalbox?");
    question.consequence = tr("%n request(s) in flight get up to %1 s to finish, then they are cut. Tools that use the "
                              "proxy cannot reach any provider until Signalbox runs again.",
                              nullptr, m_console.snapshot()->inFlight)
                               .arg(ProxyActions::drainTime.count());
    question.verb = tr("Quit");
    auto *dialog = new CommandDialog(question, &m_window);
    connect(dialog, &QDialog::accepted, this, &Closing::stopAndClose);
    dialog->open();
}

void Closing::stopAndClose()
{
    m_stopping = true;
    Q_EMIT waiting();
    onAnswer(m_console.engine().stop(ProxyActions::drainTime), &m_window,
             [window = &m_window](const Status &) { window->close(); });
}

} // namespace signalbox
