// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/proxy/requesttrace.h"

#include "engine/base/bytes.h"
#include "engine/base/packing.h"
#include "engine/dialect/masking.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace signalbox {

namespace {

constexpr qsizetype firstBuffer = qsizetype { 16 } << 10;
constexpr qsizetype longestNumber = 10; ///< of a 64-bit varint

const QByteArray masked = QByteArrayLiteral("***");

bool isCredentialField(QByteArrayView name)
{
    switch (name.size()) {
    case 6:
        return equalsIgnoringCase(name, "cookie");
    case 7:
        return equalsIgnoringCase(name, "api-key") || equalsIgnoringCase(name, "cookie2");
    case 9:
        return equalsIgnoringCase(name, "x-api-key");
    case 10:
        return equalsIgnoringCase(name, "set-cookie");
    case 12:
        return equalsIgnoringCase(name, "x-auth-token");
    case 13:
        return equalsIgnoringCase(name, "authorization");
    case 14:
        return equalsIgnoringCase(name, "x-goog-api-key");
    case 19:
        return equalsIgnoringCase(name, "proxy-authorization");
    default:
        return false;
    }
}

/// A name that promises a secret. Rate limits count tokens of another kind.
bool soundsSecret(const QByteArray &name)
{
    const QByteArray lower = name.toLower();
    if (lower.contains("ratelimit"))
        return false;
    constexpr std::array words { "key", "token", "secret", "auth", "cookie", "password", "signature", "sig" };
    return std::any_of(words.begin(), words.end(), [&](const char *word) { return lower.contains(word); });
}

class Mask
{
public:
    explicit Mask(const std::vector<Secret> &secrets) : m_secrets(secrets) { }

    QByteArray text(QByteArray value) const
    {
        for (const Secret &secret : m_secrets) {
            if (!secret.isEmpty())
                value.replace(secret.reveal(), masked);
        }
        return maskSecrets(value);
    }
    QByteArray target(const QByteArray &value) const
    {
        const qsizetype question = value.indexOf('?');
        if (question < 0)
            return text(value);
        QByteArrayList items = value.mid(question + 1).split('&');
        for (QByteArray &item : items) {
            const qsizetype equals = item.indexOf('=');
            if (equals >= 0 && soundsSecret(item.first(equals)))
                item = item.first(equals + 1) + masked;
        }
        return text(value.first(question) + '?' + items.join('&'));
    }
    HeaderList headers(Unpacker &in) const
    {
        HeaderList list;
        const std::size_t count = in.count();
        list.reserve(count);
        for (std::size_t i = 0; i < count && in.ok(); ++i) {
            const QByteArray name = in.bytes();
            const QByteArray value = in.bytes();
            list.append(name, soundsSecret(name) ? masked : text(value));
        }
        return list;
    }

private:
    const std::vector<Secret> &m_secrets;
};

QString readText(Unpacker &in)
{
    const QByteArray raw = in.bytes();
    QString text(raw.size() / 2, Qt::Uninitialized);
    std::memcpy(text.data(), raw.constData(), static_cast<std::size_t>(text.size()) * 2);
    return text;
}

void readEvents(Unpacker &in, RequestDetails &details)
{
    std::vector<QByteArray> names(in.count());
    for (QByteArray &name : names)
        name = in.bytes();
    details.events.resize(in.count());
    std::uint64_t us = 0;
    for (StreamEventDetails &event : details.events) {
        us += in.number();
        event.at = std::chrono::microseconds(us);
        event.bytes = static_cast<std::uint32_t>(in.number());
        const std::uint64_t name = in.number();
        if (name < names.size())
            event.name = names[name];
    }
    details.furtherEvents = in.number();
}

} // namespace

TraceWriter::TraceWriter(QByteArray &buffer) : m_buffer(buffer)
{
    if (m_buffer.size() < firstBuffer)
        m_buffer.resize(firstBuffer);
    m_at = m_buffer.data();
    m_end = m_at + m_buffer.size();
}

void TraceWriter::makeRoom(qsizetype bytes)
{
    if (m_end - m_at >= bytes)
        return;
    const qsizetype used = m_at - m_buffer.constData();
    m_buffer.resize(std::max(m_buffer.size() * 2, used + bytes));
    m_at = m_buffer.data() + used;
    m_end = m_buffer.data() + m_buffer.size();
}

/// There is room, as for the other one.
void TraceWriter::put(std::uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        *m_at++ = static_cast<char>(value | 0x80);
    *m_at++ = static_cast<char>(value);
}

void TraceWriter::put(QByteArrayView value)
{
    put(static_cast<std::uint64_t>(value.size()));
    m_at = std::copy(value.begin(), value.end(), m_at);
}

void TraceWriter::number(std::uint64_t value)
{
    makeRoom(longestNumber);
    put(value);
}

void TraceWriter::bytes(QByteArrayView value)
{
    makeRoom(value.size() + longestNumber);
    put(value);
}

/// As it is in memory: the reader is this process.
void TraceWriter::text(QStringView value)
{
    bytes(QByteArrayView(reinterpret_cast<const char *>(value.utf16()), value.size() * 2));
}

void TraceWriter::headers(const HeaderList &list)
{
    qsizetype room = longestNumber;
    for (const HeaderField &field : list)
        room += field.name.size() + std::max(field.value.size(), masked.size()) + 2 * longestNumber;
    makeRoom(room);
    put(list.size());
    for (const HeaderField &field : list) {
        put(field.name);
        put(isCredentialField(field.name) ? masked : field.value);
    }
}

void TraceWriter::begin(QByteArrayView target, const HeaderList &list)
{
    bytes(target);
    headers(list);
}

void TraceWriter::candidate(const TraceCandidate &candidate, QStringView fate)
{
    text(candidate.provider);
    text(fate);
    number(static_cast<std::uint64_t>(std::max(candidate.score, 0.0F) * 100));
    bytes(candidate.mappedModel);
}

void TraceWriter::attempt(QStringView provider, QByteArrayView target, const HeaderList &sent, int status,
                          const HeaderList &received)
{
    text(provider);
    bytes(target);
    headers(sent);
    number(static_cast<std::uint64_t>(status));
    headers(received);
}

QByteArrayView TraceWriter::end(const EventLog *events)
{
    static const EventLog none;
    const EventLog &log = events ? *events : none;
    number(log.names().size());
    for (const QByteArray &name : log.names())
        bytes(name);
    number(log.entries().size());
    std::uint32_t last = 0;
    for (const EventLog::Entry &entry : log.entries()) {
        number(entry.atUs - last);
        number(entry.bytes);
        number(entry.name);
        last = entry.atUs;
    }
    number(log.further());
    return { m_buffer.constData(), m_at - m_buffer.constData() };
}

std::optional<RequestDetails> unpackTrace(QByteArrayView trace, const std::vector<Secret> &secrets)
{
    const Mask mask(secrets);
    Unpacker in(trace);
    RequestDetails details;
    details.target = mask.target(in.bytes());
    details.received = mask.headers(in);
    details.considered.resize(in.count());
    for (ConsideredProvider &considered : details.considered) {
        considered.provider = readText(in);
        considered.reason = readText(in);
        considered.score = static_cast<double>(in.number()) / 100;
        considered.mappedModel = in.bytes();
    }
    details.notLookedAt = in.number();
    details.attempts.resize(in.count());
    for (AttemptDetails &attempt : details.attempts) {
        attempt.provider = readText(in);
        attempt.target = mask.target(in.bytes());
        attempt.sent = mask.headers(in);
        attempt.status = static_cast<int>(in.number());
        attempt.received = mask.headers(in);
    }
    readEvents(in, details);
    return in.ok() && in.atEnd() ? std::optional(std::move(details)) : std::nullopt;
}

} // namespace signalbox
