// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/clock.h"
#include "engine/health/healthprober.h"
#include "tests/support/fakeprovider.h"
#include "tests/support/rawsocket.h"

#include <QTest>

using namespace signalbox;
using namespace signalbox::test;

namespace {

/// Answers every check with that status.
Script says(int status)
{
    return [status](Turn &turn) { turn.answer(status, "{\"data\":[]}"); };
}

ProbeTarget targetAt(const QString &name, std::uint16_t port)
{
    ProbeTarget target;
    target.name = name;
    target.host = QStringLiteral("127.0.0.1");
    target.port = port;
    target.tls = false;
    target.path = "/v1/models";
    target.headers.append("authorization", "Bearer sk-of-" + name.toUtf8());
    return target;
}

/// The prober with its results.
class Probing
{
public:
    Probing() : prober(m_clock, [] { return 0.5; })
    {
        QObject::connect(&prober, &HealthProber::probeFinished, &m_context,
                         [this](const ProbeResult &result) { results.push_back(result); });
    }
    bool waitForResults(std::size_t count)
    {
        return QTest::qWaitFor([&] { return results.size() >= count; }, 10000);
    }

private:
    SystemClock m_clock;
    QObject m_context;

public:
    std::vector<ProbeResult> results;
    HealthProber prober;
};

} // namespace

class HealthProberTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void allProvidersAreAskedAtOnce();
    void verdictsFollowTheAnswer_data();
    void verdictsFollowTheAnswer();
    void aRefusedConnectionNamesItsPhase();
    void silenceEndsInATimeoutThatNamesItsPhase();
    void neverTwoAtOnceOfOneProvider();
    void stoppingDoesNotWaitForProviders();
    void itAsksAgainEveryInterval();
    void withoutAPathAConnectionIsEnough();
};

void HealthProberTest::allProvidersAreAskedAtOnce()
{
    constexpr int providers = 8;
    // Nobody answers before everybody has been asked.
    std::atomic<int> asked { 0 };
    const Script together = [&asked](Turn &turn) {
        ++asked;
        while (asked < providers && turn.isOpen())
            turn.pause(milliseconds(2));
        turn.answer(200, "{}");
    };
    std::vector<std::unique_ptr<FakeProvider>> servers;
    std::vector<ProbeTarget> targets;
    for (int i = 0; i < providers; ++i) {
        servers.push_back(std::make_unique<FakeProvider>(together));
        targets.push_back(targetAt(QString::number(i), servers.back()->port()));
    }
    Probing probing;
    probing.prober.setTargets(targets);
    probing.prober.start();
    QVERIFY(probing.waitForResults(providers));
    for (const ProbeResult &result : probing.results)
        QVERIFY2(result.reachable, qPrintable(result.error));
    for (int i = 0; i < providers; ++i) {
        const auto seen = servers[static_cast<std::size_t>(i)]->requests("GET");
        QCOMPARE(seen.size(), std::size_t(1));
        QCOMPARE(seen[0].head.target(), QByteArray("/v1/models"));
        QCOMPARE(seen[0].head.headers.value("authorization"), "Bearer sk-of-" + QByteArray::number(i));
    }
    probing.prober.stop();
}

void HealthProberTest::verdictsFollowTheAnswer_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<bool>("reachable");
    QTest::addColumn<bool>("authenticated");
    QTest::newRow("ok") << 200 << true << true;
    QTest::newRow("key refused") << 401 << true << false;
    QTest::newRow("no such page") << 404 << true << false;
    QTest::newRow("throttled") << 429 << true << false;
    QTest::newRow("broken") << 500 << false << false;
    QTest::newRow("overloaded") << 529 << false << false;
}

void HealthProberTest::verdictsFollowTheAnswer()
{
    QFETCH(int, status);
    FakeProvider server(says(status));
    Probing probing;
    probing.prober.setTargets({ targetAt(QStringLiteral("alpha"), server.port()) });
    QVERIFY(probing.prober.probeNow(QStringLiteral("alpha")));
    QVERIFY(probing.waitForResults(1));
    const ProbeResult &result = probing.results.front();
    QCOMPARE(result.provider, QStringLiteral("alpha"));
    QCOMPARE(result.status, status);
    QTEST(result.reachable, "reachable");
    QTEST(result.authenticated2xx, "authenticated");
    QVERIFY(result.timings.connect && result.timings.firstByte && !result.timings.tls);
    QVERIFY(result.timings.total >= *result.timings.connect + *result.timings.firstByte);
}

void HealthProberTest::aRefusedConnectionNamesItsPhase()
{
    const RawSocket holder = RawSocket::boundToAnyPort();
    const ProbeTarget target = targetAt(QStringLiteral("alpha"), holder.localPort());
    Probing probing;
    probing.prober.setTargets({ target });
    probing.prober.probeNow(target.name);
    QVERIFY(probing.waitForResults(1));
    QVERIFY(!probing.results.front().reachable);
    QVERIFY(probing.results.front().failedIn == ProbePhase::Connect);
    QVERIFY2(probing.results.front().error.startsWith(QLatin1String("connect")),
             qPrintable(probing.results.front().error));
}

void HealthProberTest::silenceEndsInATimeoutThatNamesItsPhase()
{
    FakeProvider server([](Turn &turn) { turn.waitUntilPeerCloses(); });
    ProbeTarget target = targetAt(QStringLiteral("alpha"), server.port());
    target.deadline = std::chrono::milliseconds(300);
    Probing probing;
    probing.prober.setTargets({ target });
    probing.prober.probeNow(target.name);
    QVERIFY(probing.waitForResults(1));
    QVERIFY(!probing.results.front().reachable);
    QVERIFY(probing.results.front().failedIn == ProbePhase::FirstByte);
}

void HealthProberTest::neverTwoAtOnceOfOneProvider()
{
    FakeProvider server([](Turn &turn) {
        turn.pause(milliseconds(200));
        turn.answer(200, "{}");
    });
    Probing probing;
    probing.prober.setTargets({ targetAt(QStringLiteral("alpha"), server.port()) });
    for (int i = 0; i < 20; ++i)
        QVERIFY(probing.prober.probeNow(QStringLiteral("alpha")));
    QCOMPARE(probing.prober.running(), 1);
    QVERIFY(probing.waitForResults(1));
    QCOMPARE(server.count("GET"), 1);
    QVERIFY(!probing.prober.probeNow(QStringLiteral("nobody")));
}

void HealthProberTest::stoppingDoesNotWaitForProviders()
{
    FakeProvider server([](Turn &turn) { turn.waitUntilPeerCloses(); });
    Probing probing;
    probing.prober.setTargets({ targetAt(QStringLiteral("alpha"), server.port()) });
    probing.prober.start();
    QVERIFY(server.waitForCount(1, "GET"));
    // The target's own deadline is 30 s: far beyond this test's patience.
    probing.prober.stop();
    QVERIFY(QTest::qWaitFor([&] { return probing.prober.running() == 0; }, 5000));
    QVERIFY(probing.results.empty());
}

void HealthProberTest::itAsksAgainEveryInterval()
{
    FakeProvider server(says(200));
    Probing probing;
    probing.prober.setInterval(std::chrono::milliseconds(60));
    probing.prober.setTargets({ targetAt(QStringLiteral("alpha"), server.port()) });
    probing.prober.start();
    QVERIFY(probing.waitForResults(4));
    probing.prober.stop();
}

void HealthProberTest::withoutAPathAConnectionIsEnough()
{
    FakeProvider server([](Turn &turn) { turn.waitUntilPeerCloses(); });
    ProbeTarget target = targetAt(QStringLiteral("alpha"), server.port());
    target.path.clear();
    Probing probing;
    probing.prober.setTargets({ target });
    probing.prober.probeNow(target.name);
    QVERIFY(probing.waitForResults(1));
    QVERIFY2(probing.results.front().reachable, qPrintable(probing.results.front().error));
    QCOMPARE(probing.results.front().status, 0);
    QCOMPARE(server.count("GET"), 0);
}

QTEST_GUILESS_MAIN(HealthProberTest)
#include "tst_healthprober.moc"
