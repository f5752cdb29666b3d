// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/dialect/usagechunk.h"

#include "engine/dialect/jsonscan.h"
#include "engine/dialect/ssescanner.h"

#include <utility>

namespace signalbox {

namespace {

bool isUsageChunk(QByteArrayView event)
{
    bool found = false;
    const auto look = [&found](const SseEvent &read) {
        const auto choices = findJsonMember(read.data, "choices");
        const auto usage = findJsonMember(read.data, "usage");
        found = choices && choices->kind == JsonKind::Array && jsonElements(choices->value.of(read.data), 1).empty() &&
            usage && usage->kind == JsonKind::Object;
    };
    SseScanner scanner;
    scanner.feed(event, look);
    scanner.finish(look);
    return found;
}

bool isBlank(QByteArrayView line)
{
    return line.isEmpty() || line == QByteArrayView("\r");
}

} // namespace

std::optional<QByteArray> withIncludeUsage(const QByteArray &body)
{
    const qsizetype open = body.indexOf('{');
    if (open < 0)
        return std::nullopt;
    const std::optional<JsonMember> options = findJsonMember(body, "stream_options");
    QByteArray result = body;
    if (!options)
        return findJsonMember(body, "stream")
            ? std::optional(result.insert(open + 1, "\"stream_options\":{\"include_usage\":true},"))
            : std::nullopt;
    const QByteArrayView object = options->value.of(body);
    if (options->kind != JsonKind::Object || findJsonMember(object, "include_usage"))
        return std::nullopt;
    const bool empty = object.sliced(1, object.size() - 2).trimmed().isEmpty();
    return result.insert(options->value.begin + 1,
                         empty ? QByteArray("\"include_usage\":true") : QByteArray("\"include_usage\":true,"));
}

QByteArray UsageChunkFilter::feed(QByteArrayView bytes)
{
    QByteArray out;
    while (!bytes.isEmpty()) {
        const qsizetype newline = bytes.indexOf('\n');
        const QByteArrayView part = bytes.first(newline < 0 ? bytes.size() : newline + 1);
        bytes = bytes.sliced(part.size());
        const QByteArrayView text = newline < 0 ? part : part.chopped(1);
        if (m_passing) {
            out += part;
            m_lineEmpty = m_lineEmpty && isBlank(text);
            if (newline >= 0 && std::exchange(m_lineEmpty, true))
                m_passing = false;
            continue;
        }
        m_event += part;
        if (newline >= 0) {
            const bool ends = isBlank(QByteArrayView(m_event).sliced(m_lineStart).chopped(1));
            m_lineStart = m_event.size();
            if (ends)
                endEvent(out);
        }
        if (m_event.size() > longestHeld) {
            m_passing = true;
            m_lineEmpty = isBlank(QByteArrayView(m_event).sliced(m_lineStart));
            out += std::exchange(m_event, {});
            m_lineStart = 0;
        }
    }
    return out;
}

void UsageChunkFilter::endEvent(QByteArray &out)
{
    if (!isUsageChunk(m_event))
        out += m_event;
    m_event.clear();
    m_lineStart = 0;
}

QByteArray UsageChunkFilter::finish()
{
    QByteArray out;
    endEvent(out);
    return out;
}

} // namespace signalbox
