// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/transport/requesthead.h"

#include "engine/base/bytes.h"
#include "engine/base/bytewriter.h"

#include <QIODevice>

#include <algorithm>

namespace signalbox {

namespace {

bool isFramingField(QByteArrayView name)
{
    return equalsIgnoringCase(name, "content-length") || equalsIgnoringCase(name, "transfer-encoding") ||
        equalsIgnoringCase(name, "connection") || equalsIgnoringCase(name, "keep-alive");
}

bool isOriginForm(QByteArrayView target)
{
    return target.startsWith('/') &&
        std::all_of(target.begin(), target.end(), [](char c) { return c > 0x20 && c < 0x7f && c != '#'; });
}

/// RFC 9110 8.6: methods that have a meaning for content say so even when there is none.
bool expectsContent(QByteArrayView method)
{
    return method == "POST" || method == "PUT" || method == "PATCH";
}

void appendField(ByteWriter &head, QByteArrayView name, QByteArrayView value)
{
    head << name << ": " << value << "\r\n";
}

void appendFraming(ByteWriter &head, const UpstreamRequest &request)
{
    const bool streamed = !request.bodyDevice.isNull();
    const std::int64_t size = streamed ? request.bodySize : request.body.size();
    if (size < 0)
        appendField(head, "Transfer-Encoding", "chunked");
    else if (size > 0 || streamed || expectsContent(request.method))
        (head << "Content-Length: ").number(size) << "\r\n";
}

} // namespace

Result<QByteArray> serializeHead(const UpstreamRequest &request, qsizetype extraCapacity)
{
    if (!isHttpToken(request.method) || request.method == "CONNECT")
        return Error { QStringLiteral("the method cannot be sent"), {} };
    if (!isOriginForm(request.target))
        return Error { QStringLiteral("the request target is not a path"), {} };
    constexpr qsizetype startLineAndFraming = 128;
    qsizetype size = startLineAndFraming + request.method.size() + request.target.size();
    for (const HeaderField &field : request.headers) {
        if (!isHttpToken(field.name) || !isHttpFieldValue(field.value)) {
            return Error { QStringLiteral("a header to send has a name or value that is not allowed in HTTP"),
                           isHttpToken(field.name) ? QString::fromLatin1(field.name) : QString() };
        }
        size += field.name.size() + field.value.size() + 4;
    }
    const QByteArray host = request.headers.contains("host") ? QByteArray() : request.origin.authority();
    QByteArray head;
    head.reserve(size + host.size() + extraCapacity);
    ByteWriter out(head, size + host.size());
    out << request.method << " " << request.target << " HTTP/1.1\r\n";
    if (!host.isEmpty())
        appendField(out, "Host", host);
    for (const HeaderField &field : request.headers) {
        if (!isFramingField(field.name))
            appendField(out, field.name, field.value);
    }
    appendFraming(out, request);
    out << "\r\n";
    out.finish();
    return head;
}

} // namespace signalbox
