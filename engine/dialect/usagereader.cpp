// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/dialect/usagereader.h"

#include "engine/dialect/masking.h"

#include <algorithm>
#include <charconv>

namespace signalbox {

namespace {

/// More than any context window by far: whatever is above is nonsense.
constexpr std::uint64_t mostTokens = 1'000'000'000'000;

bool isOneOf(QByteArrayView key, std::initializer_list<QByteArrayView> names)
{
    return std::find(names.begin(), names.end(), key) != names.end();
}

/// Where the three dialects, and Groq, put the object with the numbers or with the model.
bool isEnvelope(QByteArrayView key)
{
    return isOneOf(key, { "response", "message", "x_groq" });
}

} // namespace

void UsageReader::readEvent(QByteArrayView data)
{
    // Most events hold neither: a look at the bytes is cheaper than a walk over the members.
    const bool mayHaveUsage = findText(data, "\"usage") >= 0;
    if (mayHaveUsage || (m_model.isEmpty() && findText(data, "\"model") >= 0))
        readObject(data);
}

void UsageReader::readDocument(QByteArrayView piece)
{
    m_tooLong = m_tooLong || m_document.size() + piece.size() > documentBytes;
    if (m_tooLong)
        m_document = QByteArray();
    else
        m_document.append(piece);
}

void UsageReader::finishDocument()
{
    readObject(m_document);
    m_document = QByteArray();
}

void UsageReader::readObject(QByteArrayView object)
{
    JsonObjectWalker walker(object);
    while (const std::optional<JsonMember> member = walker.next())
        readTopMember(*member, object);
}

void UsageReader::readTopMember(const JsonMember &member, QByteArrayView document)
{
    const QByteArrayView value = member.value.of(document);
    if (member.kind == JsonKind::Object && isOneOf(member.key, { "usage", "usageMetadata" }))
        readUsage(value);
    else if (member.kind == JsonKind::Object && isEnvelope(member.key))
        readObject(value);
    else if (member.kind == JsonKind::String && isOneOf(member.key, { "model", "modelVersion" }))
        m_model = printableExcerpt(unescapeJson(value.first(std::min(value.size(), modelBytes))), modelBytes);
}

void UsageReader::readUsage(QByteArrayView usage)
{
    JsonObjectWalker walker(usage);
    while (const std::optional<JsonMember> member = walker.next()) {
        if (member->kind == JsonKind::Number)
            readMember(member->key, member->value.of(usage));
        else if (member->kind == JsonKind::Object)
            readDetails(member->key, member->value.of(usage));
    }
}

void UsageReader::readMember(QByteArrayView key, QByteArrayView value)
{
    if (isOneOf(key, { "prompt_tokens", "input_tokens", "promptTokenCount" }))
        set(Input, value);
    else if (isOneOf(key, { "completion_tokens", "output_tokens", "candidatesTokenCount" }))
        set(Output, value);
    else if (isOneOf(
                 key,
                 { "cache_read_input_tokens", "cachedContentTokenCount", "prompt_cache_hit_tokens", "cached_tokens" }))
        set(Cached, value);
    else if (key == QByteArrayView("cache_creation_input_tokens"))
        set(CacheWrite, value);
    else if (key == QByteArrayView("thoughtsTokenCount"))
        set(Reasoning, value);
    else if (key == QByteArrayView("toolUsePromptTokenCount"))
        set(ToolInput, value);
}

void UsageReader::readDetails(QByteArrayView key, QByteArrayView object)
{
    const bool input = isOneOf(key, { "prompt_tokens_details", "input_tokens_details" });
    const bool output = isOneOf(key, { "completion_tokens_details", "output_tokens_details" });
    const bool writes = key == QByteArrayView("cache_creation");
    if (!input && !output && !writes)
        return;
    JsonObjectWalker walker(object);
    while (const std::optional<JsonMember> member = walker.next()) {
        const QByteArrayView value = member->value.of(object);
        if (member->kind != JsonKind::Number)
            continue;
        if (input && member->key == "cached_tokens")
            set(Cached, value);
        else if (input && member->key == "cache_write_tokens")
            set(CacheWrite, value);
        else if (output && isOneOf(member->key, { "reasoning_tokens", "thinking_tokens" }))
            set(Reasoning, value);
        else if (writes && member->key == "ephemeral_1h_input_tokens")
            set(CacheWriteHour, value);
    }
}

void UsageReader::set(Field field, QByteArrayView number)
{
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(number.begin(), number.end(), value);
    if (error == std::errc() && end == number.end() && value <= mostTokens)
        m_fields[field] = value;
}

TokenUsage UsageReader::usage() const
{
    TokenUsage usage;
    usage.known = m_fields[Input].has_value() || m_fields[Output].has_value();
    if (!usage.known)
        return usage;
    usage.cachedTokens = get(Cached);
    usage.cacheWriteTokens = get(CacheWrite);
    usage.cacheWriteHourTokens = std::min(get(CacheWriteHour), usage.cacheWriteTokens);
    usage.inputTokens = get(Input);
    usage.outputTokens = get(Output);
    if (m_dialect != Dialect::Anthropic) {
        // The others count cached tokens as input too.
        const std::uint64_t elsewhere = usage.cachedTokens + usage.cacheWriteTokens;
        usage.inputTokens -= std::min(usage.inputTokens, elsewhere);
    }
    if (m_dialect == Dialect::Gemini) {
        usage.inputTokens += get(ToolInput);
        usage.outputTokens += get(Reasoning);
    }
    usage.reasoningTokens = std::min(get(Reasoning), usage.outputTokens);
    return usage;
}

} // namespace signalbox
