// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/dialect/answerjudge.h"
#include "engine/dialect/credential.h"
#include "engine/dialect/errors.h"
#include "engine/dialect/masking.h"
#include "engine/dialect/modellist.h"
#include "engine/dialect/retryafter.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>
#include <QTimeZone>

using namespace signalbox;

namespace {

constexpr std::int64_t unreadable = -1;

QJsonObject parsed(const QByteArray &text)
{
    return QJsonDocument::fromJson(text).object();
}

QString at(const QJsonObject &object, const char *key)
{
    return object.value(QString::fromLatin1(key)).toString();
}

QStringList ids(const QByteArray &list, const char *array, const char *key)
{
    QStringList found;
    for (const QJsonValue &entry : parsed(list).value(QString::fromLatin1(array)).toArray())
        found.append(at(entry.toObject(), key));
    return found;
}

} // namespace

class TestProviderWords : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void errorBodiesHaveTheDialectsShape();
    void messagesAreEscaped();
    void streamErrorsAreSeenByTheJudge_data();
    void streamErrorsAreSeenByTheJudge();
    void responsesErrorCarriesWhatSdksThrowOn();
    void retryAfterIsRead_data();
    void retryAfterIsRead();
    void retryDelayOfGeminiIsRead();
    void exhaustedQuotaIsTold_data();
    void exhaustedQuotaIsTold();
    void secretsAreMasked_data();
    void secretsAreMasked();
    void ordinaryTextStays_data();
    void ordinaryTextStays();
    void excerptsAreOneLine();
    void modelListsAreMerged();
    void badModelListsAreSkipped();
};

void TestProviderWords::errorBodiesHaveTheDialectsShape()
{
    const QString message = QStringLiteral("why");
    const QJsonObject openAi = parsed(errorBody(Dialect::OpenAi, 503, "no_provider", message));
    const QJsonObject inner = openAi.value(QStringLiteral("error")).toObject();
    QCOMPARE(at(inner, "message"), message);
    QCOMPARE(at(inner, "code"), QStringLiteral("no_provider"));
    QVERIFY(inner.contains(QStringLiteral("param")) && inner.contains(QStringLiteral("type")));
    QVERIFY(parsed(errorBody(Dialect::OpenAi, 400, {}, message))
                .value(QStringLiteral("error"))
                .toObject()
                .value(QStringLiteral("code"))
                .isNull());
    const QJsonObject anthropic = parsed(errorBody(Dialect::Anthropic, 529, {}, message, "req_1"));
    QCOMPARE(at(anthropic, "type"), QStringLiteral("error"));
    QCOMPARE(at(anthropic, "request_id"), QStringLiteral("req_1"));
    QCOMPARE(at(anthropic.value(QStringLiteral("error")).toObject(), "type"), QStringLiteral("overloaded_error"));
    const QJsonObject gemini =
        parsed(errorBody(Dialect::Gemini, 429, {}, message)).value(QStringLiteral("error")).toObject();
    QCOMPARE(gemini.value(QStringLiteral("code")).toInt(), 429);
    QCOMPARE(at(gemini, "status"), QStringLiteral("RESOURCE_EXHAUSTED"));
    QCOMPARE(at(gemini, "message"), message);
}

void TestProviderWords::messagesAreEscaped()
{
    const QString message = QString::fromUtf8("a\"b\\c\n\r\n\r\ndata: x\x01\xe2\x82\xac");
    for (Dialect dialect : { Dialect::OpenAi, Dialect::Anthropic, Dialect::Gemini }) {
        const QJsonObject body = parsed(errorBody(dialect, 500, "c\"d", message, "r\"s"));
        QCOMPARE(at(body.value(QStringLiteral("error")).toObject(), "message"), message);
        const QByteArray event = streamErrorEvent(dialect, Endpoint::ChatCompletions, message);
        QCOMPARE(event.trimmed().count('\n'), event.contains("event:") ? 1 : 0);
    }
}

void TestProviderWords::streamErrorsAreSeenByTheJudge_data()
{
    QTest::addColumn<Dialect>("dialect");
    QTest::addColumn<Endpoint>("endpoint");
    QTest::newRow("chat") << Dialect::OpenAi << Endpoint::ChatCompletions;
    QTest::newRow("responses") << Dialect::OpenAi << Endpoint::Responses;
    QTest::newRow("messages") << Dialect::Anthropic << Endpoint::Messages;
    QTest::newRow("complete") << Dialect::Anthropic << Endpoint::Complete;
    QTest::newRow("gemini") << Dialect::Gemini << Endpoint::StreamGenerateContent;
}

void TestProviderWords::streamErrorsAreSeenByTheJudge()
{
    QFETCH(Dialect, dialect);
    QFETCH(Endpoint, endpoint);
    const QByteArray event = streamErrorEvent(dialect, endpoint, QStringLiteral("it broke"));
    for (const char *before : { "", "data: {\"half\":\"writ", "data: {\"a\":1}\n", "event: content\n", ": comm" }) {
        AnswerJudge judge(dialect, endpoint, true);
        judge.setHead(200, { { "content-type", "text/event-stream" } });
        judge.feed(QByteArrayView(before));
        judge.feed(event);
        QVERIFY2(judge.errorSeen(), before);
        QCOMPARE(judge.errorMessage(), QByteArray("it broke"));
    }
}

void TestProviderWords::responsesErrorCarriesWhatSdksThrowOn()
{
    const QByteArray event = streamErrorEvent(Dialect::OpenAi, Endpoint::Responses, QStringLiteral("it broke"));
    QVERIFY(event.contains("event: error\n"));
    const QJsonObject data = parsed(event.mid(event.indexOf("data: ") + 6).trimmed());
    QCOMPARE(at(data, "type"), QStringLiteral("error"));
    QCOMPARE(at(data, "message"), QStringLiteral("it broke"));
    QVERIFY(data.value(QStringLiteral("sequence_number")).isDouble());
    QVERIFY(data.value(QStringLiteral("error")).isObject());
}

void TestProviderWords::retryAfterIsRead_data()
{
    QTest::addColumn<QByteArray>("ms");
    QTest::addColumn<QByteArray>("after");
    QTest::addColumn<std::int64_t>("expected");
    const auto row = [](const char *ms, const char *after, std::int64_t expected) {
        QTest::addRow("[%s] [%s]", ms, after) << QByteArray(ms) << QByteArray(after) << expected;
    };
    row("", "2", 2000);
    row("", "0", 0);
    row("", " 1.5 ", 1500);
    row("", "-3", 0);
    row("1500", "9", 1500);
    row("0.4", "", 1);
    row("junk", "9", 9000);
    row("", "9999999", 9999999000);
    row("", "99999999999999999999999999999999", std::int64_t { 366 } * 24 * 3600 * 1000);
    row("", "soon", unreadable);
    row("", "", unreadable);
    row("", "nan", unreadable);
    row("", "inf", unreadable);
    row("", "1e9", unreadable);
    row("", "0x10", unreadable);
    row("", "Sun, 06 Nov 1994 08:49:37 GMT", 0);
    row("", "Tue, 24 Nov 2026 12:00:30 GMT", 30000);
    row("", "Mon, 24 Nov 2026 12:00:30 GMT", 30000);
    row("", "Tuesday, 24-Nov-26 12:00:30 GMT", 30000);
    row("", "Tue Nov 24 12:00:30 2026", 30000);
    row("", "Tue, 99 Nov 2026 12:00:30 GMT", unreadable);
}

void TestProviderWords::retryAfterIsRead()
{
    QFETCH(QByteArray, ms);
    QFETCH(QByteArray, after);
    QFETCH(std::int64_t, expected);
    const QDateTime now(QDate(2026, 11, 24), QTime(12, 0), QTimeZone::utc());
    HeaderList headers;
    if (!ms.isEmpty())
        headers.append("Retry-After-Ms", ms);
    headers.append("Retry-After", after);
    QCOMPARE(retryAfterMs(headers, {}, now).value_or(unreadable), expected);
}

void TestProviderWords::retryDelayOfGeminiIsRead()
{
    const QDateTime now = QDateTime::currentDateTimeUtc();
    const QByteArray body(
        R"({"error":{"code":429,"details":[{"@type":"x"},{"@type":"y.RetryInfo","retryDelay":"34.07s"}]}})");
    QCOMPARE(retryAfterMs({}, body, now).value_or(unreadable), std::int64_t { 34070 });
    QCOMPARE(retryAfterMs({ { "retry-after", "1" } }, body, now).value_or(unreadable), std::int64_t { 1000 });
    for (const char *bad : { "", "{}", "[]", R"({"error":"x"})",
                             R"({"error":{"details":[1,"x",{"retryDelay":"soon"}]}})", R"({"error":{"details":{}}})" })
        QVERIFY(!retryAfterMs({}, bad, now));
}

void TestProviderWords::exhaustedQuotaIsTold_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<bool>("exhausted");
    QTest::newRow("402") << 402 << QByteArray() << true;
    QTest::newRow("code") << 429 << QByteArray(R"({"error":{"code":"insufficient_quota"}})") << true;
    QTest::newRow("type") << 429 << QByteArray(R"({"error":{"type":"insufficient_quota","code":null}})") << true;
    QTest::newRow("credit") << 429 << QByteArray(R"({"error":{"code":"credit_balance_exhausted"}})") << true;
    QTest::newRow("spend") << 429 << QByteArray(R"({"type":"error","error":{"code":"enforced_spend_limit_reached"}})")
                           << true;
    QTest::newRow("rate") << 429 << QByteArray(R"({"error":{"code":"rate_limit_exceeded"}})") << false;
    QTest::newRow("words only") << 429 << QByteArray(R"({"error":{"message":"insufficient_quota"}})") << false;
    QTest::newRow("other status") << 400 << QByteArray(R"({"error":{"code":"insufficient_quota"}})") << false;
    QTest::newRow("no json") << 429 << QByteArray("insufficient_quota") << false;
}

void TestProviderWords::exhaustedQuotaIsTold()
{
    QFETCH(int, status);
    QFETCH(QByteArray, body);
    QFETCH(bool, exhausted);
    QCOMPARE(isQuotaExhausted(Dialect::OpenAi, status, body), exhausted);
    QCOMPARE(isQuotaExhausted(Dialect::Anthropic, status, body), exhausted);
}

void TestProviderWords::secretsAreMasked_data()
{
    QTest::addColumn<QByteArray>("text");
    for (const char *text :
         { "Incorrect API key provided: S3CR3Tsk-proj-", "key sk-S3CR3T_abc-123", "Authorization: Bearer S3CR3T.abc+/=",
           "authorization: bearer  S3CR3T99", "https://h/v1?key=S3CR3T99&alt=sse", "\"api_key\": \"S3CR3T99\"",
           "x-goog-api-key: S3CR3T99", "AIzaS3CR3TS3CR3T", "gsk_S3CR3Tabcdef", "Basic S3CR3TS3CR3T==", "token=S3CR3T99",
           "x-signalbox-token: S3CR3T99", "GET /t/S3CR3T99/v1/messages", "eyJS3CR3T00.eyJS3CR3T.S3CR3T",
           "password: S3CR3T99", "{\"secret\":\"S3CR3T99\"}", "cookie: S3CR3T99" })
        QTest::addRow("%s", text) << QByteArray(text);
}

void TestProviderWords::secretsAreMasked()
{
    QFETCH(QByteArray, text);
    if (text.startsWith("Incorrect"))
        text = "Incorrect API key provided: sk-proj-S3CR3T*****wxyz.";
    const QByteArray masked = maskSecrets(text);
    QVERIFY2(!masked.contains("S3CR3T"), masked.constData());
    QVERIFY(masked.contains("***"));
    QCOMPARE(maskSecrets(masked).contains("S3CR3T"), false);
}

void TestProviderWords::ordinaryTextStays_data()
{
    QTest::addColumn<QByteArray>("text");
    for (const char *text : { "The model `gpt-x` does not exist", "max_tokens: 4096", "Unexpected token: }",
                              "request req_0123456789abcdef", "rate limit for tokens per min", "task-based risk-free",
                              "monkey business", "caf\xc3\xa9 \xff" })
        QTest::addRow("%s", text) << QByteArray(text);
}

void TestProviderWords::ordinaryTextStays()
{
    QFETCH(QByteArray, text);
    QCOMPARE(maskSecrets(text), text);
}

void TestProviderWords::excerptsAreOneLine()
{
    QCOMPARE(printableExcerpt("  a\r\n\tb\x1b[31m  c "), QByteArray("a b [31m c"));
    QCOMPARE(printableExcerpt(QByteArray("a\0b", 3)), QByteArray("a b"));
    QCOMPARE(printableExcerpt("x\xe2\x80\xae"
                              "y"),
             QByteArray("xy"));
    QCOMPARE(printableExcerpt("\xf0\x9f\x98\x80"), QByteArray("\xf0\x9f\x98\x80"));
    for (qsizetype bytes = 0; bytes < 20; ++bytes) {
        const QByteArray excerpt = printableExcerpt(QByteArray("\xe2\x82\xac").repeated(20), bytes);
        QVERIFY(excerpt.isValidUtf8());
        QVERIFY(excerpt.size() <= std::max<qsizetype>(bytes, 3));
    }
    const QByteArray atTheEdge = QByteArray(290, 'x') + " sk-S3CR3TS3CR3TS3CR3T";
    QVERIFY(!printableExcerpt(atTheEdge).contains("S3CR3T"));
    QVERIFY(printableExcerpt("\xff\xfe bad").isValidUtf8());
}

void TestProviderWords::modelListsAreMerged()
{
    const QByteArray first(R"({"object":"list","data":[{"id":"a","context_length":8},{"id":"b"}]})");
    const QByteArray second(R"([{"id":"b","other":1},{"id":"c"},{"noid":1},7])");
    const ModelMapping exact { QStringLiteral("alias"), QStringLiteral("a") };
    const ModelMapping glob { QStringLiteral("gpt-*"), QStringLiteral("*") };
    const QByteArray merged =
        mergeModelLists(Dialect::OpenAi, { { first, { exact, glob }, QStringLiteral("one") }, { second, {}, {} } });
    QCOMPARE(ids(merged, "data", "id"),
             QStringList({ QStringLiteral("a"), QStringLiteral("b"), QStringLiteral("alias"), QStringLiteral("c") }));
    QCOMPARE(at(parsed(merged), "object"), QStringLiteral("list"));
    QCOMPARE(parsed(merged)
                 .value(QStringLiteral("data"))
                 .toArray()
                 .first()
                 .toObject()
                 .value(QStringLiteral("context_length"))
                 .toInt(),
             8);
    const QByteArray anthropic =
        mergeModelLists(Dialect::Anthropic, { { R"({"data":[{"id":"x"},{"id":"y"}],"has_more":true})", {}, {} } });
    QCOMPARE(at(parsed(anthropic), "first_id"), QStringLiteral("x"));
    QCOMPARE(at(parsed(anthropic), "last_id"), QStringLiteral("y"));
    QVERIFY(!parsed(anthropic).value(QStringLiteral("has_more")).toBool(true));
    const QByteArray gemini =
        mergeModelLists(Dialect::Gemini, { { R"({"models":[{"name":"models/x"}]})", { exact }, {} } });
    QCOMPARE(ids(gemini, "models", "name"),
             QStringList({ QStringLiteral("models/x"), QStringLiteral("models/alias") }));
}

void TestProviderWords::badModelListsAreSkipped()
{
    const std::vector<ProviderModels> lists { { "<html>", {}, {} },
                                              { "", {}, {} },
                                              { R"({"data":"x"})", {}, {} },
                                              { QByteArray(2000, '['), {}, {} },
                                              { R"({"data":[{"id":"ok"}]})", {}, {} } };
    QCOMPARE(ids(mergeModelLists(Dialect::OpenAi, lists), "data", "id"), QStringList { QStringLiteral("ok") });
    const QJsonObject none = parsed(mergeModelLists(Dialect::Anthropic, {}));
    QVERIFY(none.value(QStringLiteral("first_id")).isNull());
    QCOMPARE(none.value(QStringLiteral("data")).toArray().size(), 0);
}

QTEST_APPLESS_MAIN(TestProviderWords)
#include "tst_dialect_providerwords.moc"
