// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/listenfields.h"

#include "ui/page/commanddialog.h"

#include <QCoreApplication>
#include <QHostAddress>

namespace signalbox {

namespace {

const QString loopback = QStringLiteral("127.0.0.1");
const QString everywhere = QStringLiteral("0.0.0.0");

QString tr(const char *text)
{
    return QCoreApplication::translate("ListenFields", text);
}

UndoableChange rebindTo(const ProxyConfig &before, const QString &address, std::uint16_t port, const QString &text)
{
    const QString oldAddress = before.address;
    const std::uint16_t oldPort = before.port;
    return { text, [address, port](Engine &engine) { return engine.rebind(address, port); },
             [oldAddress, oldPort](Engine &engine) { return engine.rebind(oldAddress, oldPort); } };
}

bool isLoopback(const QString &address)
{
    return QHostAddress(address).isLoopback();
}

CommandQuestion lanQuestion()
{
    CommandQuestion question;
    question.title = tr("Let other machines use the proxy?");
    question.consequence =
        tr("It then listens on every network of this machine. Whoever has the access token can spend your providers' "
           "keys, and on the way both the token and all prompts can be read, because the proxy speaks plain HTTP. The "
           "names that other machines call it by must be among the allowed hosts.");
    question.verb = tr("Let them in");
    return question;
}

} // namespace

ConfigNumber *makePortField(Console &console)
{
    FieldText text { QStringLiteral("proxyPort"), tr("Po&rt"),
                     tr("The new port is taken before the old one is left; requests in flight end in peace. 0 lets the "
                        "system choose one."),
                     tr("listen bind socket") };
    ConfigNumber::Spec spec;
    spec.pointer = QStringLiteral("/proxy/port");
    spec.value = [](const Config &config) { return qint64 { config.proxy.port }; };
    spec.change = [&console](qint64 port) {
        const ProxyConfig &proxy = console.snapshot()->config->proxy;
        return rebindTo(proxy, proxy.address, static_cast<std::uint16_t>(port), tr("change the port"));
    };
    return new ConfigNumber(console, text, spec);
}

ConfigText *makeAddressField(Console &console)
{
    FieldText text { QStringLiteral("proxyAddress"), tr("&Address"),
                     tr("Of this machine, to listen on. 127.0.0.1 and ::1 are reached from this machine only."),
                     tr("listen bind interface localhost") };
    ConfigText::Spec spec;
    spec.pointer = QStringLiteral("/proxy/address");
    spec.value = [](const Config &config) { return QJsonValue(config.proxy.address); };
    spec.change = [&console](const QString &address) {
        const ProxyConfig &proxy = console.snapshot()->config->proxy;
        return rebindTo(proxy, address, proxy.port, tr("change the address"));
    };
    spec.width = 200;
    return new ConfigText(console, text, spec);
}

LanField::LanField(Console &console, QWidget *parent)
    : ConfigCheck(console,
                  { QStringLiteral("lanAccess"), tr("&Let other machines use the proxy"),
                    tr("Off: only programs on this machine reach it."), tr("LAN network remote access bind 0.0.0.0") },
                  { QStringLiteral("/proxy/address"),
                    [](const Config &config) { return !isLoopback(config.proxy.address); },
                    [](bool on) { return on ? std::optional(lanQuestion()) : std::nullopt; },
                    [&console](bool on) {
                        const ProxyConfig &proxy = console.snapshot()->config->proxy;
                        return rebindTo(proxy, on ? everywhere : loopback, proxy.port,
                                        on ? tr("let other machines in") : tr("keep other machines out"));
                    } },
                  parent)
{
}

void LanField::refresh()
{
    ConfigCheck::refresh();
    const bool open = !isLoopback(config().proxy.address);
    if (!open && !console().snapshot()->listener.tokenRequired) {
        setFixed(tr("Needs an access token: without one, anyone could use it. Require one below first."));
        control()->setEnabled(false);
    }
}

} // namespace signalbox
