// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/scene.h"

#include <QJsonArray>
#include <QSet>
#include <QTest>

using namespace signalbox;
using namespace signalbox::test;

class ProxyDemoTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void fiveLabelledProvidersWithTraffic();
    void everyDialectIsSpoken_data();
    void everyDialectIsSpoken();
    void faultsAreSeenAndHidden();
    void cleanupTestCase() { m_proxy.reset(); }

private:
    QJsonArray providers() const { return m_proxy->status()[QLatin1String("providers")].toArray(); }

    std::unique_ptr<ProxyProcess> m_proxy;
};

void ProxyDemoTest::initTestCase()
{
    m_proxy = std::make_unique<ProxyProcess>();
    QVERIFY(m_proxy->start({ QStringLiteral("--demo") }));
}

void ProxyDemoTest::fiveLabelledProvidersWithTraffic()
{
    const QJsonArray list = providers();
    QCOMPARE(list.size(), 5);
    for (const QJsonValue provider : list) {
        QVERIFY(provider[QLatin1String("simulated")].toBool());
        QVERIFY(provider[QLatin1String("name")].toString().startsWith(QLatin1String("sim-")));
    }
    QVERIFY(m_proxy->errors().contains("Simulated"));
    const auto requests = [this] {
        return m_proxy->status()[QLatin1String("totals")][QLatin1String("requests")].toInt();
    };
    QVERIFY(QTest::qWaitFor([&] { return requests() >= 5; }, 20000));
}

void ProxyDemoTest::everyDialectIsSpoken_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("part");
    QTest::newRow("chat") << chatPath << payload::chat(false) << QByteArray("\"choices\"");
    QTest::newRow("chat stream") << chatPath << payload::chat(true) << QByteArray("data: [DONE]");
    QTest::newRow("responses") << responsesPath << payload::responses(true) << QByteArray("response.completed");
    QTest::newRow("messages") << messagesPath << payload::messages(false) << QByteArray("\"stop_reason\"");
    QTest::newRow("messages stream") << messagesPath << payload::messages(true) << QByteArray("message_stop");
    QTest::newRow("gemini stream") << geminiStreamPath << payload::gemini() << QByteArray("finishReason");
}

void ProxyDemoTest::everyDialectIsSpoken()
{
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, part);
    const Answer answer =
        ask(m_proxy->port(), postJson(path, body, { { "anthropic-version", "2023-06-01" } }), milliseconds(30000));
    QCOMPARE(answer.status(), 200);
    QVERIFY2(answer.isComplete(), answer.summary().constData());
    QVERIFY2(answer.body.contains(part), answer.body.constData());
}

/// The rate-limited and the flaky one fail, and no client notices.
void ProxyDemoTest::faultsAreSeenAndHidden()
{
    const auto anyRefused = [this] {
        for (const QJsonValue provider : providers()) {
            const QJsonValue outcomes = provider[QLatin1String("outcomes")];
            if (outcomes[QLatin1String("throttled")].toInt() + outcomes[QLatin1String("failure")].toInt() > 0)
                return true;
        }
        return false;
    };
    const Moment begun = std::chrono::steady_clock::now();
    while (!anyRefused() && since(begun) < milliseconds(60000)) {
        const Answer answer = ask(m_proxy->port(), postJson(chatPath, payload::chat(false)), milliseconds(30000));
        QCOMPARE(answer.status(), 200);
        for (const QJsonValue provider : providers()) {
            // Straight at each one, so that its own fault shows in its counts.
            ask(m_proxy->port(),
                postJson("/providers/" + provider[QLatin1String("name")].toString().toUtf8() + chatPath,
                         payload::chat(false)),
                milliseconds(30000));
        }
    }
    QVERIFY(anyRefused());
}

QTEST_GUILESS_MAIN(ProxyDemoTest)
#include "tst_proxy_demo.moc"
