// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/connect/containers.h"

#include <QCoreApplication>
#include <QNetworkInterface>

namespace signalbox {

namespace {

bool isBridge(const QString &name)
{
    return name == QLatin1String("docker0") || name.startsWith(QLatin1String("podman")) ||
        name.startsWith(QLatin1String("br-")) || name.startsWith(QLatin1String("cni"));
}

} // namespace

QString bridgeAddress()
{
    const QList<QNetworkInterface> interfaces = QNetworkInterface::allInterfaces();
    for (const QNetworkInterface &interface : interfaces) {
        if (!isBridge(interface.name()))
            continue;
        const QList<QNetworkAddressEntry> entries = interface.addressEntries();
        for (const QNetworkAddressEntry &entry : entries) {
            if (entry.ip().protocol() == QAbstractSocket::IPv4Protocol)
                return entry.ip().toString();
        }
    }
    return {};
}

ConnectTool containerTool(const ConnectAddress &address)
{
    const QString bridge = bridgeAddress();
    const QString listen = bridge.isEmpty() ? QStringLiteral("172.17.0.1") : bridge;
    const QString port = QString::number(QUrl(address.url).port(80));
    const QString key = address.token.isEmpty() ? QStringLiteral("TOKEN") : address.token;
    const QString host = QStringLiteral("http://host.docker.internal:") + port;
    const QString config = QStringLiteral("\"proxy\": {\n  \"address\": \"%1\",\n  \"allowedHosts\": "
                                          "[\"host.docker.internal\"]\n}\n")
                               .arg(listen);
    const QString docker = QStringLiteral("docker run --add-host=host.docker.internal:host-gateway \\\n"
                                          "  -e OPENAI_BASE_URL=%1/v1 -e OPENAI_API_KEY=%2 \\\n"
                                          "  -e ANTHROPIC_BASE_URL=%1 -e ANTHROPIC_AUTH_TOKEN=%2 \\\n  IMAGE\n")
                               .arg(host, key);
    const QString compose =
        QStringLiteral("services:\n  tool:\n    extra_hosts: [\"host.docker.internal:host-gateway\"]\n"
                       "    environment:\n      OPENAI_BASE_URL: %1/v1\n      OPENAI_API_KEY: %2\n"
                       "      ANTHROPIC_BASE_URL: %1\n      ANTHROPIC_AUTH_TOKEN: %2\n")
            .arg(host, key);
    const QString advice = bridge.isEmpty()
        ? QCoreApplication::translate(
              "ConnectTools",
              "A container does not see 127.0.0.1 of this machine. No container bridge was found "
              "here; %1 is Docker's usual address. Listen there, with a token, or start the "
              "container with --network=host.")
              .arg(listen)
        : QCoreApplication::translate(
              "ConnectTools",
              "A container does not see 127.0.0.1 of this machine. Listen on its bridge, %1, which "
              "needs a token, or start the container with --network=host.")
              .arg(listen);
    return { QStringLiteral("container"),
             QCoreApplication::translate("ConnectTools", "Tool in a container"),
             QCoreApplication::translate("ConnectTools", "Elsewhere"),
             advice,
             {},
             { { QStringLiteral("config.json"), config },
               { QStringLiteral("docker run"), docker },
               { QStringLiteral("compose.yaml"), compose } },
             ToolFileKind::None };
}

} // namespace signalbox
