// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/headerlist.h"

#include "engine/base/bytes.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>

namespace signalbox {

namespace {

constexpr std::size_t longestSharedName = 32;

/// In the spelling that HTTP/1.1 clients and providers use; also shared in lower case.
constexpr std::array<std::string_view, 43> sharedNames { "Host",
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

using Spelling = std::array<char, longestSharedName + 1>;

constexpr std::array<Spelling, sharedNames.size()> lowerNames = [] {
    std::array<Spelling, sharedNames.size()> spellings {};
    for (std::size_t i = 0; i < sharedNames.size(); ++i)
        std::transform(sharedNames[i].begin(), sharedNames[i].end(), spellings[i].begin(),
                       [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return spellings;
}();

using SharedNames = std::array<std::vector<QByteArray>, longestSharedName + 1>; ///< by their length

SharedNames makeSharedNames()
{
    SharedNames shared;
    for (std::size_t i = 0; i < sharedNames.size(); ++i) {
        const auto size = static_cast<qsizetype>(sharedNames[i].size());
        std::vector<QByteArray> &ofThatLength = shared.at(sharedNames[i].size());
        ofThatLength.push_back(ofStatic({ sharedNames[i].data(), size }));
        ofThatLength.push_back(ofStatic({ lowerNames[i].data(), size }));
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

HeaderList::Occurrences HeaderList::occurrences(QByteArrayView name) const
{
    Occurrences found;
    for (const HeaderField &field : m_fields) {
        if (equalsIgnoringCase(field.name, name) && found.count++ == 0)
            found.first = field.value;
    }
    return found;
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
