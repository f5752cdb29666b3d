// SPDX-License-Identifier: GPL-3.0-or-later
// The way of a client's bytes: parser, route, facts of the body. However the bytes are cut, the same is read.
#include "engine/dialect/bodydecoder.h"
#include "engine/dialect/requestfacts.h"
#include "engine/dialect/route.h"
#include "engine/transport/requestparser.h"
#include "tests/fuzz/fuzz.h"

using namespace signalbox;

namespace {

class Reader final : public RequestParser::Handler
{
public:
    void feed(QByteArrayView bytes)
    {
        while (!bytes.isEmpty() && !m_parser.hasError()) {
            if (m_parser.isComplete())
                m_parser.reset();
            bytes = bytes.sliced(m_parser.feed(bytes));
        }
    }

    void onRequestHead(RequestHead &&head) override
    {
        for (const HeaderField &field : head.headers) {
            log += field.name + ':' + field.value + '\n';
            for (const char c : QByteArray(field.name + field.value))
                expect(static_cast<unsigned char>(c) >= 0x20 || c == '\t', "no control character in a header");
        }
        for (const char c : std::as_const(head.target))
            expect(c > 0x20 && c < 0x7f && c != '#', "a target is printable and has no fragment");
        expect(head.minorVersion == 0 || head.headers.count("host") == 1, "one Host in HTTP/1.1");
        expect(!(head.headers.contains("content-length") && head.headers.contains("transfer-encoding")),
               "not both framings");
        log += head.method + ' ' + head.target + '\n';
        m_contentType = head.headers.value("content-type");
        m_contentEncoding = head.headers.value("content-encoding");
        body.clear();
        const Route route = routeRequest(head.method, head.target, head.headers);
        expect(!route.logPath.contains('?'), "a query is not logged");
        if (route.kind == Route::Kind::Forward)
            upstreamTarget(QUrl(QStringLiteral("https://api.example.com/v1")), route, "other");
    }
    void onRequestBody(QByteArrayView piece) override { body += piece; }
    void onRequestComplete() override
    {
        log += "body " + body + '\n';
        if (const auto facts = scanBody(m_contentType, body)) {
            const QByteArray changed = replaceModel(body, *facts, "other-model");
            expect(facts->model.isEmpty() || changed.contains("other-model"), "the model is replaced");
        }
        decodeBody(m_contentEncoding, body, { 1 << 20, 200 });
    }
    void onRequestError(int status, const QString &reason) override
    {
        expect(status >= 400 && status < 600 && !reason.isEmpty(), "an error has a status and a reason");
        log += QByteArray::number(status) + '\n';
    }

    QByteArray log;
    QByteArray body;

private:
    QByteArray m_contentType;
    QByteArray m_contentEncoding;
    RequestParser m_parser { *this };
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const Pieces pieces(asBytes(data, size));
    Reader whole;
    whole.feed(pieces.whole());
    Reader cut;
    pieces.forEach([&](QByteArrayView piece) { cut.feed(piece); });
    expect(whole.log == cut.log, "the cuts make no difference");
    return 0;
}
