// SPDX-License-Identifier: GPL-3.0-or-later
// What can be seen and done of a request while it runs, and seen of it afterwards.
#include "engine/api/har.h"
#include "engine/api/requestjson.h"
#include "tests/integration/recordedengine.h"

#include <QJsonArray>
#include <QJsonDocument>

using namespace signalbox;
using namespace signalbox::test;

namespace {

using Phase = InFlightRequest::Phase;

/// Waits until somebody hangs up, at the moment that is wanted.
Script stalled(int events)
{
    return [events](Turn &turn) {
        if (events > 0)
            turn.startEvents();
        for (int i = 0; i < events; ++i)
            turn.chunk("data: {\"choices\":[{\"delta\":{\"content\":\"x\"}}]}\n\n");
        turn.waitUntilPeerCloses();
    };
}

/// The only request in flight, once it has come so far.
std::optional<InFlightRequest> inFlight(RecordedEngine &recorded, Phase phase)
{
    std::optional<InFlightRequest> found;
    const auto look = [&] {
        const EngineSnapshotPtr snapshot = recorded.engine().snapshot();
        for (const InFlightRequest &request : snapshot->inFlightRequests) {
            if (request.phase == phase)
                found = request;
        }
        return found.has_value();
    };
    if (!QTest::qWaitFor(look, 10000))
        return std::nullopt;
    return found;
}

} // namespace

class InFlightTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aWaitingRequestIsShownAndCancelled();
    void aStreamIsShownAndCancelled();
    void aBodyThatStillComesIsShown();
    void aRequestThatEndedCannotBeCancelled();
    void manyAreShownNewestFirst();
    void detailsShowHeadersWithoutSecrets();
    void detailsShowWhoWasConsidered();
    void ofManyProvidersAllAreTriedAtNeed();
    void detailsShowStreamEvents();
    void harHoldsHeaders();
};

void InFlightTest::aWaitingRequestIsShownAndCancelled()
{
    FakeProvider alpha(stalled(0));
    FakeProvider beta(healthy("beta"));
    RecordedEngine recorded(alpha, beta);
    HttpClient client(recorded.port());
    client.send(postJson(chatPath, payload::chat(false), { { "user-agent", "codex/1.0" } }));
    const std::optional<InFlightRequest> request = inFlight(recorded, Phase::FirstByte);
    QVERIFY(request);
    QCOMPARE(request->provider, QStringLiteral("alpha"));
    QCOMPARE(request->attempt, 1);
    QCOMPARE(request->model, QByteArray("gpt-test"));
    QCOMPARE(request->path, chatPath);
    QVERIFY(!request->stream);
    QCOMPARE(request->bytesFromClient, qint64(payload::chat(false).size()));
    QVERIFY(request->elapsed.count() >= 0);
    QCOMPARE(recorded.engine().snapshot()->inFlight, 1);

    QVERIFY(RecordedEngine::wait(recorded.engine().cancelRequest(request->id)));
    const Answer answer = client.readAnswer();
    QCOMPARE(answer.status(), 503);
    QCOMPARE(answer.header("x-should-retry"), QByteArray("false"));
    QVERIFY(answer.body.contains("cancelled"));
    QVERIFY(answer.json().contains(QLatin1String("error")));
    const RequestEvent event = recorded.next();
    QCOMPARE(event.id, request->id);
    QCOMPARE(event.end, RequestEvent::End::Cancelled);
    // Nothing is failed over, and the breaker learns nothing.
    QCOMPARE(event.attempts.size(), std::size_t(1));
    QCOMPARE(event.attempts.front().outcome, Outcome::Ignored);
    QCOMPARE(event.attempts.front().reason, QStringLiteral("cancelled"));
    QCOMPARE(beta.count(), 0);
    QTRY_VERIFY(recorded.engine().snapshot()->inFlightRequests.empty());
    const EngineSnapshotPtr snapshot = recorded.engine().snapshot();
    QCOMPARE(snapshot->totals.cancelled, 1U);
    QCOMPARE(snapshot->providers.front().breaker.failures, 0);
    QTRY_VERIFY(std::any_of(recorded.states().begin(), recorded.states().end(), [&](const StateEvent &state) {
        return state.kind == StateEvent::Kind::Command && state.reason.contains(QString::fromLatin1(request->id));
    }));
}

void InFlightTest::aStreamIsShownAndCancelled()
{
    FakeProvider alpha(stalled(3));
    FakeProvider beta(healthy("beta"));
    RecordedEngine recorded(alpha, beta, {}, QStringLiteral(R"(,"timeouts":{"idleMs":60000})"));
    HttpClient client(recorded.port());
    client.send(postJson(chatPath, payload::chat(true)));
    QVERIFY(client.readHead());
    const std::optional<InFlightRequest> request = inFlight(recorded, Phase::Streaming);
    QVERIFY(request);
    QVERIFY(request->stream);
    QTRY_VERIFY(recorded.engine().snapshot()->inFlightRequests.front().bytesToClient > 0);
    QVERIFY(RecordedEngine::wait(recorded.engine().cancelRequest(request->id)));
    QByteArray body;
    while (const std::optional<QByteArray> piece = client.readPiece())
        body += *piece;
    // An error event of the dialect, then a visible cut.
    QVERIFY2(body.contains("\"error\"") && body.contains("operator"), body.constData());
    QCOMPARE(client.end(), BodyEnd::Cut);
    const RequestEvent event = recorded.next();
    QCOMPARE(event.end, RequestEvent::End::Cancelled);
    QCOMPARE(event.streamEnd, RequestEvent::StreamEnd::Cancelled);
    QCOMPARE(event.attempts.back().outcome, Outcome::Ignored);
}

void InFlightTest::aBodyThatStillComesIsShown()
{
    FakeProvider alpha(healthy("alpha"));
    FakeProvider beta(healthy("beta"));
    RecordedEngine recorded(alpha, beta);
    HttpClient client(recorded.port());
    const QByteArray whole = postJson(chatPath, payload::chat(false));
    client.send(whole.chopped(5));
    const std::optional<InFlightRequest> request = inFlight(recorded, Phase::Receiving);
    QVERIFY(request);
    QCOMPARE(request->attempt, 0);
    QVERIFY(request->provider.isEmpty());
    QVERIFY(RecordedEngine::wait(recorded.engine().cancelRequest(request->id)));
    QCOMPARE(client.readAnswer().status(), 503);
    QCOMPARE(recorded.next().end, RequestEvent::End::Cancelled);
    QCOMPARE(alpha.count(), 0);
}

void InFlightTest::aRequestThatEndedCannotBeCancelled()
{
    FakeProvider alpha(healthy("alpha"));
    FakeProvider beta(healthy("beta"));
    RecordedEngine recorded(alpha, beta);
    const Answer answer = ask(recorded.port(), postJson(chatPath, payload::chat(false)));
    QCOMPARE(answer.status(), 200);
    const Status status =
        RecordedEngine::wait(recorded.engine().cancelRequest(answer.header("x-signalbox-request-id")));
    QVERIFY(!status);
    QVERIFY(status.error().reason.contains(QLatin1String("in flight")));
}

void InFlightTest::manyAreShownNewestFirst()
{
    FakeProvider alpha(stalled(0));
    FakeProvider beta(healthy("beta"));
    RecordedEngine recorded(alpha, beta);
    std::vector<std::unique_ptr<HttpClient>> clients;
    for (int i = 0; i < 5; ++i) {
        clients.push_back(std::make_unique<HttpClient>(recorded.port()));
        clients.back()->send(postJson(chatPath, payload::chat(false, QByteArray("model-" + QByteArray::number(i)))));
        QVERIFY(alpha.waitForCount(i + 1));
    }
    QTRY_COMPARE(recorded.engine().snapshot()->inFlightRequests.size(), std::size_t(5));
    const EngineSnapshotPtr snapshot = recorded.engine().snapshot();
    QCOMPARE(snapshot->inFlightRequests.front().model, QByteArray("model-4"));
    QCOMPARE(snapshot->inFlightRequests.back().model, QByteArray("model-0"));
    clients.clear();
    QTRY_VERIFY(recorded.engine().snapshot()->inFlightRequests.empty());
}

void InFlightTest::detailsShowHeadersWithoutSecrets()
{
    FakeProvider alpha([](Turn &turn) {
        turn.answer(200, payload::chatAnswer("hi"),
                    { { "Set-Cookie", "id=4711" }, { "X-Request-Id", "up-1" }, { "X-Echo", alphaKey } });
    });
    FakeProvider beta(healthy("beta"));
    RecordedEngine recorded(alpha, beta);
    QCOMPARE(ask(recorded.port(),
                 postJson(chatPath + "?api-version=2&key=clients-own-secret", payload::chat(false),
                          { { "Authorization", "Bearer clients-own-secret" }, { "X-Team", "blue" } }))
                 .status(),
             200);
    const RequestEvent event = recorded.next();
    const auto details = RecordedEngine::wait(recorded.engine().requestDetails(event.sequence));
    QVERIFY(details);
    QCOMPARE(details.value().sequence, event.sequence);
    QCOMPARE(details.value().received.value("authorization"), QByteArray("***"));
    QCOMPARE(details.value().received.value("x-team"), QByteArray("blue"));
    QVERIFY(details.value().target.startsWith(QByteArray(chatPath + "?api-version=2")));
    QCOMPARE(details.value().attempts.size(), std::size_t(1));
    const AttemptDetails &attempt = details.value().attempts.front();
    QCOMPARE(attempt.sent.value("authorization"), QByteArray("***"));
    QCOMPARE(attempt.sent.value("x-team"), QByteArray("blue"));
    QCOMPARE(attempt.received.value("x-request-id"), QByteArray("up-1"));
    QCOMPARE(attempt.received.value("set-cookie"), QByteArray("***"));
    QCOMPARE(attempt.received.value("x-echo"), QByteArray("***"));
    QVERIFY(!RecordedEngine::wait(recorded.engine().requestDetails(event.sequence + 1)));
    const QByteArray json = QJsonDocument(toJson(details.value())).toJson();
    QVERIFY(!json.contains("clients-own-secret"));
    QVERIFY(!json.contains(alphaKey));
}

void InFlightTest::detailsShowWhoWasConsidered()
{
    FakeProvider alpha([](Turn &turn) { turn.answer(503, "{}"); });
    FakeProvider beta(healthy("beta"));
    RecordedEngine recorded(alpha, beta);
    const auto considered = [&](const QByteArray &bytes) {
        ask(recorded.port(), bytes);
        const auto details = RecordedEngine::wait(recorded.engine().requestDetails(recorded.next().sequence));
        QStringList list;
        for (const ConsideredProvider &provider : details.value().considered)
            list.append(provider.provider + QLatin1Char(' ') + provider.reason);
        return list;
    };
    QCOMPARE(considered(postJson(chatPath, payload::chat(false))),
             (QStringList { QStringLiteral("alpha asked"), QStringLiteral("beta asked") }));
    alpha.setScript(healthy("alpha"));
    QCOMPARE(considered(postJson(chatPath, payload::chat(false))),
             (QStringList { QStringLiteral("alpha asked"), QStringLiteral("beta not_needed") }));
    recorded.engine().command({ ProviderCommand::Kind::ForceOpen, QStringLiteral("alpha"), {} }).waitForFinished();
    QCOMPARE(considered(postJson(chatPath, payload::chat(false))),
             (QStringList { QStringLiteral("alpha forced_open"), QStringLiteral("beta asked") }));
    QCOMPARE(considered(postJson(messagesPath, payload::messages(false))),
             (QStringList { QStringLiteral("alpha dialect"), QStringLiteral("beta dialect") }));
}

void InFlightTest::ofManyProvidersAllAreTriedAtNeed()
{
    const Script failing = [](Turn &turn) { turn.answer(503, "{}"); };
    FakeProvider alpha(healthy("alpha"));
    FakeProvider dead(failing);
    FakeProvider beta(healthy("beta"));
    constexpr int between = 20;
    QString more;
    for (int i = 0; i < between; ++i)
        more += QStringLiteral(R"(},{"name":"dead%1","dialect":"openai","baseUrl":"%2","key":null)")
                    .arg(QString::number(i), baseFor(dead, QStringLiteral("openai")));
    RecordedEngine recorded(alpha, beta, {}, more);
    struct Seen
    {
        RequestEvent event;
        RequestDetails details;
    };
    const auto request = [&] {
        ask(recorded.port(), postJson(chatPath, payload::chat(false)));
        Seen seen { recorded.next(), {} };
        seen.details = RecordedEngine::wait(recorded.engine().requestDetails(seen.event.sequence)).value();
        return seen;
    };
    const Seen easy = request();
    QCOMPARE(easy.event.provider, QStringLiteral("alpha"));
    QCOMPARE(easy.details.considered.size() + easy.details.notLookedAt, std::size_t { between + 2 });
    QVERIFY(easy.details.notLookedAt > 0);

    alpha.setScript(failing);
    const Seen hard = request();
    QCOMPARE(hard.event.status, 200);
    QCOMPARE(hard.event.provider, QStringLiteral("beta"));
    QCOMPARE(hard.event.attempts.size(), std::size_t { between + 2 });
    QCOMPARE(hard.details.considered.size(), std::size_t { between + 2 });
    QCOMPARE(hard.details.notLookedAt, std::uint64_t { 0 });
    QCOMPARE(dead.count(), between);

    // Nor do breakers that refuse hide the one that would admit.
    for (int i = 0; i < between; ++i)
        RecordedEngine::wait(
            recorded.engine().command({ ProviderCommand::Kind::ForceOpen, QStringLiteral("dead%1").arg(i), {} }));
    RecordedEngine::wait(recorded.engine().command({ ProviderCommand::Kind::ForceOpen, QStringLiteral("alpha"), {} }));
    const Seen refused = request();
    QCOMPARE(refused.event.provider, QStringLiteral("beta"));
    QCOMPARE(refused.event.attempts.size(), std::size_t(1));
    QCOMPARE(refused.event.attempts.front().skipped.size(), std::size_t { between + 1 });
    QCOMPARE(dead.count(), between);
}

void InFlightTest::detailsShowStreamEvents()
{
    FakeProvider alpha([](Turn &turn) {
        turn.startEvents();
        for (int i = 0; i < 600; ++i)
            turn.chunk("data: {\"choices\":[{\"delta\":{\"content\":\"x\"}}]}\n\n");
        turn.pause(milliseconds(50));
        turn.chunk("data: [DONE]\n\n");
        turn.endChunks();
    });
    FakeProvider beta(healthy("beta"));
    RecordedEngine recorded(alpha, beta);
    QCOMPARE(ask(recorded.port(), postJson(chatPath, payload::chat(true))).status(), 200);
    const auto details = RecordedEngine::wait(recorded.engine().requestDetails(recorded.next().sequence));
    QVERIFY(details);
    QCOMPARE(details.value().events.size(), std::size_t(500));
    QCOMPARE(details.value().furtherEvents, 101U);
    QVERIFY(std::is_sorted(details.value().events.begin(), details.value().events.end(),
                           [](const StreamEventDetails &a, const StreamEventDetails &b) { return a.at < b.at; }));
    QVERIFY(details.value().events.front().at.count() > 0);
    QCOMPARE(details.value().events.front().bytes, 39U);
}

void InFlightTest::harHoldsHeaders()
{
    FakeProvider alpha(healthy("alpha"));
    FakeProvider beta(healthy("beta"));
    RecordedEngine recorded(alpha, beta);
    ask(recorded.port(), postJson(chatPath + "?trace=1", payload::chat(false), { { "X-Team", "blue" } }));
    const RequestEvent event = recorded.next();
    const auto details = RecordedEngine::wait(recorded.engine().requestDetailsOf({ event.sequence, 1 }));
    QCOMPARE(details.size(), std::size_t(1));
    const QByteArray har = harText({ event }, details);
    const QJsonObject entry =
        QJsonDocument::fromJson(har)[QLatin1String("log")][QLatin1String("entries")][0].toObject();
    const QJsonObject request = entry[QLatin1String("request")].toObject();
    QVERIFY(request[QLatin1String("headers")].toArray().contains(QJsonObject {
        { QStringLiteral("name"), QStringLiteral("X-Team") }, { QStringLiteral("value"), QStringLiteral("blue") } }));
    QCOMPARE(request[QLatin1String("queryString")].toArray().size(), 1);
    QVERIFY(!entry[QLatin1String("response")][QLatin1String("headers")].toArray().isEmpty());
    QVERIFY(!har.contains(alphaKey));
}

QTEST_GUILESS_MAIN(InFlightTest)
#include "tst_inflight.moc"
