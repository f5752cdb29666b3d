// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/telemetry/webhook.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QSignalSpy>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>

#include <memory>

using namespace signalbox;
using namespace std::chrono_literals;

namespace {

/// Answers one request a connection, with the next of its statuses; the last one stays. 0: says nothing.
class Receiver
{
public:
    explicit Receiver(QList<int> statuses) : m_statuses(std::move(statuses))
    {
        m_server.listen(QHostAddress::LocalHost);
        QObject::connect(&m_server, &QTcpServer::newConnection, &m_server, [this] {
            QTcpSocket *socket = m_server.nextPendingConnection();
            QObject::connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
            auto bytes = std::make_shared<QByteArray>();
            QObject::connect(socket, &QTcpSocket::readyRead, socket, [this, socket, bytes] {
                *bytes += socket->readAll();
                if (bytes->endsWith('}'))
                    answer(socket, *bytes);
            });
        });
    }

    QUrl url(const QString &path = QStringLiteral("/hook")) const
    {
        QUrl url(QStringLiteral("http://127.0.0.1") + path);
        url.setPort(m_server.serverPort());
        return url;
    }
    QStringList subjects() const
    {
        QStringList subjects;
        for (const QByteArray &request : requests)
            subjects.append(bodyOf(request).value(QStringLiteral("subject")).toString());
        return subjects;
    }
    static QJsonObject bodyOf(const QByteArray &request)
    {
        return QJsonDocument::fromJson(request.mid(request.indexOf("\r\n\r\n") + 4)).object();
    }

    QList<QByteArray> requests;

private:
    void answer(QTcpSocket *socket, const QByteArray &request)
    {
        requests.append(request);
        const int status = m_statuses.size() > 1 ? m_statuses.takeFirst() : m_statuses.first();
        if (status == 0)
            return;
        socket->write("HTTP/1.1 " + QByteArray::number(status) +
                      " Said\r\nContent-Length: 0\r\nLocation: http://127.0.0.1:1/\r\nConnection: close\r\n\r\n");
        socket->disconnectFromHost();
    }

    QTcpServer m_server;
    QList<int> m_statuses;
};

Alarm alarm(const QString &subject)
{
    Alarm alarm;
    alarm.rule = QStringLiteral("provider_open");
    alarm.subject = subject;
    alarm.id = alarm.rule + QLatin1Char('/') + subject;
    alarm.text = QStringLiteral("It gets no requests.");
    alarm.since = QDateTime(QDate(2026, 5, 1), QTime(12, 0), Qt::UTC);
    return alarm;
}

WebhookPolicy quick()
{
    WebhookPolicy policy;
    policy.firstWait = 10ms;
    policy.longestWait = 40ms;
    policy.attempts = 3;
    policy.timeout = 5000ms;
    return policy;
}

} // namespace

class WebhookTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anAlarmArrivesAsJson()
    {
        Receiver receiver({ 204 });
        Webhook webhook(quick());
        webhook.setTarget(receiver.url(), Secret("hook-key-0123456789"));
        Alarm sent = alarm(QStringLiteral("alpha"));
        sent.count = 3;
        sent.firstRaised = sent.since.addSecs(-60);
        sent.acknowledgedAt = sent.since.addSecs(5);
        sent.acknowledgedBy = QStringLiteral("console");
        webhook.send(sent);
        QTRY_COMPARE(webhook.delivered(), std::uint64_t(1));
        const QByteArray request = receiver.requests.first();
        QVERIFY(request.startsWith("POST /hook HTTP/1.1\r\n"));
        QVERIFY(request.contains("Authorization: Bearer hook-key-0123456789\r\n"));
        QVERIFY(request.contains("Content-Type: application/json\r\n"));
        const QJsonObject body = Receiver::bodyOf(request);
        QCOMPARE(body.value(QStringLiteral("id")).toString(), QStringLiteral("provider_open/alpha"));
        QCOMPARE(body.value(QStringLiteral("state")).toString(), QStringLiteral("active"));
        QCOMPARE(body.value(QStringLiteral("priority")).toString(), QStringLiteral("medium"));
        QCOMPARE(body.value(QStringLiteral("since")).toString(), QStringLiteral("2026-05-01T12:00:00.000Z"));
        QCOMPARE(body.value(QStringLiteral("count")).toInt(), 3);
        QCOMPARE(body.value(QStringLiteral("firstRaised")).toString(), QStringLiteral("2026-05-01T11:59:00.000Z"));
        QCOMPARE(body.value(QStringLiteral("acknowledgedAt")).toString(), QStringLiteral("2026-05-01T12:00:05.000Z"));
        QCOMPARE(body.value(QStringLiteral("acknowledgedBy")).toString(), QStringLiteral("console"));
    }

    void itTriesAgainAndKeepsTheOrder()
    {
        Receiver receiver({ 503, 429, 200 });
        Webhook webhook(quick());
        webhook.setTarget(receiver.url(), {});
        webhook.send(alarm(QStringLiteral("a")));
        webhook.send(alarm(QStringLiteral("b")));
        QTRY_COMPARE(webhook.delivered(), std::uint64_t(2));
        QCOMPARE(receiver.subjects(),
                 QStringList({ QStringLiteral("a"), QStringLiteral("a"), QStringLiteral("a"), QStringLiteral("b") }));
        QVERIFY(!receiver.requests.first().contains("Authorization"));
        QCOMPARE(webhook.dropped(), std::uint64_t(0));
    }

    void itGivesUp_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<int>("tries");
        QTest::newRow("broken for good") << 500 << 3;
        QTest::newRow("refused") << 404 << 1;
        QTest::newRow("redirected, which is not followed") << 302 << 1;
    }

    void itGivesUp()
    {
        QFETCH(int, status);
        QFETCH(int, tries);
        Receiver receiver({ status });
        Webhook webhook(quick());
        QSignalSpy failed(&webhook, &Webhook::failed);
        webhook.setTarget(receiver.url(QStringLiteral("/secret-path?token=secret-token")), Secret("secret-key"));
        webhook.send(alarm(QStringLiteral("a")));
        QTRY_COMPARE(failed.size(), 1);
        QCOMPARE(receiver.requests.size(), tries);
        QVERIFY(!failed.first().first().toString().contains(QLatin1String("secret")));
        QCOMPARE(webhook.dropped(), std::uint64_t(1));
        QCOMPARE(webhook.queued(), std::size_t(0));
    }

    void nobodyThere()
    {
        WebhookPolicy policy = quick();
        Webhook webhook(policy);
        QSignalSpy failed(&webhook, &Webhook::failed);
        QTcpServer closed;
        QVERIFY(closed.listen(QHostAddress::LocalHost));
        QUrl url(QStringLiteral("http://127.0.0.1/secret-path"));
        url.setPort(closed.serverPort());
        closed.close();
        webhook.setTarget(url, {});
        webhook.send(alarm(QStringLiteral("a")));
        QTRY_COMPARE(failed.size(), 1);
        QVERIFY(!failed.first().first().toString().contains(QLatin1String("secret")));
    }

    void theQueueIsBounded()
    {
        Receiver receiver({ 0, 200 });
        WebhookPolicy policy = quick();
        policy.queueLimit = 3;
        policy.timeout = 200ms;
        Webhook webhook(policy);
        webhook.setTarget(receiver.url(), {});
        for (int i = 0; i < 10; ++i)
            webhook.send(alarm(QString::number(i)));
        QCOMPARE(webhook.queued(), std::size_t(3));
        QCOMPARE(webhook.dropped(), std::uint64_t(7));
        QTRY_COMPARE(webhook.delivered(), std::uint64_t(3));
        QCOMPARE(receiver.subjects().mid(1),
                 QStringList({ QStringLiteral("0"), QStringLiteral("8"), QStringLiteral("9") }));
    }

    void offAndFloodsSendNothing()
    {
        Receiver receiver({ 200 });
        Webhook webhook(quick());
        webhook.send(alarm(QStringLiteral("a")));
        webhook.setTarget(receiver.url(), {});
        Alarm grouped = alarm(QStringLiteral("b"));
        grouped.grouped = true;
        webhook.send(grouped);
        QCOMPARE(webhook.queued(), std::size_t(0));
        webhook.send(alarm(QStringLiteral("c")));
        QTRY_COMPARE(webhook.delivered(), std::uint64_t(1));
        QCOMPARE(receiver.subjects(), QStringList({ QStringLiteral("c") }));
        webhook.send(alarm(QStringLiteral("d")));
        webhook.setTarget({}, {});
        QCOMPARE(webhook.queued(), std::size_t(0));
    }
};

QTEST_GUILESS_MAIN(WebhookTest)
#include "tst_webhook.moc"
