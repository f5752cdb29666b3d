// SPDX-License-Identifier: GPL-3.0-or-later
// 10,000 requests while three providers fail at random before their first byte and one always works.
#include "tests/support/scene.h"

#include <QTest>

#include <map>
#include <random>

using namespace signalbox;
using namespace signalbox::test;
using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int requestCount = 10000;
constexpr int clientCount = 8;
constexpr unsigned seed = 20261124;

/// Half of the time it works, else it fails in one of the ways that come before the first byte.
class RandomFaults
{
public:
    RandomFaults(QByteArray name, unsigned ownSeed) : m_name(std::move(name)), m_random(ownSeed) { }

    Script script()
    {
        return [this](Turn &turn) { act(turn, draw()); };
    }

private:
    int draw()
    {
        const std::lock_guard lock(m_mutex);
        return std::uniform_int_distribution(0, 15)(m_random);
    }

    void act(Turn &turn, int fault)
    {
        switch (fault) {
        case 0:
            return turn.close();
        case 1:
            return turn.reset();
        case 2:
            turn.send("HTTP/1.1 200 OK\r\nContent-");
            return turn.close();
        case 3:
            return turn.answer(500, "{\"error\":{\"message\":\"scripted\"}}");
        case 4:
            return turn.answer(529, "{\"error\":{\"message\":\"scripted\"}}");
        case 5:
            return turn.answer(429, "{\"error\":{\"message\":\"scripted\"}}", { { "retry-after-ms", "20" } });
        case 6:
            return turn.answer(200, {});
        case 7:
            return events({ "data: {\"error\":{\"message\":\"scripted\"}}\n\n" })(turn);
        default:
            return healthy(m_name)(turn);
        }
    }

    QByteArray m_name;
    std::mutex m_mutex;
    std::mt19937 m_random;
};

/// What one client got wrong.
struct Tally
{
    int good = 0;
    QByteArray firstBad;
};

Tally runClient(std::uint16_t port, int first, int count)
{
    Tally tally;
    auto client = std::make_unique<HttpClient>(port);
    for (int i = first; i < first + count; ++i) {
        QByteArray body = payload::chat(i % 2 == 0);
        body.insert(1, "\"id\":" + QByteArray::number(i) + ",");
        client->send(postJson(chatPath, body));
        const Answer got = client->readAnswer();
        if (got.status() == 200 && got.isComplete() && got.body.contains("chatcmpl-1")) {
            ++tally.good;
            continue;
        }
        if (tally.firstBad.isEmpty())
            tally.firstBad = "request " + QByteArray::number(i) + ": " + got.summary();
        client = std::make_unique<HttpClient>(port);
    }
    return tally;
}

} // namespace

class TestProxyRandom : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyRequestSucceeds();
};

void TestProxyRandom::everyRequestSucceeds()
{
    RandomFaults faults[] = { { "alpha", seed }, { "beta", seed + 1 }, { "gamma", seed + 2 } };
    FakeProvider alpha(faults[0].script());
    FakeProvider beta(faults[1].script());
    FakeProvider gamma(faults[2].script());
    FakeProvider delta(healthy("delta"));
    ProxyProcess proxy;
    // So short that they are asked again all the time.
    proxy.set(u"breaker"_s, u"timeoutMs"_s, 20);
    proxy.provider(u"alpha"_s, u"openai"_s, alpha.baseUrl(u"/v1"_s), alphaKey);
    proxy.provider(u"beta"_s, u"openai"_s, beta.baseUrl(u"/v1"_s), betaKey);
    proxy.provider(u"gamma"_s, u"openai"_s, gamma.baseUrl(u"/v1"_s), "sk-gamma-77665544332211");
    proxy.provider(u"delta"_s, u"openai"_s, delta.baseUrl(u"/v1"_s), "sk-delta-11223344556677");
    QVERIFY(proxy.start());

    std::vector<Tally> tallies(clientCount);
    std::vector<std::thread> clients;
    constexpr int each = requestCount / clientCount;
    for (int c = 0; c < clientCount; ++c) {
        clients.emplace_back(
            [&, c] { tallies[static_cast<std::size_t>(c)] = runClient(proxy.port(), c * each, each); });
    }
    for (std::thread &client : clients)
        client.join();

    int good = 0;
    for (const Tally &tally : tallies) {
        QVERIFY2(tally.firstBad.isEmpty(), tally.firstBad.constData());
        good += tally.good;
    }
    QCOMPARE(good, requestCount);
    QVERIFY2(alpha.count() > 100, "the faults must have been met");
    for (const FakeProvider *provider : { &alpha, &beta, &gamma, &delta }) {
        std::map<QByteArray, int> copies;
        for (const SeenRequest &seen : provider->requests("POST"))
            QCOMPARE(++copies[seen.body.left(16)], 1);
    }
    const QJsonObject totals = proxy.status().value(u"totals"_s).toObject();
    QCOMPARE(totals.value(u"succeeded"_s).toInt(), requestCount);
    QCOMPARE(totals.value(u"failed"_s).toInt(), 0);
}

QTEST_GUILESS_MAIN(TestProxyRandom)
#include "tst_proxy_random.moc"
