// SPDX-License-Identifier: GPL-3.0-or-later
// A provider's answer from the wire to the judge. The first byte cuts, the second says what was asked for.
#include "engine/dialect/answerjudge.h"
#include "engine/dialect/bodydecoder.h"
#include "engine/dialect/retryafter.h"
#include "engine/transport/responseparser.h"
#include "tests/fuzz/fuzz.h"

#include <memory>

using namespace signalbox;

namespace {

class Reader final : public ResponseParser::Handler
{
public:
    explicit Reader(unsigned char choice)
        : m_judge(static_cast<Dialect>(choice % 3),
                  choice % 2 ? Endpoint::ChatCompletions : Endpoint::StreamGenerateContent, choice & 4)
    {
        m_parser.reset(choice & 8);
    }

    void feed(QByteArrayView bytes)
    {
        if (!m_parser.isComplete() && !m_parser.hasError())
            m_parser.feed(bytes);
    }
    void finish()
    {
        log += m_parser.finish() ? "whole" : "cut";
        log += toString(m_judge.verdict());
    }

    void onResponseHead(ResponseHead &&head) override
    {
        expect(head.status >= 200 && head.status < 1000, "interim answers are skipped");
        for (const HeaderField &field : head.headers) {
            for (const char c : QByteArray(field.name + field.value))
                expect(static_cast<unsigned char>(c) >= 0x20 || c == '\t', "no control character in a header");
            log += field.name + ':' + field.value + '\n';
        }
        m_judge.setHead(head.status, head.headers);
        m_decoder = std::make_unique<BodyDecoder>(head.headers.value("content-encoding"),
                                                  DecodeLimits { std::int64_t { 1 } << 20, 200 });
    }
    void onResponseBody(QByteArrayView piece) override
    {
        log += piece;
        m_judge.feed(m_decoder->decode(piece));
    }
    void onResponseComplete() override
    {
        m_judge.finish();
        log += "complete";
    }
    void onResponseError(const QString &reason) override
    {
        expect(!reason.isEmpty(), "an error has a reason");
        log += "error";
    }

    QByteArray log;

private:
    AnswerJudge m_judge;
    std::unique_ptr<BodyDecoder> m_decoder;
    ResponseParser m_parser { *this };
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    if (size < 2)
        return 0;
    const unsigned char choice = data[1];
    QByteArray input = asBytes(data, size).toByteArray();
    input.remove(1, 1);
    const Pieces pieces(input);
    Reader whole(choice);
    if (!pieces.whole().isEmpty())
        whole.feed(pieces.whole());
    whole.finish();
    Reader cut(choice);
    pieces.forEach([&](QByteArrayView piece) { cut.feed(piece); });
    cut.finish();
    expect(whole.log == cut.log, "the cuts make no difference");
    return 0;
}
