// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/headerlist.h"

#include "engine/base/bytes.h"

#include <QByteArrayList>

#include <algorithm>
#include <array>
#include <cstring>

namespace signalbox {

namespace {

constexpr std::size_t longestSharedName = 32;
using SharedNames = std::array<std::vector<QByteArray>, longestSharedName + 1>; ///< by their length

/// In the spellings that clients and providers use.
SharedNames makeSharedNames()
{
    const QByteArrayList names { "Host",
                                 "User-Agent",
                                 "Accept",
                                 "Accept-Encoding",
                                 "Accept-Language",
                                 "Authorization",
                                 "Connection",
                                 "Content-Type",
                                 "Content-Length",
                                 "Content-Encoding",
                                 "Transfer-Encoding",
                                 "Cache-Control",
                                 "Date",
                                 "Server",
                                 "Vary",
                                 "Via",
                                 "Origin",
                                 "Expires",
                                 "Etag",
                                 "Cf-Ray",
                                 "Keep-Alive",
                                 "Retry-After",
                                 "Set-Cookie",
                                 "X-Api-Key",
                                 "X-Request-Id",
                                 "Request-Id",
                                 "Openai-Version",
                                 "Openai-Organization",
                                 "Openai-Processing-Ms",
                                 "Anthropic-Version",
                                 "Anthropic-Beta",
                                 "X-Stainless-Lang",
                                 "X-Stainless-Package-Version",
                                 "X-Stainless-Os",
                                 "X-Stainless-Arch",
                                 "X-Stainless-Runtime",
                                 "X-Stainless-Runtime-Version",
                                 "X-Stainless-Retry-Count",
                                 "X-Stainless-Timeout",
                                 "X-Stainless-Async",
                                 "Strict-Transport-Security",
                                 "X-Content-Type-Options",
                                 "Alt-Svc" };
    SharedNames shared;
    for (const QByteArray &name : names) {
        std::vector<QByteArray> &ofThatLength = shared.at(static_cast<std::size_t>(name.size()));
        ofThatLength.push_back(name);
        ofThatLength.push_back(name.toLower());
    }
    return shared;
}

} // namespace

QByteArray headerName(QByteArrayView name)
{
    static const SharedNames shared = makeSharedNames();
    const auto size = static_cast<std::size_t>(name.size());
    if (size < shared.size()) {
        for (const QByteArray &known : shared[size]) {
            if (std::memcmp(known.constData(), name.data(), size) == 0)
                return known;
        }
    }
    return name.toByteArray();
}

const HeaderField *HeaderList::find(QByteArrayView name) const
{
    const auto found = std::find_if(m_fields.begin(), m_fields.end(),
                                    [&](const HeaderField &field) { return equalsIgnoringCase(field.name, name); });
    return found == m_fields.end() ? nullptr : &*found;
}

void HeaderList::set(const QByteArray &name, const QByteArray &value)
{
    bool written = false;
    std::erase_if(m_fields, [&](HeaderField &field) {
        if (!equalsIgnoringCase(field.name, name))
            return false;
        if (written)
            return true;
        field.value = value;
        written = true;
        return false;
    });
    if (!written)
        append(name, value);
}

void HeaderList::remove(QByteArrayView name)
{
    std::erase_if(m_fields, [&](const HeaderField &field) { return equalsIgnoringCase(field.name, name); });
}

QByteArray HeaderList::value(QByteArrayView name) const
{
    const HeaderField *field = find(name);
    return field ? field->value : QByteArray();
}

std::vector<QByteArray> HeaderList::values(QByteArrayView name) const
{
    std::vector<QByteArray> result;
    for (const HeaderField &field : m_fields) {
        if (equalsIgnoringCase(field.name, name))
            result.push_back(field.value);
    }
    return result;
}

int HeaderList::count(QByteArrayView name) const
{
    return static_cast<int>(std::count_if(m_fields.begin(), m_fields.end(), [&](const HeaderField &field) {
        return equalsIgnoringCase(field.name, name);
    }));
}

bool HeaderList::hasToken(QByteArrayView name, QByteArrayView token) const
{
    for (const HeaderField &field : m_fields) {
        if (!equalsIgnoringCase(field.name, name))
            continue;
        for (const QByteArray &part : field.value.split(',')) {
            if (equalsIgnoringCase(QByteArrayView(part).trimmed(), token))
                return true;
        }
    }
    return false;
}

} // namespace signalbox
