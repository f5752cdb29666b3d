// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/dialect/route.h"

#include <QTest>

using namespace signalbox;

namespace {

const HeaderList anthropicHeaders { { "anthropic-version", "2023-06-01" } };

std::optional<Dialect> dialectOf(const QString &name)
{
    if (name == QStringLiteral("alpha"))
        return Dialect::OpenAi;
    return name == QStringLiteral("claude") ? std::optional(Dialect::Anthropic) : std::nullopt;
}

Route get(const char *target, const HeaderList &headers = {})
{
    return routeRequest("GET", target, headers, dialectOf);
}

Route post(const char *target, const HeaderList &headers = {})
{
    return routeRequest("POST", target, headers, dialectOf);
}

} // namespace

class TestRoute : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void firstMatchSaysTheDialect_data();
    void firstMatchSaysTheDialect();
    void localPathsAreNeverForwarded();
    void headRequestsOfClientsAreAnsweredLocally();
    void modelListIsForReading();
    void pinnedProviderSaysTheDialect();
    void unknownPinnedProviderIsNotFound();
    void tokenInThePathIsTakenAndNeverLogged_data();
    void tokenInThePathIsTakenAndNeverLogged();
    void credentialsLeaveTheQuery();
    void geminiNamesTheModelInThePath();
    void serverObjectsAreRecognised_data();
    void serverObjectsAreRecognised();
    void onlyGeneratingPostsGenerate();
    void pathsThatCouldEscapeAreRejected_data();
    void pathsThatCouldEscapeAreRejected();
    void harmlessPathsAreKept_data();
    void harmlessPathsAreKept();
    void targetsAreJoinedToTheBase_data();
    void targetsAreJoinedToTheBase();
    void mappedModelReplacesTheOneInThePath();
    void hostileTargetsNeverReachOutsideTheBase();
};

void TestRoute::firstMatchSaysTheDialect_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<bool>("versionHeader");
    QTest::addColumn<QByteArray>("dialect");
    QTest::addColumn<QByteArray>("endpoint");
    QTest::addColumn<QByteArray>("path");
    const auto row = [](const char *target, const char *dialect, const char *endpoint, const char *path,
                        bool header = false) {
        QTest::addRow("%s%s", target, header ? " +header" : "")
            << QByteArray(target) << header << QByteArray(dialect) << QByteArray(endpoint) << QByteArray(path);
    };
    row("/v1/chat/completions", "openai", "chat/completions", "/chat/completions");
    row("/v1/chat/completions?beta=true", "openai", "chat/completions", "/chat/completions");
    row("/chat/completions", "openai", "chat/completions", "/chat/completions");
    row("//v1//chat/completions", "openai", "chat/completions", "/chat/completions");
    row("/responses", "openai", "responses", "/responses");
    row("/v1/responses/compact", "openai", "responses/compact", "/responses/compact");
    row("/v1/responses/input_tokens", "openai", "responses/input_tokens", "/responses/input_tokens");
    row("/embeddings", "openai", "embeddings", "/embeddings");
    row("/models/x", "openai", "models/{id}", "/models/x");
    row("/v1/completions", "openai", "completions", "/completions");
    row("/v1/complete", "anthropic", "complete", "/complete");
    row("/v1/messages", "anthropic", "messages", "/messages");
    row("/v1/messages?beta=true", "anthropic", "messages", "/messages");
    row("/v1/messages/count_tokens", "anthropic", "count_tokens", "/messages/count_tokens");
    row("/v1/messagesque", "openai", "other", "/messagesque");
    row("/v1/anything/new", "openai", "other", "/anything/new");
    row("/v1/anything/new", "anthropic", "other", "/anything/new", true);
    row("/v1/models/claude-x", "anthropic", "models/{id}", "/models/claude-x", true);
    row("/v1beta/models/g:generateContent", "gemini", "generateContent", "/models/g:generateContent");
    row("/v1/models/g:streamGenerateContent", "gemini", "streamGenerateContent", "/models/g:streamGenerateContent");
    row("/v1/models/ft:gpt-4o:org::id", "openai", "models/{id}", "/models/ft:gpt-4o:org::id");
    row("/v1beta/models/g:countTokens", "gemini", "count_tokens", "/models/g:countTokens");
    row("/v1beta/models/g:batchEmbedContents", "gemini", "embedContent", "/models/g:batchEmbedContents");
    row("/v1beta/openai/chat/completions", "openai", "chat/completions", "/chat/completions");
    row("/v1beta/openaiX/y", "gemini", "other", "/openaiX/y");
    row("/v1beta/files/abc", "gemini", "objects", "/files/abc");
    row("/upload/v1beta/files", "gemini", "objects", "/files");
    row("/openai/v1/chat/completions", "openai", "chat/completions", "/chat/completions");
    row("/openai/v1/messages", "openai", "other", "/messages");
    row("/anthropic/v1/messages", "anthropic", "messages", "/messages");
    row("/anthropic/messages", "anthropic", "messages", "/messages");
    row("/gemini/v1beta/models/g:generateContent", "gemini", "generateContent", "/models/g:generateContent");
    row("/gemini/v1/models/g", "gemini", "models/{id}", "/models/g");
    row("/openai/v1/chat/completions", "openai", "chat/completions", "/chat/completions", true);
}

void TestRoute::firstMatchSaysTheDialect()
{
    QFETCH(QByteArray, target);
    QFETCH(bool, versionHeader);
    QFETCH(QByteArray, dialect);
    QFETCH(QByteArray, endpoint);
    QFETCH(QByteArray, path);
    const Route route = routeRequest("POST", target, versionHeader ? anthropicHeaders : HeaderList());
    QVERIFY2(route.kind == Route::Kind::Forward, qPrintable(route.problem));
    QCOMPARE(QByteArray(toString(route.dialect)), dialect);
    QCOMPARE(QByteArray(toString(route.endpoint)), endpoint);
    QCOMPARE(route.path, path);
}

void TestRoute::localPathsAreNeverForwarded()
{
    QCOMPARE(get("/healthz").kind, Route::Kind::Healthz);
    QCOMPARE(get("/status?x=1").kind, Route::Kind::StatusPage);
    QCOMPARE(get("/metrics").kind, Route::Kind::Metrics);
    QCOMPARE(get("/metrics", anthropicHeaders).kind, Route::Kind::Metrics);
    QCOMPARE(get("/t/secret/metrics").kind, Route::Kind::Metrics);
    QCOMPARE(post("/metrics").kind, Route::Kind::NotFound);
    QCOMPARE(get("/metrics/x").kind, Route::Kind::NotFound);
    QCOMPARE(get("/").kind, Route::Kind::NotFound);
    QVERIFY(!get("/nothing").problem.isEmpty());
}

void TestRoute::headRequestsOfClientsAreAnsweredLocally()
{
    for (const char *target : { "/", "/api/hello", "/anthropic", "/anthropic/", "/t/secret", "/providers/claude/" })
        QCOMPARE(routeRequest("HEAD", target, {}, dialectOf).kind, Route::Kind::LocalOk);
    QCOMPARE(get("/api/hello").kind, Route::Kind::NotFound);
}

void TestRoute::modelListIsForReading()
{
    QCOMPARE(get("/v1/models?limit=1000").kind, Route::Kind::ModelList);
    QCOMPARE(get("/v1/models?limit=1000").query, QByteArray("limit=1000"));
    QCOMPARE(get("/v1/models", anthropicHeaders).dialect, Dialect::Anthropic);
    QCOMPARE(get("/v1beta/models").dialect, Dialect::Gemini);
    QCOMPARE(get("/models").kind, Route::Kind::ModelList);
    QCOMPARE(get("/v1/models/a").kind, Route::Kind::Forward);
    QCOMPARE(get("/v1/models/org%2Fname").modelFromPath, QByteArray("org/name"));
    QCOMPARE(post("/v1/models").kind, Route::Kind::Forward);
}

void TestRoute::pinnedProviderSaysTheDialect()
{
    const Route route = get("/providers/claude/v1/models");
    QCOMPARE(route.pinnedProvider, QStringLiteral("claude"));
    QCOMPARE(route.dialect, Dialect::Anthropic);
    QCOMPARE(route.kind, Route::Kind::ModelList);
    QCOMPARE(post("/providers/alpha/v1/chat/completions").dialect, Dialect::OpenAi);
    QCOMPARE(post("/providers/alpha/v1beta/openai/chat/completions").path, QByteArray("/chat/completions"));
    const Route withoutLookup = routeRequest("POST", "/providers/a%20b/v1/messages", {});
    QCOMPARE(withoutLookup.pinnedProvider, QStringLiteral("a b"));
    QCOMPARE(withoutLookup.dialect, Dialect::Anthropic);
}

void TestRoute::unknownPinnedProviderIsNotFound()
{
    const Route route = post("/providers/nobody/v1/chat/completions");
    QCOMPARE(route.kind, Route::Kind::NotFound);
    QVERIFY(route.problem.contains(QStringLiteral("nobody")));
    QCOMPARE(post("/providers").kind, Route::Kind::NotFound);
}

void TestRoute::tokenInThePathIsTakenAndNeverLogged_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<bool>("taken");
    QTest::newRow("plain") << QByteArray("/t/s3cr3t/v1/messages?beta=true&key=s3cr3t") << true;
    QTest::newRow("doubled slashes") << QByteArray("//t//s3cr3t//v1/messages") << true;
    QTest::newRow("after provider") << QByteArray("/providers/claude/t/s3cr3t/v1/messages") << true;
    QTest::newRow("after dialect") << QByteArray("/anthropic/t/s3cr3t/v1/messages") << true;
    QTest::newRow("encoded letter") << QByteArray("/%74/s3cr3t/v1/messages") << true;
    QTest::newRow("encoded token") << QByteArray("/t/s3%63r3t/v1/messages") << true;
    QTest::newRow("rejected") << QByteArray("/t/s3cr3t/../v1/messages") << false;
    QTest::newRow("not found") << QByteArray("/x/t/s3cr3t") << false;
}

void TestRoute::tokenInThePathIsTakenAndNeverLogged()
{
    QFETCH(QByteArray, target);
    QFETCH(bool, taken);
    const Route route = routeRequest("POST", target, {}, dialectOf);
    QVERIFY2(!route.logPath.contains("s3cr3t"), route.logPath.constData());
    QVERIFY(!route.logPath.contains("s3%63r3t"));
    QVERIFY(!route.problem.contains(QStringLiteral("s3cr3t")) || !taken);
    if (!taken)
        return;
    QCOMPARE(route.kind, Route::Kind::Forward);
    QCOMPARE(route.pathToken, QByteArray("s3cr3t"));
    QCOMPARE(route.path, QByteArray("/messages"));
}

void TestRoute::credentialsLeaveTheQuery()
{
    const Route route = post("/v1beta/models/g:generateContent?alt=sse&key=a%2Bb&x=%20&access_token=t");
    QCOMPARE(route.query, QByteArray("alt=sse&x=%20"));
    QCOMPARE(route.queryKey, QByteArray("a+b"));
    QVERIFY(post("/v1/chat/completions?key=only").query.isEmpty());
    QVERIFY(post("/v1/chat/completions?%6bey=only").query.isEmpty());
    QVERIFY(post("/v1/chat/completions?KEY=only").query.isEmpty());
    QCOMPARE(post("/v1/chat/completions?monkey=1&keys=2").query, QByteArray("monkey=1&keys=2"));
    QVERIFY(!post("/v1/x?key=only").logPath.contains("only"));
}

void TestRoute::geminiNamesTheModelInThePath()
{
    const Route route = post("/v1beta/models/gemini%2D2:streamGenerateContent?alt=sse");
    QCOMPARE(route.modelFromPath, QByteArray("gemini-2"));
    QVERIFY(route.streamFromPath);
    QVERIFY(route.generation);
    QVERIFY(!post("/v1beta/models/g:generateContent").streamFromPath);
    QVERIFY(!post("/v1beta/models/g:countTokens").generation);
}

void TestRoute::serverObjectsAreRecognised_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<bool>("serverObject");
    QTest::addColumn<QByteArray>("id");
    const auto row = [](const char *target, bool object, const char *id) {
        QTest::newRow(target) << QByteArray(target) << object << QByteArray(id);
    };
    row("/v1/files", true, "");
    row("/v1/files/f%31/content", true, "f1");
    row("/v1/batches/b1/cancel", true, "b1");
    row("/v1/responses/resp_1", true, "resp_1");
    row("/v1/responses/resp_1/cancel", true, "resp_1");
    row("/v1/responses", false, "");
    row("/v1/responses/compact", false, "");
    row("/v1/conversations/c1/items", true, "c1");
    row("/v1/chat/completions/chatcmpl-1", true, "chatcmpl-1");
    row("/v1/fine_tuning/jobs/j1", true, "j1");
    row("/v1/videos/v1", true, "v1");
    row("/v1/videos", false, "");
    row("/v1/messages/batches", true, "");
    row("/v1/messages/batches/m1/results", true, "m1");
    row("/v1beta/cachedContents/c1", true, "c1");
    row("/v1beta/models/g:batchGenerateContent", true, "");
    row("/v1/chat/completions", false, "");
}

void TestRoute::serverObjectsAreRecognised()
{
    QFETCH(QByteArray, target);
    QFETCH(bool, serverObject);
    QFETCH(QByteArray, id);
    const Route route = routeRequest("POST", target, {});
    QCOMPARE(route.serverObject, serverObject);
    QCOMPARE(route.objectId, id);
}

void TestRoute::onlyGeneratingPostsGenerate()
{
    for (const char *target : { "/v1/chat/completions", "/v1/completions", "/v1/responses", "/v1/messages",
                                "/v1/complete", "/v1beta/models/g:generateContent", "/v1/images/generations",
                                "/v1/audio/speech", "/v1/audio/transcriptions", "/v1/responses/compact" }) {
        QVERIFY2(post(target).generation, target);
        QVERIFY2(!get(target).generation, target);
    }
    for (const char *target : { "/v1/embeddings", "/v1/messages/count_tokens", "/v1/responses/input_tokens",
                                "/v1/moderations", "/v1/files", "/v1/whatever", "/v1beta/models/g:embedContent" })
        QVERIFY2(!post(target).generation, target);
    QVERIFY(post("/v1/audio/transcriptions").formBody);
    QVERIFY(post("/v1/images/edits").formBody);
    QVERIFY(!post("/v1/images/generations").formBody);
    QVERIFY(!post("/v1/chat/completions").formBody);
}

void TestRoute::pathsThatCouldEscapeAreRejected_data()
{
    QTest::addColumn<QByteArray>("target");
    for (const char *target : { "/v1/../admin",
                                "/v1/..",
                                "/v1/%2e%2e/x",
                                "/v1/%2E./x",
                                "/v1/.%2e",
                                "/v1/./x",
                                "/v1/%2e",
                                "/v1/%252e%252e/x",
                                "/v1/%25252e%25252e/x",
                                "/v1/..;a=b/x",
                                "/v1/..%3b/x",
                                "/v1/x%2f..%2fy",
                                "/v1/x%2f%2e%2e",
                                "/v1/..%5cx",
                                "/v1/a\\..\\b",
                                "/v1/%00",
                                "/v1/%0d%0aHost:x",
                                "/v1/x%7f",
                                "/v1/a b",
                                "/v1/%",
                                "/v1/%2",
                                "/v1/%zz",
                                "/v1/x#frag",
                                "/v1/x?a#b",
                                "/v1/x?a b",
                                "http://evil.example/v1/x",
                                "*",
                                "",
                                "v1/x",
                                "evil.example:443",
                                "/v1/caf\xc3\xa9",
                                "/v1/x\x01",
                                "/openai/../v1/x",
                                "/t/tok/%2e%2e/x" })
        QTest::addRow("%s", target) << QByteArray(target);
    QTest::newRow("NUL") << QByteArray("/v1/a\0b", 7);
    QTest::newRow("CRLF in query") << QByteArray("/v1/a?x\r\ny");
}

void TestRoute::pathsThatCouldEscapeAreRejected()
{
    QFETCH(QByteArray, target);
    const Route route = routeRequest("POST", target, {});
    QCOMPARE(route.kind, Route::Kind::Rejected);
    QVERIFY(!route.problem.isEmpty());
    for (char c : route.logPath)
        QVERIFY(c > 0x20 && c < 0x7f);
}

void TestRoute::harmlessPathsAreKept_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("path");
    const auto row = [](const char *target, const char *path) {
        QTest::newRow(target) << QByteArray(target) << QByteArray(path);
    };
    row("/v1/models/meta%2Fllama-3.1", "/models/meta%2Fllama-3.1");
    row("/v1/models/...", "/models/...");
    row("/v1/files/a..b", "/files/a..b");
    row("/v1/models/50%25", "/models/50%25");
    row("/v1/x/", "/x/");
    row("/v1", "/");
    row("/v1/a;b=c", "/a;b=c");
}

void TestRoute::harmlessPathsAreKept()
{
    QFETCH(QByteArray, target);
    QFETCH(QByteArray, path);
    const Route route = routeRequest("POST", target, {});
    QVERIFY2(route.kind == Route::Kind::Forward, qPrintable(route.problem));
    QCOMPARE(route.path, path);
}

void TestRoute::targetsAreJoinedToTheBase_data()
{
    QTest::addColumn<QString>("base");
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("joined");
    const auto row = [](const char *base, const char *target, const char *joined) {
        QTest::addRow("%s + %s", base, target) << QString::fromLatin1(base) << QByteArray(target) << QByteArray(joined);
    };
    row("https://h/v1", "/v1/chat/completions?a=b", "/v1/chat/completions?a=b");
    row("https://h/v1/", "/chat/completions", "/v1/chat/completions");
    row("https://h", "/v1/chat/completions", "/chat/completions");
    row("https://h/api/v1", "/v1beta/openai/chat/completions", "/api/v1/chat/completions");
    row("https://h/v1?api-version=2", "/v1/embeddings?x=1", "/v1/embeddings?api-version=2&x=1");
    row("https://h/v1?api-version=2", "/v1/embeddings", "/v1/embeddings?api-version=2");
    row("https://h/a%20b/v1", "/v1/embeddings", "/a%20b/v1/embeddings");
    row("https://h", "/v1/messages?beta=true", "/v1/messages?beta=true");
    row("https://h/", "/anthropic/messages", "/v1/messages");
    row("https://h/anthropic/v1", "/v1/messages", "/anthropic/v1/messages");
    row("https://h", "/v1beta/models/g:generateContent?key=k", "/v1beta/models/g:generateContent");
    row("https://h", "/v1/models/g:generateContent", "/v1/models/g:generateContent");
    row("https://h", "/v1alpha/models/g:generateContent", "/v1alpha/models/g:generateContent");
    row("https://h", "/gemini/models/g:generateContent", "/v1beta/models/g:generateContent");
    row("https://h/v1beta", "/v1beta/models/g:generateContent", "/v1beta/models/g:generateContent");
    row("https://h", "/upload/v1beta/files", "/upload/v1beta/files");
}

void TestRoute::targetsAreJoinedToTheBase()
{
    QFETCH(QString, base);
    QFETCH(QByteArray, target);
    QFETCH(QByteArray, joined);
    QCOMPARE(upstreamTarget(QUrl(base), routeRequest("POST", target, {})), joined);
}

void TestRoute::mappedModelReplacesTheOneInThePath()
{
    const QUrl base(QStringLiteral("https://h"));
    const Route route = post("/v1beta/models/a:streamGenerateContent?alt=sse");
    QCOMPARE(upstreamTarget(base, route, "b"), QByteArray("/v1beta/models/b:streamGenerateContent?alt=sse"));
    QCOMPARE(upstreamTarget(base, route, "models/b"), QByteArray("/v1beta/models/b:streamGenerateContent?alt=sse"));
    QCOMPARE(upstreamTarget(base, route, "x/../y z\r\n"), QByteArray("/v1beta/models/a:streamGenerateContent?alt=sse"));
    QCOMPARE(upstreamTarget(base, get("/v1/models/a"), "org/b"), QByteArray("/models/org%2Fb"));
    QCOMPARE(upstreamTarget(base, get("/v1/models/a"), ".."), QByteArray("/models/a"));
    QCOMPARE(upstreamTarget(base, post("/v1/chat/completions"), "b"), QByteArray("/chat/completions"));
}

void TestRoute::hostileTargetsNeverReachOutsideTheBase()
{
    const QByteArray alphabet("/.%25eEfF;t\\v1?#: ");
    quint32 state = 12345;
    for (int round = 0; round < 20000; ++round) {
        QByteArray target("/v1/");
        for (int i = 0; i < 14; ++i) {
            state = state * 1664525u + 1013904223u;
            target += alphabet[static_cast<qsizetype>((state >> 16) % static_cast<quint32>(alphabet.size()))];
        }
        const Route route = routeRequest("POST", target, {});
        if (route.kind != Route::Kind::Forward)
            continue;
        QByteArray joined = upstreamTarget(QUrl(QStringLiteral("https://h/base/v1")), route);
        joined = joined.left(joined.indexOf('?') < 0 ? joined.size() : joined.indexOf('?'));
        for (int decoding = 0; decoding < 5; ++decoding) {
            const QList<QByteArray> segments = joined.split('/');
            QVERIFY2(!segments.contains("..") && !segments.contains("."), target.constData());
            joined = QByteArray::fromPercentEncoding(joined);
        }
    }
}

QTEST_APPLESS_MAIN(TestRoute)
#include "tst_dialect_route.moc"
