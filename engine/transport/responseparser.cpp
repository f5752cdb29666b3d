// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/transport/responseparser.h"

#include "engine/base/bytes.h"
#include "engine/transport/bodydecoder.h"
#include "engine/transport/headscanner.h"
#include "engine/transport/reasonphrase.h"

#include <algorithm>
#include <string_view>

namespace signalbox {

namespace {

constexpr std::string_view protocol = "HTTP/1.";

bool isInterim(int status)
{
    return status >= 100 && status < 200;
}

/// Most often the usual one.
QByteArray reasonOf(int status, QByteArrayView text)
{
    const QByteArrayView usual = reasonPhrase(status);
    return text == usual ? ofStatic(usual) : text.toByteArray();
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

} // namespace

class ResponseParser::Private final : public HeadScanner::StartLine, public MessageBodyDecoder::Sink
{
public:
    Private(Handler &handlerOfParser, const ParserLimits &limits)
        : handler(handlerOfParser), scanner(*this, limits, false), decoder(HTTP_RESPONSE, *this, limits)
    {
    }

    ParseError checkBeginning(QByteArrayView beginning) override
    {
        const auto size = std::min<std::size_t>(protocol.size(), static_cast<std::size_t>(beginning.size()));
        if (std::string_view(beginning.data(), size) != protocol.substr(0, size))
            return { 502, QStringLiteral("the answer is not HTTP/1.1") };
        return {};
    }

    ParseError parse(QByteArrayView line) override
    {
        const bool wellFormed = line.size() >= 12 && (line.at(7) == '0' || line.at(7) == '1') && line.at(8) == ' ' &&
            isDigit(line.at(9)) && isDigit(line.at(10)) && isDigit(line.at(11)) &&
            (line.size() == 12 || line.at(12) == ' ') && isHttpFieldValue(line);
        if (!wellFormed)
            return { 502, QStringLiteral("invalid status line") };
        head = {};
        head.minorVersion = line.at(7) - '0';
        head.status = line.sliced(9, 3).toInt();
        if (line.size() > 13)
            head.reason = reasonOf(head.status, line.sliced(13));
        if (head.status < 100 || head.status > 599)
            return { 502, QStringLiteral("invalid status code") };
        if (head.status == 101)
            return { 502, QStringLiteral("the answer switches protocols, which was not asked for") };
        return {};
    }

    void onBody(QByteArrayView piece) override { handler.onResponseBody(piece); }

    void fail(const ParseError &problem)
    {
        failed = true;
        handler.onResponseError(problem.reason);
    }

    ParseError findFraming()
    {
        const auto codings = head.headers.occurrences("transfer-encoding");
        const auto lengths = head.headers.occurrences("content-length");
        const auto length = lengths.count == 1 ? parseDecimal(lengths.first) : std::nullopt;
        if (lengths.count > 0 && !length)
            return { 502, QStringLiteral("invalid Content-Length in the answer") };
        const bool coded = codings.count > 0;
        if (coded && (head.minorVersion == 0 || codings.count > 1 || !equalsIgnoringCase(codings.first, "chunked")))
            return { 502, QStringLiteral("invalid Transfer-Encoding in the answer") };
        if (toHead || head.status == 204 || head.status == 304) {
            head.framing = Framing::None;
        } else if (coded) {
            head.framing = Framing::Chunked;
        } else if (length) {
            head.framing = Framing::Length;
            head.contentLength = *length;
        } else {
            head.framing = Framing::Close;
        }
        bothFramings = coded && lengths.count > 0;
        return {};
    }

    /// RFC 9112 6.3: beside Transfer-Encoding a Content-Length does not count, nor may it be passed on.
    QByteArray headWithoutLength() const
    {
        QByteArray result = scanner.bytes().first(scanner.bytes().indexOf('\n') + 1).toByteArray();
        for (const HeaderField &field : head.headers)
            result += field.name + ": " + field.value + "\r\n";
        return result + "\r\n";
    }

    void finishHead()
    {
        head.headers = scanner.takeHeaders();
        if (isInterim(head.status)) {
            scanner.reset();
            return;
        }
        if (const ParseError problem = findFraming())
            return fail(problem);
        if (bothFramings) {
            head.headers.remove("content-length");
            decoder.start(headWithoutLength(), head.framing, head.contentLength);
        } else if (head.framing == Framing::Length) {
            decoder.startPlain(head.framing, head.contentLength);
        } else {
            decoder.start(scanner.bytes(), head.framing, head.contentLength);
        }
        if (decoder.error())
            return fail(decoder.error());
        reusable = head.minorVersion == 1 && head.framing != Framing::Close && !bothFramings &&
            !head.headers.hasToken("connection", "close");
        headDone = true;
        handler.onResponseHead(std::move(head));
    }

    void step(QByteArrayView &input)
    {
        if (!headDone) {
            scanner.feed(input);
            if (scanner.error())
                fail(scanner.error());
            else if (scanner.isComplete())
                finishHead();
            return;
        }
        decoder.feed(input);
        if (decoder.error())
            fail(decoder.error());
    }

    void completeIfDone()
    {
        if (!headDone || complete || failed || !decoder.isComplete())
            return;
        complete = true;
        handler.onResponseComplete();
    }

    Handler &handler;
    HeadScanner scanner;
    MessageBodyDecoder decoder;
    ResponseHead head;
    bool toHead = false;
    bool started = false;
    bool headDone = false;
    bool complete = false;
    bool failed = false;
    bool bothFramings = false;
    bool reusable = false;
};

ResponseParser::ResponseParser(Handler &handler, const ParserLimits &limits)
    : d(std::make_unique<Private>(handler, limits))
{
}

ResponseParser::~ResponseParser() = default;

void ResponseParser::reset(bool toHeadRequest)
{
    d->scanner.reset();
    d->toHead = toHeadRequest;
    d->started = false;
    d->headDone = false;
    d->complete = false;
    d->failed = false;
    d->bothFramings = false;
    d->reusable = false;
}

qsizetype ResponseParser::feed(QByteArrayView bytes)
{
    QByteArrayView rest = bytes;
    d->started = d->started || !bytes.isEmpty();
    while (!rest.isEmpty() && !d->complete && !d->failed) {
        d->step(rest);
        d->completeIfDone();
    }
    return bytes.size() - rest.size();
}

bool ResponseParser::finish()
{
    if (d->headDone && !d->failed && d->decoder.finish())
        d->completeIfDone();
    return d->complete;
}

bool ResponseParser::isComplete() const
{
    return d->complete;
}

bool ResponseParser::hasError() const
{
    return d->failed;
}

bool ResponseParser::isHeadComplete() const
{
    return d->headDone;
}

bool ResponseParser::hasStarted() const
{
    return d->started;
}

bool ResponseParser::keepAlive() const
{
    return d->reusable;
}

} // namespace signalbox
