// SPDX-License-Identifier: GPL-3.0-or-later
// Event streams and JSON arrays in pieces, and what is read from their events.
#include "engine/dialect/jsonarrayscanner.h"
#include "engine/dialect/ssescanner.h"
#include "engine/dialect/usagereader.h"
#include "tests/fuzz/fuzz.h"

using namespace signalbox;

namespace {

constexpr std::array dialects { Dialect::OpenAi, Dialect::Anthropic, Dialect::Gemini };

template <typename Feed> QByteArray eventsOf(Feed feed)
{
    SseScanner scanner;
    QByteArray log;
    std::array readers { UsageReader(dialects[0]), UsageReader(dialects[1]), UsageReader(dialects[2]) };
    const auto take = [&](const SseEvent &event) {
        log += event.name + '|' + event.data + '\n';
        for (UsageReader &reader : readers)
            reader.readEvent(event.data);
    };
    feed([&](QByteArrayView piece) { scanner.feed(piece, take); });
    scanner.finish(take);
    for (const UsageReader &reader : readers)
        log += QByteArray::number(reader.usage().outputTokens) + reader.servedModel();
    return log;
}

template <typename Feed> QByteArray elementsOf(Feed feed)
{
    JsonArrayScanner scanner;
    QByteArray log;
    feed([&](QByteArrayView piece) {
        scanner.feed(piece, [&](QByteArrayView element) { log += element.toByteArray() + '\n'; });
    });
    return log;
}

template <typename Feed> TokenUsage documentUsage(Dialect dialect, Feed feed)
{
    UsageReader reader(dialect);
    feed([&](QByteArrayView piece) { reader.readDocument(piece); });
    reader.finishDocument();
    expect(reader.servedModel().size() <= UsageReader::modelBytes, "a model's name is short");
    return reader.usage();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const Pieces pieces(asBytes(data, size));
    const auto whole = [&](auto take) { take(pieces.whole()); };
    const auto cut = [&](auto take) { pieces.forEach(take); };
    expect(eventsOf(whole) == eventsOf(cut), "the cuts make no difference to events");
    expect(elementsOf(whole) == elementsOf(cut), "the cuts make no difference to elements");
    for (const Dialect dialect : dialects)
        expect(documentUsage(dialect, whole) == documentUsage(dialect, cut), "the cuts make no difference to usage");
    return 0;
}
