// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/console/upstreams.h"

#include "engine/demo/simulatedserver.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QSocketNotifier>
#include <QTimer>

#include <cstdio>
#include <memory>

#include <unistd.h>

namespace signalbox::bench {

namespace {

using namespace std::chrono_literals;

constexpr int startMs = 20'000;
constexpr auto requestGap = 500ms;
const QString upstreamWord = QStringLiteral("upstreams");

void sendOne(QNetworkAccessManager &manager, quint16 port, bool stream)
{
    QUrl url(QStringLiteral("http://127.0.0.1/v1/chat/completions"));
    url.setPort(port);
    QNetworkRequest request(url);
    request.setHeader(QNetworkRequest::ContentTypeHeader, QByteArrayLiteral("application/json"));
    const QByteArray body = R"({"model":"gpt-simulated","messages":[{"role":"user","content":"hello"}],"stream":)" +
        QByteArray(stream ? "true}" : "false}");
    QNetworkReply *reply = manager.post(request, body);
    QObject::connect(reply, &QNetworkReply::finished, reply, &QObject::deleteLater);
}

} // namespace

Upstreams::~Upstreams()
{
    m_process.closeWriteChannel();
    if (m_process.state() != QProcess::NotRunning && !m_process.waitForFinished(startMs))
        m_process.kill();
}

bool Upstreams::start(int count)
{
    m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    m_process.start(QCoreApplication::applicationFilePath(), { upstreamWord, QString::number(count) });
    while (!m_process.canReadLine()) {
        if (!m_process.waitForReadyRead(startMs))
            return false;
    }
    const QList<QByteArray> ports = m_process.readLine().trimmed().split(' ');
    for (const QByteArray &port : ports)
        m_ports.push_back(port.toUShort());
    return m_ports.size() == static_cast<std::size_t>(count);
}

void Upstreams::sendTo(std::uint16_t proxyPort)
{
    m_process.write(QByteArray::number(proxyPort) + '\n');
}

int runUpstreams(int count, int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    const SystemClock clock;
    std::vector<std::unique_ptr<SimulatedServer>> servers;
    QByteArray ports;
    for (int i = 0; i < count; ++i) {
        SimulatedBehaviour behaviour;
        behaviour.name = QStringLiteral("provider-%1").arg(i + 1, 2, 10, QLatin1Char('0'));
        behaviour.seed = static_cast<std::uint64_t>(i) + 1;
        servers.push_back(std::make_unique<SimulatedServer>(behaviour, clock));
        if (!servers.back()->listen())
            return 1;
        ports += QByteArray::number(servers.back()->port()) + ' ';
    }
    std::fprintf(stdout, "%s\n", ports.trimmed().constData());
    std::fflush(stdout);
    QNetworkAccessManager manager;
    quint16 proxy = 0;
    quint64 sent = 0;
    QTimer traffic;
    QObject::connect(&traffic, &QTimer::timeout, &manager, [&] { sendOne(manager, proxy, ++sent % 2 == 0); });
    QSocketNotifier input(STDIN_FILENO, QSocketNotifier::Read);
    QObject::connect(&input, &QSocketNotifier::activated, &manager, [&] {
        std::array<char, 64> bytes {};
        const auto count = ::read(STDIN_FILENO, bytes.data(), bytes.size());
        if (count <= 0)
            return QCoreApplication::quit();
        proxy = QByteArray(bytes.data(), static_cast<qsizetype>(count)).trimmed().toUShort();
        traffic.start(requestGap);
    });
    return QCoreApplication::exec();
}

QByteArray configFor(const std::vector<std::uint16_t> &ports)
{
    QJsonArray providers;
    for (std::size_t i = 0; i < ports.size(); ++i) {
        providers.append(
            QJsonObject { { QStringLiteral("name"), QStringLiteral("provider-%1").arg(i + 1, 2, 10, QLatin1Char('0')) },
                          { QStringLiteral("dialect"), QStringLiteral("openai") },
                          { QStringLiteral("baseUrl"), QStringLiteral("http://127.0.0.1:%1/v1").arg(ports[i]) },
                          { QStringLiteral("key"), QJsonValue::Null } });
    }
    const QJsonObject root {
        { QStringLiteral("version"), 1 },
        { QStringLiteral("proxy"),
          QJsonObject { { QStringLiteral("port"), 0 }, { QStringLiteral("token"), QJsonValue::Null } } },
        // The log of a day stays.
        { QStringLiteral("metrics"), QJsonObject { { QStringLiteral("retentionMs"), 2 * 86'400'000 } } },
        { QStringLiteral("providers"), providers }
    };
    return QJsonDocument(root).toJson();
}

} // namespace signalbox::bench
