// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/dialect/requestfacts.h"

#include <QElapsedTimer>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace signalbox;

namespace {

const QByteArray formType("multipart/form-data; boundary=\"x y\"");

QByteArray form(const QByteArray &parts)
{
    return "preamble\r\n" + parts + "--x y--\r\n";
}

QByteArray part(const QByteArray &disposition, const QByteArray &content)
{
    return QByteArray("--x y\r\nContent-Type: text/plain\r\nContent-Disposition: form-data; ") + disposition +
        "\r\n\r\n" + content + "\r\n";
}

} // namespace

class TestRequestFacts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void modelIsRead_data();
    void modelIsRead();
    void brokenBodiesGiveNothing_data();
    void brokenBodiesGiveNothing();
    void everyPrefixOfABodyIsRefused();
    void flagsAreRead();
    void serverObjectsAreRead();
    void nestedNamesMeanNothing();
    void depthIsBounded();
    void largeBodiesAreFast();
    void modelIsReplacedInPlace();
    void replacedNamesAreEscaped();
    void multipartModelIsRead();
    void brokenFormsGiveNothing();
    void sessionComesFromHeaderOrBody();
    void unescapingKeepsUtf8();
    void escapingRoundTrips();
};

void TestRequestFacts::modelIsRead_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("model");
    QTest::addColumn<QByteArray>("raw");
    const auto row = [](const char *body, const char *model, const char *raw) {
        QTest::addRow("%s", body) << QByteArray(body) << QByteArray(model) << QByteArray(raw);
    };
    row(R"({"model":"gpt"})", "gpt", "gpt");
    row(" \t\r\n{ \"model\" : \"gpt\" , \"x\" : 1 } \n", "gpt", "gpt");
    row("\xef\xbb\xbf{\"model\":\"gpt\"}", "gpt", "gpt");
    row(R"({"model":"a","model":"b"})", "b", "b");
    row(R"({"model":"a","model":null})", "", "");
    row(R"({"m\u006fdel":"g\u0070t"})", "gpt", R"(g\u0070t)");
    row(R"({"model":"a\"b\\"})", R"(a"b\)", R"(a\"b\\)");
    row(R"({"x":"\"model\":\"no\"","model":"yes"})", "yes", "yes");
    row(R"({"x":{"model":"no"},"y":[{"model":"no"}],"model":"yes"})", "yes", "yes");
    row(R"({"x":"}]{[","y":["}",{"a":"]"}],"model":"yes"})", "yes", "yes");
    row(R"({"x":-1.5e+10,"y":true,"z":false,"n":null,"e":{},"l":[],"model":"yes"})", "yes", "yes");
    row(R"({"model":"\ud83d\ude00"})", "\xf0\x9f\x98\x80", R"(\ud83d\ude00)");
    row(R"({"model":"\ud83d!"})", "\xef\xbf\xbd!", R"(\ud83d!)");
    row(R"({"model":"\ude00"})", "\xef\xbf\xbd", R"(\ude00)");
    row(R"({"model":"\u12"})", "u12", R"(\u12)");
    row("{\"model\":\"\xff\xfe\"}", "\xff\xfe", "\xff\xfe");
    row(R"({"model":5})", "", "");
    row("{}", "", "");
}

void TestRequestFacts::modelIsRead()
{
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, model);
    QFETCH(QByteArray, raw);
    const std::optional<RequestFacts> facts = scanJsonBody(body);
    QVERIFY(facts);
    QCOMPARE(facts->model, model);
    QCOMPARE(facts->modelValue.of(body).toByteArray(), raw);
}

void TestRequestFacts::brokenBodiesGiveNothing_data()
{
    QTest::addColumn<QByteArray>("body");
    for (const char *body : { "",
                              " ",
                              "[]",
                              "\"model\"",
                              "null",
                              "{",
                              "{\"model\"",
                              "{\"model\":",
                              "{\"model\":\"x",
                              "{\"model\":\"x\\\"}",
                              "{\"model\":\"x\"",
                              "{\"model\":\"x\"}}",
                              "{\"model\":\"x\"}x",
                              "{\"model\":\"x\",}",
                              "{model:1}",
                              "{\"a\":[1,2}",
                              "{\"a\":{\"b\":1]}",
                              "{\"a\" 1}",
                              "{\"a\":tru}",
                              "{\"a\":}",
                              "{,}",
                              "{\"a\":1 \"b\":2}",
                              "{\"a\":+",
                              "\\" })
        QTest::addRow("%s", body) << QByteArray(body);
    QTest::newRow("NUL") << QByteArray("{\"a\":\0}", 7);
    QTest::newRow("only a BOM") << QByteArray("\xef\xbb\xbf");
}

void TestRequestFacts::brokenBodiesGiveNothing()
{
    QFETCH(QByteArray, body);
    QVERIFY(!scanJsonBody(body));
}

void TestRequestFacts::everyPrefixOfABodyIsRefused()
{
    const QByteArray body(R"({"model":"a\u00e9","messages":[{"role":"user","content":"x\"y"}],"n":12,"stream":true})");
    for (qsizetype size = 0; size < body.size(); ++size)
        QVERIFY(!scanJsonBody(body.left(size)));
    QVERIFY(scanJsonBody(body));
}

void TestRequestFacts::flagsAreRead()
{
    const auto facts =
        scanJsonBody(R"({"stream":true,"stream_options":{"include_obfuscation":1,"include_usage":true}})");
    QVERIFY(facts && facts->stream && facts->includeUsage && !facts->hasPreviousResponse);
    QVERIFY(!scanJsonBody(R"({"stream":"true"})")->stream);
    QVERIFY(!scanJsonBody(R"({"stream":true,"stream":false})")->stream);
    QVERIFY(!scanJsonBody(R"({"stream_options":{"include_usage":false}})")->includeUsage);
    QVERIFY(!scanJsonBody(R"({"stream_options":null})")->includeUsage);
}

void TestRequestFacts::serverObjectsAreRead()
{
    QCOMPARE(scanJsonBody(R"({"previous_response_id":"resp_1"})")->previousResponseId, QByteArray("resp_1"));
    QCOMPARE(scanJsonBody(R"({"conversation":"conv_1"})")->previousResponseId, QByteArray("conv_1"));
    QCOMPARE(scanJsonBody(R"({"conversation":{"id":"conv_2"}})")->previousResponseId, QByteArray("conv_2"));
    QCOMPARE(scanJsonBody(R"({"cachedContent":"cachedContents/1"})")->previousResponseId,
             QByteArray("cachedContents/1"));
    QVERIFY(!scanJsonBody(R"({"previous_response_id":null})")->hasPreviousResponse);
    QVERIFY(!scanJsonBody(R"({"previous_response_id":""})")->hasPreviousResponse);
}

void TestRequestFacts::nestedNamesMeanNothing()
{
    const auto facts = scanJsonBody(R"({"a":{"stream":true,"previous_response_id":"x","prompt_cache_key":"k"}})");
    QVERIFY(facts && !facts->stream && !facts->hasPreviousResponse && facts->sessionKey.isEmpty());
}

void TestRequestFacts::depthIsBounded()
{
    const auto nested = [](qsizetype depth) -> QByteArray {
        return "{\"a\":" + QByteArray(depth, '[') + QByteArray(depth, ']') + ",\"model\":\"m\"}";
    };
    QCOMPARE(scanJsonBody(nested(JsonObjectWalker::maximumDepth))->model, QByteArray("m"));
    QVERIFY(!scanJsonBody(nested(JsonObjectWalker::maximumDepth + 1)));
    QVERIFY(!scanJsonBody(nested(5000000)));
    QVERIFY(!scanJsonBody(QByteArray("{\"a\":" + QByteArray(5000000, '{'))));
}

void TestRequestFacts::largeBodiesAreFast()
{
    QElapsedTimer timer;
    timer.start();
    const qsizetype size = qsizetype { 64 } << 20;
    const QByteArray text = "{\"a\":\"" + QByteArray(size, 'x') + "\",\"model\":\"m\"}";
    QCOMPARE(scanJsonBody(text)->model, QByteArray("m"));
    const QByteArray slashes = "{\"a\":\"" + QByteArray(size, '\\') + "\",\"model\":\"m\"}";
    QCOMPARE(scanJsonBody(slashes)->model, QByteArray("m"));
    QVERIFY(!scanJsonBody(QByteArray("{\"a\":\"" + QByteArray("\\\"").repeated(size / 2))));
    QVERIFY(timer.elapsed() < 60000); // against anything quadratic
}

void TestRequestFacts::modelIsReplacedInPlace()
{
    const QByteArray body("{\r\n \"messages\": [ ],\t\"model\" : \"old\", \"x\":1.0}\n");
    const auto facts = scanJsonBody(body);
    QCOMPARE(replaceModel(body, *facts, "new"),
             QByteArray("{\r\n \"messages\": [ ],\t\"model\" : \"new\", \"x\":1.0}\n"));
    const QByteArray none("{\"x\":1}");
    QCOMPARE(replaceModel(none, *scanJsonBody(none), "new"), none);
}

void TestRequestFacts::replacedNamesAreEscaped()
{
    const QByteArray body(R"({"model":"old"})");
    const QByteArray changed = replaceModel(body, *scanJsonBody(body), "a\",\"stream\":\"\n\\");
    const auto facts = scanJsonBody(changed);
    QVERIFY(facts);
    QCOMPARE(facts->model, QByteArray("a\",\"stream\":\"\n\\"));
    QCOMPARE(QJsonDocument::fromJson(changed).object().size(), 1);
}

void TestRequestFacts::multipartModelIsRead()
{
    const QByteArray body =
        form(part("name=\"file\"; filename=\"name=model\"", QByteArray("--x y in the data\0\r\n", 20)) +
             part("filename=\"f\"; name=model", "whisper-1") + part("name=\"stream\"", "true"));
    const auto facts = scanMultipart(formType, body);
    QVERIFY(facts && facts->multipart);
    QCOMPARE(facts->model, QByteArray("whisper-1"));
    QVERIFY(facts->stream);
    QByteArray expected = body;
    expected.replace("whisper-1", "other\"x");
    QCOMPARE(replaceModel(body, *facts, "other\"x"), expected);
    QCOMPARE(scanBody(formType, body)->model, QByteArray("whisper-1"));
    QVERIFY(!scanBody("application/json", body));
}

void TestRequestFacts::brokenFormsGiveNothing()
{
    const QByteArray body = form(part("name=\"model\"", "m"));
    QVERIFY(scanMultipart(formType, body));
    QVERIFY(!scanMultipart("multipart/form-data", body));
    QVERIFY(!scanMultipart("multipart/form-data; boundary=", body));
    QVERIFY(!scanMultipart(QByteArray("multipart/form-data; boundary=" + QByteArray(1000, 'x')), body));
    QVERIFY(!scanMultipart("multipart/mixed; boundary=\"x y\"", body));
    QVERIFY(!scanMultipart("multipart/form-data; boundary=other", body));
    QVERIFY(!scanMultipart(formType, body.left(body.size() - 8)));
    // The closing delimiter must begin a line.
    QVERIFY(!scanMultipart(formType, form("--x y\r\nno head")));
    const auto headless = scanMultipart(formType, form("--x y\r\nno head\r\n"));
    QVERIFY(headless && headless->model.isEmpty());
    for (qsizetype size = 0; size <= body.size(); ++size)
        scanMultipart(formType, body.left(size));
    for (qsizetype size = 0; size <= formType.size(); ++size)
        scanMultipart(formType.left(size), body);
}

void TestRequestFacts::sessionComesFromHeaderOrBody()
{
    const RequestFacts none;
    QCOMPARE(sessionKey({ { "X-Claude-Code-Session-Id", "c" }, { "session-id", "s" } }, none), QByteArray("c"));
    QCOMPARE(sessionKey({ { "x-session-affinity", "a" } }, none), QByteArray("a"));
    QCOMPARE(sessionKey({ { "x-session-id", QByteArray(5000, 'a') } }, none).size(), 256);
    QVERIFY(sessionKey({}, none).isEmpty());
    QCOMPARE(sessionKey({}, *scanJsonBody(R"({"prompt_cache_key":"p"})")), QByteArray("p"));
    QCOMPARE(scanJsonBody(R"({"metadata":{"user_id":"{\"device_id\":\"d\",\"session_id\":\"s1\"}"}})")->sessionKey,
             QByteArray("s1"));
    QCOMPARE(scanJsonBody(R"({"metadata":{"user_id":"user_1_account__session_s2"}})")->sessionKey, QByteArray("s2"));
    QVERIFY(scanJsonBody(R"({"metadata":{"user_id":"just a person"}})")->sessionKey.isEmpty());
    QVERIFY(scanJsonBody(R"({"metadata":7})")->sessionKey.isEmpty());
}

void TestRequestFacts::unescapingKeepsUtf8()
{
    QCOMPARE(unescapeJson(R"(\n\t\r\b\f\/\"\\\u0000)"), QByteArray("\n\t\r\b\f/\"\\\0", 9));
    QCOMPARE(unescapeJson("\\"), QByteArray("\\"));
    QCOMPARE(unescapeJson("caf\xc3\xa9\\u20ac"), QByteArray("caf\xc3\xa9\xe2\x82\xac"));
    QCOMPARE(unescapeJson(R"(\ud800\ud800\udc00)"), QByteArray("\xef\xbf\xbd\xf0\x90\x80\x80"));
    QCOMPARE(unescapeJson(R"(\ud800\u)"), QByteArray("\xef\xbf\xbdu"));
}

void TestRequestFacts::escapingRoundTrips()
{
    QByteArray all;
    for (int c = 0; c < 128; ++c)
        all += static_cast<char>(c);
    all += "\xc3\xa9\xf0\x9f\x98\x80";
    QCOMPARE(unescapeJson(escapeJson(all)), all);
    const QByteArray document = "{\"a\":\"" + escapeJson(all) + "\"}";
    QCOMPARE(QJsonDocument::fromJson(document).object().value(QStringLiteral("a")).toString().toUtf8(), all);
    QCOMPARE(escapeJson("\xff"), QByteArray("\xef\xbf\xbd"));
}

QTEST_APPLESS_MAIN(TestRequestFacts)
#include "tst_dialect_requestfacts.moc"
