// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/statusline.h"

#include "ui/shell/proxyheader.h"
#include "ui/style/format.h"

#include <QLabel>

namespace signalbox {

namespace {

/// The engine publishes about once a second; up to here the figures are as fresh as they get.
constexpr Milliseconds fresh { 2500 };

} // namespace

StatusLine::StatusLine(QWidget *parent) : QStatusBar(parent)
{
    setSizeGripEnabled(false);
    setContentsMargins(8, 0, 8, 0);
    m_listening = addPart(QStringLiteral("statusListening"));
    m_inFlight = addPart(QStringLiteral("statusInFlight"));
    m_requests = addPart(QStringLiteral("statusRequests"));
    m_failed = addPart(QStringLiteral("statusFailed"));
    m_age = addPart(QStringLiteral("statusAge"));
}

QLabel *StatusLine::addPart(const QString &objectName)
{
    auto *label = new QLabel(this);
    label->setObjectName(objectName);
    label->setContentsMargins(8, 2, 8, 2);
    addPermanentWidget(label);
    return label;
}

void StatusLine::setPart(QLabel *label, const QString &text)
{
    if (label->text() != text)
        label->setText(text);
}

void StatusLine::showSnapshot(const EngineSnapshot &snapshot)
{
    const ListenerSnapshot &listener = snapshot.listener;
    const QString where = QStringLiteral("%1:%2").arg(listener.address).arg(listener.port);
    setPart(m_listening,
            listener.state == ListenState::Listening ? tr("Proxy %1 listening").arg(where)
                                                     : tr("Proxy: %1").arg(listenWord(listener.state).toLower()));
    setPart(m_inFlight, tr("%1 in flight").arg(snapshot.inFlight));
    setPart(m_requests, tr("%1 requests").arg(formatCount(snapshot.totals.requests)));
    setPart(m_failed, tr("%1 failed").arg(formatCount(snapshot.totals.failed)));
}

void StatusLine::showAge(Milliseconds age, bool stale)
{
    const QString span = formatSpan(age);
    setPart(m_age, stale ? tr("Stale %1").arg(span) : age < fresh ? tr("Data is live") : tr("Data %1 old").arg(span));
}

} // namespace signalbox
