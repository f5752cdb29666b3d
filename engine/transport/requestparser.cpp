// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/transport/requestparser.h"

#include "engine/base/bytes.h"
#include "engine/transport/bodydecoder.h"
#include "engine/transport/headscanner.h"

#include <QHostAddress>

#include <algorithm>
#include <array>
#include <string_view>

namespace signalbox {

namespace {

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isAlpha(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool isHexDigit(char c)
{
    return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool isScheme(QByteArrayView text)
{
    return !text.isEmpty() && isAlpha(text.front()) && std::all_of(text.begin(), text.end(), [](char c) {
        return isAlpha(c) || isDigit(c) || c == '+' || c == '-' || c == '.';
    });
}

/// RFC 3986 3.2.2 reg-name, which includes IPv4.
bool isRegName(QByteArrayView text)
{
    for (qsizetype i = 0; i < text.size(); ++i) {
        const char c = text.at(i);
        if (c == '%') {
            if (i + 2 >= text.size() || !isHexDigit(text.at(i + 1)) || !isHexDigit(text.at(i + 2)))
                return false;
            i += 2;
        } else if (!isAlpha(c) && !isDigit(c) &&
                   std::string_view("-._~!$&'()*+,;=").find(c) == std::string_view::npos) {
            return false;
        }
    }
    return true;
}

bool isPort(QByteArrayView text)
{
    if (text.isEmpty())
        return true; // RFC 3986 3.2.3: "host:" has the default port
    const auto value = parseDecimal(text);
    return value && *value <= 65535;
}

bool isIpv6(QByteArrayView text)
{
    const bool characters =
        std::all_of(text.begin(), text.end(), [](char c) { return isHexDigit(c) || c == ':' || c == '.'; });
    QHostAddress address;
    return characters && address.setAddress(QString::fromLatin1(text)) &&
        address.protocol() == QAbstractSocket::IPv6Protocol;
}

ParseError findForm(RequestHead &head)
{
    const QByteArrayView target = head.target;
    const qsizetype colon = target.indexOf(':');
    if (head.method == "CONNECT")
        head.form = TargetForm::Authority;
    else if (target.front() == '/')
        head.form = TargetForm::Origin;
    else if (target == "*")
        head.form = TargetForm::Asterisk;
    else if (colon > 0 && isScheme(target.first(colon)))
        head.form = TargetForm::Absolute;
    else
        return { 400, QStringLiteral("invalid request target") };
    return {};
}

ParseError parseVersion(QByteArrayView version, RequestHead &head)
{
    const bool wellFormed = version.size() == 8 && version.startsWith("HTTP/") && isDigit(version.at(5)) &&
        version.at(6) == '.' && isDigit(version.at(7));
    if (!wellFormed)
        return { 400, QStringLiteral("invalid protocol version") };
    if (version != "HTTP/1.1" && version != "HTTP/1.0")
        return { 505, QStringLiteral("only HTTP/1.1 and HTTP/1.0 are spoken here") };
    head.minorVersion = version.back() - '0';
    return {};
}

ParseError checkHost(const RequestHead &head)
{
    const int hosts = head.headers.count("host");
    if (hosts > 1)
        return { 400, QStringLiteral("more than one Host field") };
    if (hosts == 0 && head.minorVersion == 1)
        return { 400, QStringLiteral("no Host field") };
    if (hosts == 1 && !isValidHostField(head.headers.value("host")))
        return { 400, QStringLiteral("invalid Host field") };
    return {};
}

ParseError findFraming(RequestHead &head)
{
    const auto codings = head.headers.occurrences("transfer-encoding");
    const auto lengths = head.headers.occurrences("content-length");
    if (codings.count > 0) {
        if (head.minorVersion == 0)
            return { 400, QStringLiteral("Transfer-Encoding in HTTP/1.0") };
        if (lengths.count > 0)
            return { 400, QStringLiteral("both Content-Length and Transfer-Encoding") };
        if (codings.count > 1 || !equalsIgnoringCase(codings.first, "chunked"))
            return { 400, QStringLiteral("Transfer-Encoding other than chunked") };
        head.framing = Framing::Chunked;
        head.contentLength = -1;
    } else if (lengths.count > 0) {
        const auto length = parseDecimal(lengths.first);
        if (lengths.count > 1 || !length)
            return { 400, QStringLiteral("invalid Content-Length") };
        head.framing = Framing::Length;
        head.contentLength = *length;
    }
    return {};
}

constexpr std::array<QByteArrayView, 5> usualMethods { "POST", "GET", "DELETE", "PUT", "PATCH" };

/// Of which nobody thinks that its content ends anywhere else.
bool isUsualMethod(QByteArrayView method)
{
    return std::find(usualMethods.begin(), usualMethods.end(), method) != usualMethods.end();
}

QByteArray methodOf(QByteArrayView text)
{
    const auto usual = std::find(usualMethods.begin(), usualMethods.end(), text);
    return usual == usualMethods.end() ? text.toByteArray() : ofStatic(*usual);
}

} // namespace

bool isValidHostField(QByteArrayView value) noexcept
{
    if (value.startsWith('[')) {
        const qsizetype end = value.indexOf(']');
        if (end < 0 || !isIpv6(value.sliced(1, end - 1)))
            return false;
        const QByteArrayView rest = value.sliced(end + 1);
        return rest.isEmpty() || (rest.front() == ':' && isPort(rest.sliced(1)));
    }
    const qsizetype colon = value.indexOf(':');
    const QByteArrayView name = colon < 0 ? value : value.first(colon);
    return !name.isEmpty() && isRegName(name) && name.indexOf(',') < 0 &&
        (colon < 0 || isPort(value.sliced(colon + 1)));
}

class RequestParser::Private final : public HeadScanner::StartLine, public MessageBodyDecoder::Sink
{
public:
    Private(Handler &handlerOfParser, const ParserLimits &limits)
        : handler(handlerOfParser), scanner(*this, limits, true), decoder(HTTP_REQUEST, *this, limits)
    {
    }

    ParseError checkBeginning(QByteArrayView beginning) override
    {
        if (!isHttpToken(beginning.first(1)))
            return { 400, QStringLiteral("not HTTP") };
        return {};
    }

    ParseError parse(QByteArrayView line) override
    {
        const qsizetype first = line.indexOf(' ');
        const qsizetype last = line.lastIndexOf(' ');
        if (first <= 0 || last <= first + 1 || !isHttpToken(line.first(first)))
            return { 400, QStringLiteral("invalid request line") };
        const QByteArrayView target = line.sliced(first + 1, last - first - 1);
        const bool clean =
            std::all_of(target.begin(), target.end(), [](char c) { return c > 0x20 && c < 0x7f && c != '#'; });
        if (!clean)
            return { 400, QStringLiteral("invalid character in the request target") };
        head = {};
        head.method = methodOf(line.first(first));
        head.target = target.toByteArray();
        if (ParseError wrong = parseVersion(line.sliced(last + 1), head))
            return wrong;
        return findForm(head);
    }

    void onBody(QByteArrayView piece) override { handler.onRequestBody(piece); }

    void fail(const ParseError &problem)
    {
        failed = true;
        handler.onRequestError(problem.status, problem.reason);
    }

    void finishHead()
    {
        head.headers = scanner.takeHeaders();
        ParseError problem = checkHost(head);
        if (!problem)
            problem = findFraming(head);
        if (problem)
            return fail(problem);
        if (head.framing != Framing::Chunked && isUsualMethod(head.method))
            decoder.startPlain(head.framing, head.contentLength);
        else
            decoder.start(scanner.bytes(), head.framing, head.contentLength);
        if (decoder.error())
            return fail(decoder.error());
        head.keepAlive = head.minorVersion == 1 && !head.headers.hasToken("connection", "close");
        headDone = true;
        handler.onRequestHead(std::move(head));
    }

    void step(QByteArrayView &input)
    {
        if (!headDone) {
            scanner.feed(input);
            if (scanner.error())
                fail(scanner.error());
            else if (scanner.isComplete())
                finishHead();
        } else if (decoder.isComplete()) {
            complete = true;
            handler.onRequestComplete();
        } else {
            decoder.feed(input);
            if (decoder.error())
                fail(decoder.error());
        }
    }

    bool hasPendingEvent() const { return headDone && decoder.isComplete(); }

    Handler &handler;
    HeadScanner scanner;
    MessageBodyDecoder decoder;
    RequestHead head;
    bool headDone = false;
    bool complete = false;
    bool failed = false;
    bool paused = false;
};

RequestParser::RequestParser(Handler &handler, const ParserLimits &limits)
    : d(std::make_unique<Private>(handler, limits))
{
}

RequestParser::~RequestParser() = default;

qsizetype RequestParser::feed(QByteArrayView bytes)
{
    QByteArrayView rest = bytes;
    d->paused = false;
    while (!d->complete && !d->failed && !d->paused && (!rest.isEmpty() || d->hasPendingEvent()))
        d->step(rest);
    return bytes.size() - rest.size();
}

void RequestParser::pause()
{
    d->paused = true;
}

void RequestParser::reset()
{
    if (d->failed)
        return;
    d->scanner.reset();
    d->headDone = false;
    d->complete = false;
}

bool RequestParser::isComplete() const
{
    return d->complete;
}

bool RequestParser::hasError() const
{
    return d->failed;
}

bool RequestParser::isHeadComplete() const
{
    return d->headDone;
}

bool RequestParser::isInsideMessage() const
{
    return !d->complete && (d->headDone || !d->scanner.isEmpty());
}

} // namespace signalbox
