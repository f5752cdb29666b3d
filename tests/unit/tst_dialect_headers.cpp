// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/dialect/headers.h"

#include <QTest>

using namespace signalbox;

namespace {

const QByteArray token("local-token-0123456789abcdef");

Route routeOf(const char *target)
{
    return routeRequest("POST", target, {});
}

const Route chat = routeOf("/v1/chat/completions");
const Route messages = routeOf("/v1/messages");
const Route gemini = routeOf("/v1beta/models/g:generateContent?key=AIzaQueryKey");

UpstreamContext withKey(const char *key = "sk-provider")
{
    UpstreamContext context;
    context.auth.key = Secret(key);
    context.localToken = Secret(token);
    context.instanceId = "id1";
    return context;
}

UpstreamContext passthrough()
{
    UpstreamContext context = withKey("");
    context.auth.passthrough = true;
    return context;
}

HeaderList sent(const HeaderList &client, const Route &route, const UpstreamContext &context)
{
    const Result<HeaderList> headers = upstreamHeaders(client, route, context);
    return headers ? headers.value() : HeaderList { { "failed", headers.error().reason.toUtf8() } };
}

QByteArray joined(const HeaderList &headers)
{
    QByteArray text;
    for (const HeaderField &field : headers)
        text += field.name + ": " + field.value + "\n";
    return text;
}

} // namespace

class TestHeaders : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void clientFieldsAreStripped_data();
    void clientFieldsAreStripped();
    void otherFieldsPassInOrder();
    void connectionNamesFieldsOfThisHop();
    void keyStandsWhereItsDialectWantsIt();
    void explicitSchemeWins();
    void noKeyMeansNoCredential();
    void passthroughSendsTheClientsCredentialOnly();
    void localTokenNeverGoesOut_data();
    void localTokenNeverGoesOut();
    void geminiQueryKeyBecomesAHeader();
    void splittingFieldsAreErrors();
    void viaMarksTheLoop();
    void answersLoseWhatIsTheProvidersOwn();
    void answersKeepOrderAndDuplicates();
    void malformedAnswersAreErrors();
    void contentLengthIsChecked();
    void candidatesAreFoundEverywhere();
    void ownCredentialIsNotTheLocalToken();
};

void TestHeaders::clientFieldsAreStripped_data()
{
    QTest::addColumn<QByteArray>("name");
    for (const char *name : { "Authorization",
                              "proxy-authorization",
                              "X-Api-Key",
                              "api-key",
                              "x-goog-api-key",
                              "Cookie",
                              "openai-organization",
                              "openai-project",
                              "chatgpt-account-id",
                              "x-goog-user-project",
                              "origin",
                              "referer",
                              "forwarded",
                              "x-forwarded-for",
                              "X-Forwarded-Anything",
                              "sec-fetch-site",
                              "x-signalbox-token",
                              "x-signalbox-x",
                              "host",
                              "content-length",
                              "transfer-encoding",
                              "expect",
                              "connection",
                              "keep-alive",
                              "te",
                              "trailer",
                              "upgrade",
                              "proxy-connection",
                              "x-auth-token",
                              "access-control-request-headers",
                              "x-real-ip",
                              "http2-settings",
                              "sec-websocket-key" })
        QTest::newRow(name) << QByteArray(name);
}

void TestHeaders::clientFieldsAreStripped()
{
    QFETCH(QByteArray, name);
    for (const Route *route : { &chat, &messages, &gemini }) {
        const HeaderList headers = sent({ { name, "clients-secret" }, { "x-other", "kept" } }, *route, withKey());
        QVERIFY2(!joined(headers).contains("clients-secret"), joined(headers).constData());
        QCOMPARE(headers.value("x-other"), QByteArray("kept"));
    }
}

void TestHeaders::otherFieldsPassInOrder()
{
    const HeaderList client { { "User-Agent", "a" },
                              { "anthropic-beta", "b1" },
                              { "anthropic-beta", "b2" },
                              { "Accept-Encoding", "gzip, br" },
                              { "Content-Type", "application/json" },
                              { "x-stainless-retry-count", "0" },
                              { "anthropic-version", "2026-10-21" },
                              { "content-encoding", "gzip" } };
    const HeaderList headers = sent(client, messages, withKey());
    QVERIFY(joined(headers).startsWith(joined(client)));
    QCOMPARE(headers.size(), client.size() + 2); // the key and via
}

void TestHeaders::connectionNamesFieldsOfThisHop()
{
    const HeaderList headers =
        sent({ { "Connection", "X-One , close" }, { "connection", "x-two" }, { "x-one", "1" }, { "X-Two", "2" } }, chat,
             withKey());
    QVERIFY(!headers.contains("x-one") && !headers.contains("x-two") && !headers.contains("connection"));
}

void TestHeaders::keyStandsWhereItsDialectWantsIt()
{
    QCOMPARE(sent({}, chat, withKey()).value("authorization"), QByteArray("Bearer sk-provider"));
    QCOMPARE(sent({}, gemini, withKey()).value("x-goog-api-key"), QByteArray("sk-provider"));
    const HeaderList absent = sent({}, messages, withKey());
    QCOMPARE(absent.value("x-api-key"), QByteArray("sk-provider"));
    QCOMPARE(absent.value("anthropic-version"), QByteArray("2023-06-01"));
    QVERIFY(!absent.contains("authorization"));
    QCOMPARE(sent({ { "Anthropic-Version", "2023-06-01" } }, messages, withKey()).value("x-api-key"),
             QByteArray("sk-provider"));
    const HeaderList later = sent({ { "anthropic-version", "2026-10-21" } }, messages, withKey());
    QCOMPARE(later.value("authorization"), QByteArray("Bearer sk-provider"));
    QVERIFY(!later.contains("x-api-key"));
    QVERIFY(!sent({}, chat, withKey()).contains("anthropic-version"));
}

void TestHeaders::explicitSchemeWins()
{
    UpstreamContext context = withKey();
    context.auth.schemeExplicit = true;
    context.auth.scheme = AuthScheme::ApiKey;
    QCOMPARE(sent({}, chat, context).value("api-key"), QByteArray("sk-provider"));
    context.auth.scheme = AuthScheme::XApiKey;
    QCOMPARE(sent({ { "anthropic-version", "2026-10-21" } }, messages, context).value("x-api-key"),
             QByteArray("sk-provider"));
}

void TestHeaders::noKeyMeansNoCredential()
{
    const HeaderList headers =
        sent({ { "authorization", "Bearer clients" }, { "x-api-key", "clients" } }, chat, withKey(""));
    QVERIFY(!joined(headers).contains("clients"));
    QVERIFY(!headers.contains("authorization"));
}

void TestHeaders::passthroughSendsTheClientsCredentialOnly()
{
    const HeaderList client { { "Authorization", "Bearer clients-own" }, { "x-api-key", "clients-own" },
                              { "x-goog-api-key", "clients-own" },       { "openai-organization", "org" },
                              { "chatgpt-account-id", "acc" },           { "cookie", "c" } };
    const HeaderList toOpenAi = sent(client, chat, passthrough());
    QCOMPARE(toOpenAi.value("authorization"), QByteArray("Bearer clients-own"));
    QCOMPARE(toOpenAi.value("chatgpt-account-id"), QByteArray("acc"));
    QVERIFY(!toOpenAi.contains("x-api-key") && !toOpenAi.contains("x-goog-api-key") && !toOpenAi.contains("cookie"));
    const HeaderList toAnthropic = sent(client, messages, passthrough());
    QCOMPARE(toAnthropic.value("x-api-key"), QByteArray("clients-own"));
    QVERIFY(!toAnthropic.contains("openai-organization"));
}

void TestHeaders::localTokenNeverGoesOut_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("value");
    QTest::newRow("bearer") << QByteArray("authorization") << QByteArray("Bearer " + token);
    QTest::newRow("bearer, odd space") << QByteArray("authorization") << QByteArray("bearer   " + token + " ");
    QTest::newRow("raw") << QByteArray("authorization") << token;
    QTest::newRow("basic") << QByteArray("authorization")
                           << QByteArray("Basic " + QByteArray("user:" + token).toBase64());
    QTest::newRow("x-api-key") << QByteArray("x-api-key") << token;
    QTest::newRow("x-goog-api-key") << QByteArray("x-goog-api-key") << token;
    QTest::newRow("elsewhere") << QByteArray("x-custom") << QByteArray("prefix-" + token);
}

void TestHeaders::localTokenNeverGoesOut()
{
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, value);
    for (const Route *route : { &chat, &messages, &gemini }) {
        for (const UpstreamContext &context : { passthrough(), withKey() }) {
            const QByteArray head = joined(sent({ { name, value } }, *route, context));
            QVERIFY2(!head.contains(token) && !head.contains(QByteArray("user:" + token).toBase64()), head.constData());
        }
    }
}

void TestHeaders::geminiQueryKeyBecomesAHeader()
{
    QCOMPARE(sent({}, gemini, passthrough()).value("x-goog-api-key"), QByteArray("AIzaQueryKey"));
    QCOMPARE(sent({ { "x-goog-api-key", "own" } }, gemini, passthrough()).values("x-goog-api-key"),
             std::vector<QByteArray> { "own" });
    QVERIFY(!joined(sent({}, gemini, withKey())).contains("AIzaQueryKey"));
    Route tokenRoute = gemini;
    tokenRoute.queryKey = token;
    QVERIFY(!sent({}, tokenRoute, passthrough()).contains("x-goog-api-key"));
    tokenRoute.queryKey = "a\r\nx: y";
    QVERIFY(!sent({}, tokenRoute, passthrough()).contains("x-goog-api-key"));
}

void TestHeaders::splittingFieldsAreErrors()
{
    QVERIFY(!upstreamHeaders({ { "x-a", "b\r\nc: d" } }, chat, withKey()));
    QVERIFY(!upstreamHeaders({ { "x-a", QByteArray("b\0c", 3) } }, chat, withKey()));
    QVERIFY(!upstreamHeaders({ { "x a", "b" } }, chat, withKey()));
    QVERIFY(!upstreamHeaders({ { "", "b" } }, chat, withKey()));
    const Result<HeaderList> badKey = upstreamHeaders({}, chat, withKey("sk-secret\r\nx: y"));
    QVERIFY(!badKey);
    QVERIFY(!badKey.error().reason.contains(QStringLiteral("sk-secret")));
    const Result<HeaderList> badValue = upstreamHeaders({ { "authorization", "top\nsecret" } }, chat, withKey());
    QVERIFY(!badValue);
    QVERIFY(!badValue.error().reason.contains(QStringLiteral("secret")));
    QCOMPARE(sent({}, chat, withKey("sk-typed\n")).value("authorization"), QByteArray("Bearer sk-typed"));
}

void TestHeaders::viaMarksTheLoop()
{
    const HeaderList headers = sent({ { "Via", "1.1 squid (x)" } }, chat, withKey());
    QCOMPARE(headers.values("via"), std::vector<QByteArray> { "1.1 squid (x), 1.1 signalbox-id1" });
    QVERIFY(isLoop(headers, "id1"));
    QVERIFY(!isLoop(headers, "id"));
    QVERIFY(!isLoop(headers, "id12"));
    QVERIFY(!isLoop({}, "id1"));
}

void TestHeaders::answersLoseWhatIsTheProvidersOwn()
{
    HeaderList upstream { { "x-request-id", "r" }, { "connection", "x-hop" }, { "x-hop", "1" } };
    for (const char *name : { "Set-Cookie", "set-cookie2", "Access-Control-Allow-Origin", "alt-svc",
                              "strict-transport-security", "x-signalbox-provider", "transfer-encoding", "keep-alive",
                              "upgrade", "trailer", "proxy-authenticate", "report-to" })
        upstream.append(name, "v");
    const Result<HeaderList> headers = clientHeaders(upstream);
    QVERIFY(headers);
    QCOMPARE(joined(headers.value()), QByteArray("x-request-id: r\n"));
}

void TestHeaders::answersKeepOrderAndDuplicates()
{
    const HeaderList upstream {
        { "b", "1" }, { "a", "2" }, { "b", "3" }, { "Content-Type", "text/event-stream" }, { "retry-after", "1" }
    };
    const Result<HeaderList> headers = clientHeaders(upstream);
    QVERIFY(headers);
    QCOMPARE(joined(headers.value()), joined(upstream));
}

void TestHeaders::malformedAnswersAreErrors()
{
    QVERIFY(!clientHeaders({ { "x-a", "b\rc" } }));
    QVERIFY(!clientHeaders({ { "x-a", QByteArray("b\0c", 3) } }));
    QVERIFY(!clientHeaders({ { "x a", "b" } }));
    QVERIFY(!clientHeaders({ { "set-cookie", "a\nb" } }));
}

void TestHeaders::contentLengthIsChecked()
{
    QCOMPARE(clientHeaders({ { "content-length", "9" } }).value().value("content-length"), QByteArray("9"));
    QVERIFY(!clientHeaders({ { "content-length", "-1" } }));
    QVERIFY(!clientHeaders({ { "content-length", "9" }, { "Content-Length", "9" } }));
    QVERIFY(!clientHeaders({ { "content-length", "9, 9" } }));
    QVERIFY(!clientHeaders({ { "content-length", "" } }));
    const Result<HeaderList> both = clientHeaders({ { "content-length", "9" }, { "transfer-encoding", "chunked" } });
    QVERIFY(both && both.value().isEmpty());
}

void TestHeaders::candidatesAreFoundEverywhere()
{
    Route route = routeRequest("POST", "/t/in-path/v1beta/models/g:generateContent?key=in-query", {});
    const std::vector<QByteArray> found =
        credentialCandidates({ { "Authorization", "Bearer in-bearer" },
                               { "authorization", "Basic " + QByteArray("in-user:in-password").toBase64() },
                               { "X-Api-Key", "in-x" },
                               { "api-key", "in-azure" },
                               { "x-goog-api-key", "in-goog" },
                               { "x-signalbox-token", "in-own" },
                               { "cookie", "not-this" } },
                             route);
    for (const char *expected :
         { "in-bearer", "in-user", "in-password", "in-x", "in-azure", "in-goog", "in-own", "in-path", "in-query" })
        QVERIFY2(std::find(found.begin(), found.end(), QByteArray(expected)) != found.end(), expected);
    QVERIFY(std::find(found.begin(), found.end(), QByteArray("not-this")) == found.end());
    QVERIFY(credentialCandidates({}, chat).empty());
}

void TestHeaders::ownCredentialIsNotTheLocalToken()
{
    const std::optional<Secret> local { Secret(token) };
    QVERIFY(hasOwnCredential({ { "authorization", "Bearer x" } }, chat, local));
    QVERIFY(!hasOwnCredential({ { "authorization", "Bearer " + token } }, chat, local));
    QVERIFY(!hasOwnCredential({ { "x-api-key", "x" } }, chat, local));
    QVERIFY(hasOwnCredential({ { "x-api-key", "x" } }, messages, local));
    QVERIFY(hasOwnCredential({}, gemini, local));
    QVERIFY(!hasOwnCredential({}, chat, std::nullopt));
}

QTEST_APPLESS_MAIN(TestHeaders)
#include "tst_dialect_headers.moc"
