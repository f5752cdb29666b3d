// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/dialect/keymask.h"

#include <QTest>

using namespace signalbox;

namespace {

const QByteArray key = "sk-live/0f1e2d3c\"4b5a";

QByteArray inPieces(QByteArrayView text, qsizetype size)
{
    KeyMask mask(key);
    QByteArray out;
    for (qsizetype at = 0; at < text.size(); at += size)
        out += mask.feed(text.sliced(at, std::min(size, text.size() - at)).toByteArray());
    return out + mask.finish();
}

} // namespace

class TestKeyMask : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void hidesEverySpelling_data();
    void hidesEverySpelling();
    void leavesOtherTextAlone();
    void keepsBackOnlyWhatMayBeTheKey();
    void aShortKeyIsNoSecret();
};

void TestKeyMask::hidesEverySpelling_data()
{
    QTest::addColumn<QByteArray>("spelling");
    QTest::newRow("as it is") << key;
    QTest::newRow("in a JSON string") << QByteArray("sk-live/0f1e2d3c\\\"4b5a");
    QTest::newRow("in a JSON string, slash escaped") << QByteArray("sk-live\\/0f1e2d3c\\\"4b5a");
}

void TestKeyMask::hidesEverySpelling()
{
    QFETCH(QByteArray, spelling);
    const QByteArray stars(spelling.size(), '*');
    for (const QByteArray &frame :
         { QByteArray("%"), QByteArray("a%b"), QByteArray("%%"), QByteArray("sk-live/%sk-l") }) {
        const QByteArray text = QByteArray(frame).replace('%', spelling);
        const QByteArray wanted = QByteArray(frame).replace('%', stars);
        QCOMPARE(KeyMask(key).masked(text), wanted);
        for (qsizetype size = 1; size <= text.size(); ++size)
            QCOMPARE(inPieces(text, size), wanted);
    }
}

void TestKeyMask::leavesOtherTextAlone()
{
    const QByteArray text = "sk-live/0f1e2d3c\"4b5 sk-sk-live/0f1e sk-live/0f1e2d3c";
    for (qsizetype size = 1; size <= text.size(); ++size)
        QCOMPARE(inPieces(text, size), text);
}

void TestKeyMask::keepsBackOnlyWhatMayBeTheKey()
{
    KeyMask mask(key);
    QCOMPARE(mask.feed("{\"error\":\"sk-l"), QByteArray("{\"error\":\""));
    QCOMPARE(mask.feed("ow\"}\n"), QByteArray("sk-low\"}\n"));
    QCOMPARE(mask.finish(), QByteArray());
}

void TestKeyMask::aShortKeyIsNoSecret()
{
    KeyMask mask("ollama");
    QCOMPARE(mask.feed("model not found: ollama pull it"), QByteArray("model not found: ollama pull it"));
    QCOMPARE(KeyMask().masked("x"), QByteArray("x"));
}

QTEST_APPLESS_MAIN(TestKeyMask)
#include "tst_dialect_keymask.moc"
