// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/proxysection.h"

#include "ui/settings/listenfields.h"
#include "ui/settings/tokenfield.h"
#include "ui/style/appearance.h"
#include "ui/style/card.h"
#include "ui/style/lamp.h"

#include <QHBoxLayout>
#include <QJsonArray>
#include <QLabel>

namespace signalbox {

namespace {

ConfigText::Spec listSpec(const QString &pointer, QStringList ProxyConfig::*member, const QString &placeholder)
{
    ConfigText::Spec spec;
    spec.pointer = pointer;
    spec.value = [member](const Config &config) {
        return QJsonValue(QJsonArray::fromStringList(config.proxy.*member));
    };
    spec.placeholder = placeholder;
    return spec;
}

} // namespace

ProxySection::ProxySection(Console &console, QWidget *parent)
    : Section(QStringLiteral("proxy"), tr("Proxy"), console, parent)
{
    Card *place = addCard(tr("Where it listens"));
    addState(place);
    add(place, makePortField(console));
    add(place, makeAddressField(console));
    add(place, new LanField(console));
    addAccess();
}

void ProxySection::addState(Card *card)
{
    m_lamp = new LampWidget(console().appearance(), card);
    m_state = new QLabel(card);
    m_state->setObjectName(QStringLiteral("listenState"));
    m_state->setWordWrap(true);
    m_state->setTextFormat(Qt::PlainText);
    m_state->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(m_lamp);
    row->addWidget(m_state, 1);
    card->body()->addLayout(row);
}

void ProxySection::addAccess()
{
    Card *access = addCard(tr("Who may use it"));
    add(access, makeTokenRequiredField(console()));
    add(access, new TokenField(console()));
    add(access,
        new ConfigText(console(),
                       { QStringLiteral("allowedHosts"), tr("Allo&wed hosts"),
                         tr("Names besides 127.0.0.1, ::1 and localhost that it may be called by, with commas between "
                            "them. Any other is refused, so that no web page can reach it under a name of its own."),
                         tr("Host header DNS rebinding names") },
                       listSpec(QStringLiteral("/proxy/allowedHosts"), &ProxyConfig::allowedHosts,
                                QStringLiteral("workstation.lan, 192.168.1.20"))));
    add(access,
        new ConfigText(console(),
                       { QStringLiteral("allowedOrigins"), tr("Allowed ori&gins"),
                         tr("Web pages and editors' views that may call it, with commas between them. All others are "
                            "refused."),
                         tr("CORS Origin browser web page") },
                       listSpec(QStringLiteral("/proxy/allowedOrigins"), &ProxyConfig::allowedOrigins,
                                QStringLiteral("https://app.example.com, vscode-webview://*"))));
    Card *failover = addCard(tr("When a provider fails"));
    add(failover,
        new ConfigCheck(console(),
                        { QStringLiteral("failoverAfterSend"),
                          tr("Try another provider though the first may &bill too"),
                          tr("A provider that fails after it got the request may have begun to work on it. Off: such a "
                             "request fails instead of being sent again."),
                          tr("failover retry billed twice") },
                        { QStringLiteral("/proxy/failoverAfterSend"),
                          [](const Config &config) { return config.proxy.failoverAfterSend; } }));
}

void ProxySection::refresh()
{
    Section::refresh();
    const ListenerSnapshot &listener = snapshot().listener;
    switch (listener.state) {
    case ListenState::Listening:
        m_lamp->setShape(LampShape::Circle);
        m_state->setText(tr("Listening on %1").arg(listener.url));
        break;
    case ListenState::Failed:
        m_lamp->setShape(LampShape::Square);
        m_state->setText(listener.error);
        break;
    case ListenState::Draining:
        m_lamp->setShape(LampShape::SlashedCircle);
        m_state->setText(tr("Stopping: requests in flight get time to finish."));
        break;
    case ListenState::Stopped:
        m_lamp->setShape(LampShape::SlashedCircle);
        m_state->setText(tr("Stopped: tools cannot reach any provider. Ctrl+Shift+P starts it."));
        break;
    }
}

} // namespace signalbox
