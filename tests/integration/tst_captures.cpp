// SPDX-License-Identifier: GPL-3.0-or-later
// Bodies are kept where an operator wants it, and never a key in them.
#include "tests/integration/recordedengine.h"
#include "tests/support/compression.h"

using namespace signalbox;
using namespace signalbox::test;

namespace {

const QString captured = QStringLiteral(R"(,"capture":{"enabled":true})");

const CapturedContent *find(const std::vector<CapturedContent> &contents, CapturedContent::Kind kind)
{
    const auto found = std::find_if(contents.begin(), contents.end(),
                                    [kind](const CapturedContent &content) { return content.kind == kind; });
    return found == contents.end() ? nullptr : &*found;
}

QByteArray historyBytes(const QString &directory)
{
    QByteArray all;
    for (const char *name : { "/history.db", "/history.db-wal" }) {
        QFile file(directory + QLatin1String(name));
        if (file.open(QIODevice::ReadOnly))
            all += file.readAll();
    }
    return all;
}

} // namespace

class CapturesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nothingIsKeptUnlessWanted();
    void bothBodiesAreKeptWithoutKeys();
    void codedAnswersAreReadable_data();
    void codedAnswersAreReadable();
    void largeBodiesAreCut();
    void aFailoverKeepsWhatItsProviderSaid();

private:
    static std::vector<CapturedContent> ask(RecordedEngine &recorded, const QByteArray &body)
    {
        test::ask(recorded.port(), postJson(chatPath, body));
        const auto contents = RecordedEngine::wait(recorded.engine().capturedBody(recorded.next().sequence));
        return contents ? contents.value() : std::vector<CapturedContent>();
    }
};

void CapturesTest::nothingIsKeptUnlessWanted()
{
    QTemporaryDir data;
    FakeProvider alpha(healthy("alpha"));
    FakeProvider beta(healthy("beta"));
    RecordedEngine recorded(alpha, beta, data.path());
    QVERIFY(ask(recorded, payload::chat()).empty());
    QVERIFY(!historyBytes(data.path()).contains("\"messages\""));
}

void CapturesTest::bothBodiesAreKeptWithoutKeys()
{
    QTemporaryDir data;
    const QByteArray other = "sk-ant-" + QByteArray(24, 'q');
    FakeProvider alpha(
        [&](Turn &turn) { turn.answer(200, payload::chatAnswer(QByteArray(alphaKey + " and " + other))); });
    FakeProvider beta(healthy("beta"));
    RecordedEngine recorded(alpha, beta, data.path(), captured);
    const QByteArray asked =
        R"({"model":"gpt-test","messages":[{"role":"user","content":"my key is )" + alphaKey + R"(, Grüße"}]})";
    const std::vector<CapturedContent> contents = ask(recorded, asked);
    QCOMPARE(contents.size(), std::size_t(2));
    const CapturedContent *request = find(contents, CapturedContent::Kind::Request);
    const CapturedContent *answer = find(contents, CapturedContent::Kind::Answer);
    QVERIFY(request && answer);
    QCOMPARE(request->body, QByteArray(asked).replace(alphaKey, "***"));
    QCOMPARE(request->provider, QStringLiteral("alpha"));
    QVERIFY(request->complete && answer->complete);
    QCOMPARE(answer->body, payload::chatAnswer("*** and ***"));
    const QByteArray file = historyBytes(data.path());
    QVERIFY(file.contains("Gr\xc3\xbc\xc3\x9f"));
    QVERIFY(!file.contains(alphaKey));
    QVERIFY(!file.contains(other));
}

void CapturesTest::codedAnswersAreReadable_data()
{
    QTest::addColumn<QByteArray>("coding");
    QTest::newRow("gzip") << QByteArray("gzip");
    QTest::newRow("br") << QByteArray("br");
    QTest::newRow("zstd") << QByteArray("zstd");
}

void CapturesTest::codedAnswersAreReadable()
{
    QFETCH(QByteArray, coding);
    const std::vector<QByteArray> events = payload::chatEvents(alphaKey);
    FakeProvider alpha([&](Turn &turn) {
        turn.startChunked(200, { { "Content-Type", "text/event-stream" }, { "Content-Encoding", coding } });
        const auto pieces = coding == "gzip" ? gzipPieces(events)
            : coding == "br"                 ? brotliPieces(events)
                                             : zstdPieces(events);
        for (const QByteArray &piece : pieces)
            turn.chunk(piece);
        turn.endChunks();
    });
    FakeProvider beta(healthy("beta"));
    QTemporaryDir data;
    RecordedEngine recorded(alpha, beta, data.path(), captured);
    const std::vector<CapturedContent> contents = ask(recorded, payload::chat(true));
    const CapturedContent *answer = find(contents, CapturedContent::Kind::Answer);
    QVERIFY(answer && answer->complete);
    QCOMPARE(answer->body, payload::joined(events).replace(alphaKey, "***"));
}

void CapturesTest::largeBodiesAreCut()
{
    constexpr qsizetype limit = 1024;
    QByteArray text(limit * 3, 'x');
    text.replace(limit - 60, alphaKey.size(), alphaKey); // across the limit, behind the JSON around it
    FakeProvider alpha([&](Turn &turn) { turn.answer(200, payload::chatAnswer(text)); });
    FakeProvider beta(healthy("beta"));
    QTemporaryDir data;
    RecordedEngine recorded(alpha, beta, data.path(), QStringLiteral(R"(,"capture":{"enabled":true,"capBytes":1024})"));
    const std::vector<CapturedContent> contents = ask(recorded, payload::chat(false, QByteArray(limit * 2, 'm')));
    QCOMPARE(contents.size(), std::size_t(2));
    for (const CapturedContent &content : contents) {
        QCOMPARE(content.body.size(), limit);
        QVERIFY(!content.complete);
        QVERIFY(!content.body.contains("sk-"));
    }
}

void CapturesTest::aFailoverKeepsWhatItsProviderSaid()
{
    FakeProvider alpha([](Turn &turn) { turn.answer(503, "{\"error\":{\"message\":\"come back later\"}}"); });
    FakeProvider beta(healthy("beta"));
    QTemporaryDir data;
    RecordedEngine recorded(alpha, beta, data.path(), captured);
    const std::vector<CapturedContent> contents = ask(recorded, payload::chat());
    QCOMPARE(contents.size(), std::size_t(2)); // nothing of beta, which is not captured
    const CapturedContent *answer = find(contents, CapturedContent::Kind::Answer);
    QVERIFY(answer);
    QCOMPARE(answer->provider, QStringLiteral("alpha"));
    QVERIFY(answer->body.contains("come back later"));
}

QTEST_GUILESS_MAIN(CapturesTest)
#include "tst_captures.moc"
