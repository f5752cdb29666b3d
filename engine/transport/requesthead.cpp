// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/transport/requesthead.h"

#include "engine/base/bytes.h"

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

void appendField(QByteArray &head, QByteArrayView name, QByteArrayView value)
{
    head.append(name).append(": ").append(value).append("\r\n");
}

void appendFraming(QByteArray &head, const UpstreamRequest &request)
{
    const bool streamed = !request.bodyDevice.isNull();
    const std::int64_t size = streamed ? request.bodySize : request.body.size();
    if (size < 0)
        appendField(head, "Transfer-Encoding", "chunked");
    else if (size > 0 || streamed || expectsContent(request.method))
        appendField(head, "Content-Length", QByteArray::number(static_cast<qint64>(size)));
}

} // namespace

Result<QByteArray> serializeHead(const UpstreamRequest &request, qsizetype extraCapacity)
{
    if (!isHttpToken(request.method) || request.method == "CONNECT")
        return Error { QStringLiteral("the method cannot be sent"), {} };
    if (!isOriginForm(request.target))
        return Error { QStringLiteral("the request target is not a path"), {} };
    qsizetype size = request.method.size() + request.target.size() + 128 + request.origin.host.size();
    for (const HeaderField &field : request.headers)
        size += field.name.size() + field.value.size() + 4;
    QByteArray head;
    head.reserve(size + extraCapacity);
    head.append(request.method).append(' ').append(request.target).append(" HTTP/1.1\r\n");
    if (!request.headers.contains("host"))
        appendField(head, "Host", request.origin.authority());
    for (const HeaderField &field : request.headers) {
        if (!isHttpToken(field.name) || !isHttpFieldValue(field.value)) {
            return Error { QStringLiteral("a header to send has a name or value that is not allowed in HTTP"),
                           isHttpToken(field.name) ? QString::fromLatin1(field.name) : QString() };
        }
        if (!isFramingField(field.name))
            appendField(head, field.name, field.value);
    }
    appendFraming(head, request);
    head.append("\r\n");
    return head;
}

} // namespace signalbox
