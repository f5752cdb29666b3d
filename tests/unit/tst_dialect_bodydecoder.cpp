// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/dialect/bodydecoder.h"

#include <QTest>

#include <zlib.h>

using namespace signalbox;

namespace {

constexpr int gzipFormat = 15 + 16;
constexpr int zlibFormat = 15;
constexpr int rawFormat = -15;

const QByteArray sample("data: {\"usage\":1}\n\nhello hello hello hello\n");
// The sample as the brotli and zstd libraries write it.
const QByteArray brotliSample =
    QByteArray::fromHex("1b2a0000041c727ea116581a6b0b36e0c0214b34c0c5ee43f34e8c2c55b3ddb83964fe8500");
const QByteArray zstdSample =
    QByteArray::fromHex("28b52ffd0458050100d0646174613a207b227573616765223a317d0a0a68656c6c6f200a0100652e6372cbcc7c");

QByteArray deflated(const QByteArray &text, int format)
{
    z_stream stream {};
    deflateInit2(&stream, 9, Z_DEFLATED, format, 8, Z_DEFAULT_STRATEGY);
    QByteArray out(static_cast<qsizetype>(deflateBound(&stream, static_cast<uLong>(text.size()))), '\0');
    stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef *>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);
    out.truncate(static_cast<qsizetype>(stream.total_out));
    deflateEnd(&stream);
    return out;
}

} // namespace

class TestBodyDecoder : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void codingsAreDecodedInAnyPieces_data();
    void codingsAreDecodedInAnyPieces();
    void unknownCodingsAreNotSupported();
    void truncatedBodiesAreIncomplete();
    void malformedBodiesFail();
    void damageIsWhereItIsInAnyPieces();
    void bombsStop_data();
    void bombsStop();
    void stackedBombStops();
    void flushedPiecesComeOutAtOnce();
    void randomBytesAreSurvived();
};

void TestBodyDecoder::codingsAreDecodedInAnyPieces_data()
{
    QTest::addColumn<QByteArray>("coding");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("none") << QByteArray("") << sample << sample;
    QTest::newRow("identity") << QByteArray("identity") << sample << sample;
    QTest::newRow("gzip") << QByteArray("GZip") << deflated(sample, gzipFormat) << sample;
    QTest::newRow("gzip members") << QByteArray("gzip")
                                  << QByteArray(deflated(sample, gzipFormat) + deflated(sample, gzipFormat))
                                  << QByteArray(sample + sample);
    QTest::newRow("gzip and padding") << QByteArray("gzip") << QByteArray(deflated(sample, gzipFormat) + "padding")
                                      << sample;
    QTest::newRow("gzip and padding that looks like a member")
        << QByteArray("gzip") << QByteArray(deflated(sample, gzipFormat) + "pad" + deflated(sample, gzipFormat))
        << sample;
    QTest::newRow("deflate") << QByteArray("deflate") << deflated(sample, zlibFormat) << sample;
    QTest::newRow("raw deflate") << QByteArray("deflate") << deflated(sample, rawFormat) << sample;
    QTest::newRow("br") << QByteArray("br") << brotliSample << sample;
    QTest::newRow("zstd") << QByteArray("zstd") << zstdSample << sample;
    QTest::newRow("zstd frames") << QByteArray("zstd") << QByteArray(zstdSample + zstdSample)
                                 << QByteArray(sample + sample);
    QTest::newRow("stacked") << QByteArray("deflate, gzip") << deflated(deflated(sample, zlibFormat), gzipFormat)
                             << sample;
    QTest::newRow("stacked br") << QByteArray("br,gzip") << deflated(brotliSample, gzipFormat) << sample;
    const QByteArray large = sample.repeated(5000);
    QTest::newRow("large") << QByteArray("gzip") << deflated(large, gzipFormat) << large;
}

void TestBodyDecoder::codingsAreDecodedInAnyPieces()
{
    QFETCH(QByteArray, coding);
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, text);
    for (qsizetype size : { qsizetype { 1 }, qsizetype { 3 }, qsizetype { 100 }, body.size() }) {
        BodyDecoder decoder(coding, { .ratio = 1000 });
        QByteArray out;
        for (qsizetype at = 0; at < body.size(); at += size)
            out += decoder.decode(QByteArrayView(body).sliced(at, std::min(size, body.size() - at)));
        QCOMPARE(out, text);
        QVERIFY(decoder.complete());
        QVERIFY(!decoder.stopped());
    }
    QCOMPARE(decodeBody(coding, body, { .ratio = 1000 }), std::optional(text));
}

void TestBodyDecoder::unknownCodingsAreNotSupported()
{
    for (const char *coding : { "compress", "gzip, foo", "gzip, gzip, gzip", "gzip;q=1" }) {
        BodyDecoder decoder { QByteArrayView(coding) };
        QVERIFY(!decoder.supported());
        QVERIFY(!decoder.isIdentity());
        QVERIFY(decoder.decode(sample).isEmpty());
        QVERIFY(!decodeBody(coding, sample));
    }
}

void TestBodyDecoder::truncatedBodiesAreIncomplete()
{
    const QByteArray body = deflated(sample, gzipFormat);
    for (qsizetype size = 0; size < body.size(); ++size)
        QVERIFY(!decodeBody("gzip", body.left(size)));
    for (qsizetype size = 0; size < brotliSample.size(); ++size)
        QVERIFY(!decodeBody("br", brotliSample.left(size)));
    for (qsizetype size = 0; size < zstdSample.size(); ++size)
        QVERIFY(!decodeBody("zstd", zstdSample.left(size)));
}

void TestBodyDecoder::malformedBodiesFail()
{
    for (const char *coding : { "gzip", "zstd" }) {
        BodyDecoder decoder { QByteArrayView(coding) };
        decoder.decode("this is no such thing at all, is it?");
        QVERIFY(decoder.failed());
        QVERIFY(decoder.stopped());
        QVERIFY(decoder.decode(deflated(sample, gzipFormat)).isEmpty());
    }
    QByteArray damaged = deflated(sample, gzipFormat);
    damaged[damaged.size() - 6] = static_cast<char>(damaged[damaged.size() - 6] ^ 1); // the checksum
    QVERIFY(!decodeBody("gzip", damaged));
}

void TestBodyDecoder::damageIsWhereItIsInAnyPieces()
{
    QByteArray body = deflated(sample.repeated(50), gzipFormat);
    body[body.size() - 1] = static_cast<char>(body.back() ^ 1); // the length at its end
    const auto decodedBy = [&body](qsizetype size) {
        BodyDecoder decoder("gzip", { .ratio = 1000 });
        QByteArray out;
        for (qsizetype at = 0; at < body.size(); at += size)
            out += decoder.decode(QByteArrayView(body).sliced(at, std::min(size, body.size() - at)));
        return std::pair(out, decoder.stopped());
    };
    QCOMPARE(decodedBy(body.size()), std::pair(sample.repeated(50), true));
    QCOMPARE(decodedBy(1), decodedBy(body.size()));
}

void TestBodyDecoder::bombsStop_data()
{
    QTest::addColumn<std::int64_t>("outputBytes");
    QTest::addColumn<std::int64_t>("ratio");
    QTest::newRow("ratio") << (std::int64_t { 64 } << 20) << std::int64_t { 200 };
    QTest::newRow("size") << (std::int64_t { 1 } << 20) << std::int64_t { 100000 };
}

void TestBodyDecoder::bombsStop()
{
    QFETCH(std::int64_t, outputBytes);
    QFETCH(std::int64_t, ratio);
    const QByteArray bomb = deflated(QByteArray(qsizetype { 16 } << 20, 'a'), gzipFormat);
    BodyDecoder decoder("gzip", { outputBytes, ratio });
    const QByteArray out = decoder.decode(bomb);
    QVERIFY(decoder.stopped());
    QVERIFY(!decoder.failed());
    QVERIFY(!decoder.complete());
    QVERIFY(out.size() <= outputBytes);
    QVERIFY(out.size() <= bomb.size() * ratio + 65536);
    QVERIFY(decoder.decode(bomb).isEmpty());
}

void TestBodyDecoder::stackedBombStops()
{
    const QByteArray inner = deflated(QByteArray(qsizetype { 64 } << 20, 'a'), gzipFormat);
    const QByteArray bomb = deflated(inner, gzipFormat);
    BodyDecoder decoder("gzip, gzip");
    QVERIFY(decoder.decode(bomb).size() <= bomb.size() * 200 + 65536);
    QVERIFY(decoder.stopped());
}

void TestBodyDecoder::flushedPiecesComeOutAtOnce()
{
    z_stream stream {};
    deflateInit2(&stream, 6, Z_DEFLATED, gzipFormat, 8, Z_DEFAULT_STRATEGY);
    BodyDecoder decoder("gzip");
    for (int i = 0; i < 20; ++i) {
        QByteArray event = "data: " + QByteArray::number(i) + "\n\n";
        QByteArray out(200, '\0');
        stream.next_in = reinterpret_cast<Bytef *>(event.data());
        stream.avail_in = static_cast<uInt>(event.size());
        stream.next_out = reinterpret_cast<Bytef *>(out.data());
        stream.avail_out = static_cast<uInt>(out.size());
        deflate(&stream, Z_SYNC_FLUSH);
        out.truncate(200 - static_cast<qsizetype>(stream.avail_out));
        QCOMPARE(decoder.decode(out), event);
    }
    deflateEnd(&stream);
}

void TestBodyDecoder::randomBytesAreSurvived()
{
    quint32 state = 5;
    for (int round = 0; round < 500; ++round) {
        QByteArray noise = round % 2 == 0 ? brotliSample : zstdSample;
        for (int i = 0; i < 4; ++i) {
            state = state * 1664525u + 1013904223u;
            noise[static_cast<qsizetype>((state >> 16) % static_cast<quint32>(noise.size()))] =
                static_cast<char>(state >> 8);
        }
        for (const char *coding : { "br", "zstd", "deflate", "gzip, br" })
            decodeBody(coding, noise);
    }
}

QTEST_APPLESS_MAIN(TestBodyDecoder)
#include "tst_dialect_bodydecoder.moc"
