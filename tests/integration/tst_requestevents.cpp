// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/integration/recordedengine.h"

#include <QSignalSpy>

using namespace signalbox;
using namespace signalbox::test;

class RequestEventsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aPlainAnswerIsTold();
    void aFailoverNamesBothAttempts();
    void aSkippedProviderIsNamed();
    void aStreamsGapsAreMeasured();
    void aStalledStreamIsTold();
    void aClientThatLeavesIsTold();
};

void RequestEventsTest::aPlainAnswerIsTold()
{
    FakeProvider alpha(healthy("alpha"));
    FakeProvider beta(healthy("beta"));
    RecordedEngine recorded(alpha, beta);
    const QByteArray body = payload::chat(false);
    const Answer answer = ask(recorded.port(),
                              postJson(chatPath, body,
                                       { { "user-agent", "claude-cli/2.0.1 (external, cli)" },
                                         { "x-claude-code-session-id", "0b5e7d3a-secret-session" } }));
    QCOMPARE(answer.status(), 200);
    const RequestEvent event = recorded.next();
    QCOMPARE(event.id, answer.header("x-signalbox-request-id"));
    QCOMPARE(event.userAgent, QByteArray("claude-code"));
    QCOMPARE(event.session.size(), 12);
    QVERIFY(!event.session.contains("secret"));
    QCOMPARE(event.endpoint, QByteArray("chat/completions"));
    QCOMPARE(event.status, 200);
    QCOMPARE(event.end, RequestEvent::End::Completed);
    QCOMPARE(event.streamEnd, RequestEvent::StreamEnd::NoStream);
    QCOMPARE(event.bytesFromClient, qint64(body.size()));
    QCOMPARE(event.bytesToClient, qint64(answer.body.size()));
    QCOMPARE(event.attempts.size(), std::size_t(1));
    const AttemptEvent &attempt = event.attempts.front();
    QCOMPARE(attempt.chosenBecause, QStringLiteral("priority"));
    QVERIFY(attempt.skipped.empty());
    QVERIFY(attempt.score > 0);
    QVERIFY(!attempt.reusedConnection);
    const AttemptPhases &phases = attempt.phases;
    QVERIFY(phases.connect.count() >= 0);
    QCOMPARE(phases.tls, AttemptPhases::none);
    QVERIFY(phases.connect <= phases.sent && phases.sent <= phases.head && phases.head <= phases.firstByte &&
            phases.firstByte <= phases.lastByte);
    QVERIFY(attempt.bytesSent > body.size());
    QCOMPARE(attempt.bytesReceived, qint64(answer.body.size()));
    QVERIFY(event.firstByte.count() > 0 && event.firstByte <= event.total);

    ask(recorded.port(), postJson(chatPath, body));
    QVERIFY(recorded.next().attempts.front().reusedConnection);
}

void RequestEventsTest::aFailoverNamesBothAttempts()
{
    FakeProvider alpha([](Turn &turn) {
        std::this_thread::sleep_for(milliseconds(500));
        turn.answer(503, "{}");
    });
    FakeProvider beta(healthy("beta"));
    RecordedEngine recorded(alpha, beta);
    QSignalSpy trouble(&recorded.engine(), &Engine::requestHadTrouble);
    QCOMPARE(ask(recorded.port(), postJson(chatPath, payload::chat(false))).status(), 200);
    const RequestEvent event = recorded.next();
    QCOMPARE(event.provider, QStringLiteral("beta"));
    QTRY_COMPARE_WITH_TIMEOUT(trouble.size(), 1, 10'000);
    QCOMPARE(event.attempts.size(), std::size_t(2));
    QCOMPARE(event.attempts[0].status, 503);
    QCOMPARE(event.attempts[0].outcome, Outcome::Failure);
    QVERIFY(event.overhead < event.attempts[0].total); // a provider's time is not ours
    QCOMPARE(event.attempts[1].chosenBecause, QStringLiteral("failover"));
    QVERIFY(event.attempts[1].startedAfter >= event.attempts[0].startedAfter);
    // The next one goes well: finished, but no trouble.
    QCOMPARE(ask(recorded.port(), postJson("/providers/beta" + QByteArray(chatPath), payload::chat(false))).status(),
             200);
    recorded.next();
    QCOMPARE(trouble.size(), 1);
}

void RequestEventsTest::aSkippedProviderIsNamed()
{
    FakeProvider alpha(healthy("alpha"));
    FakeProvider beta(healthy("beta"));
    RecordedEngine recorded(alpha, beta);
    recorded.engine().command({ ProviderCommand::Kind::ForceOpen, QStringLiteral("alpha"), {} }).waitForFinished();
    QCOMPARE(ask(recorded.port(), postJson(chatPath, payload::chat(false))).status(), 200);
    const RequestEvent event = recorded.next();
    QCOMPARE(event.attempts.size(), std::size_t(1));
    QCOMPARE(event.attempts[0].provider, QStringLiteral("beta"));
    QCOMPARE(event.attempts[0].skipped.size(), std::size_t(1));
    QCOMPARE(event.attempts[0].skipped[0].provider, QStringLiteral("alpha"));
    QCOMPARE(event.attempts[0].skipped[0].reason, QStringLiteral("forced_open"));
}

void RequestEventsTest::aStreamsGapsAreMeasured()
{
    FakeProvider alpha([](Turn &turn) {
        turn.startEvents();
        for (int i = 0; i < 4; ++i) {
            turn.chunk("data: {\"choices\":[{\"delta\":{\"content\":\"x\"}}]}\n\n");
            turn.pause(milliseconds(i == 2 ? 150 : 20));
        }
        turn.chunk("data: [DONE]\n\n");
        turn.endChunks();
    });
    FakeProvider beta(healthy("beta"));
    RecordedEngine recorded(alpha, beta);
    QCOMPARE(ask(recorded.port(), postJson(chatPath, payload::chat(true))).status(), 200);
    const RequestEvent event = recorded.next();
    QVERIFY(event.stream);
    QCOMPARE(event.streamEnd, RequestEvent::StreamEnd::Completed);
    QCOMPARE(event.gaps.events, 4U);
    QVERIFY2(event.gaps.longest >= milliseconds(140), qPrintable(QString::number(event.gaps.longest.count())));
    QVERIFY(event.gaps.p50 < event.gaps.longest);
    QVERIFY(event.gaps.p50 > milliseconds(5));
}

void RequestEventsTest::aStalledStreamIsTold()
{
    FakeProvider alpha([](Turn &turn) {
        turn.startEvents();
        turn.chunk("data: {\"choices\":[{\"delta\":{\"content\":\"x\"}}]}\n\n");
        turn.waitUntilPeerCloses();
    });
    FakeProvider beta(healthy("beta"));
    RecordedEngine recorded(alpha, beta, {}, QStringLiteral(",\"timeouts\":{\"idleMs\":400}"));
    ask(recorded.port(), postJson(chatPath, payload::chat(true)));
    const RequestEvent event = recorded.next();
    QCOMPARE(event.end, RequestEvent::End::Truncated);
    QCOMPARE(event.streamEnd, RequestEvent::StreamEnd::Stalled);
    QCOMPARE(event.attempts.back().reason, QStringLiteral("idle_timeout"));
}

void RequestEventsTest::aClientThatLeavesIsTold()
{
    FakeProvider alpha([](Turn &turn) {
        turn.startEvents();
        turn.chunk("data: {\"choices\":[{\"delta\":{\"content\":\"x\"}}]}\n\n");
        turn.waitUntilPeerCloses();
    });
    FakeProvider beta(healthy("beta"));
    RecordedEngine recorded(alpha, beta);
    {
        HttpClient client(recorded.port());
        client.send(postJson(chatPath, payload::chat(true)));
        QVERIFY(client.readHead());
        QVERIFY(client.readPiece());
    }
    const RequestEvent event = recorded.next();
    QCOMPARE(event.end, RequestEvent::End::ClientGone);
    QCOMPARE(event.streamEnd, RequestEvent::StreamEnd::ClientGone);
    QCOMPARE(event.attempts.back().outcome, Outcome::Ignored);
}

QTEST_GUILESS_MAIN(RequestEventsTest)
#include "tst_requestevents.moc"
