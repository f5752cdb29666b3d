// SPDX-License-Identifier: GPL-3.0-or-later
// Any text as a filter: it is understood, or the term that is not is shown and explained.
#include "engine/api/filter.h"
#include "tests/fuzz/fuzz.h"

using namespace signalbox;

namespace {

RequestEvent sample()
{
    RequestEvent event;
    event.at = QDateTime::fromMSecsSinceEpoch(1'700'000'000'000, Qt::UTC);
    event.method = "POST";
    event.path = "/v1/chat/completions";
    event.model = "gpt-4o";
    event.status = 200;
    event.provider = QStringLiteral("openai");
    AttemptEvent attempt;
    attempt.provider = event.provider;
    attempt.reason = QStringLiteral("ok");
    attempt.status = 200;
    event.attempts = { attempt };
    return event;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    static const RequestEvent event = sample();
    static const QDateTime now = event.at.addSecs(60);
    const QString text = QString::fromUtf8(asBytes(data, size).toByteArray());
    const Result<Filter> filter = Filter::parse(text, now);
    const std::optional<FilterProblem> problem = Filter::problemIn(text);
    expect(bool(filter) != problem.has_value(), "either a filter or a problem");
    if (filter)
        filter.value().matches(event);
    if (problem) {
        expect(!problem->explanation.isEmpty(), "a problem is explained");
        expect(problem->position >= 0 && problem->position + problem->length <= text.size(), "a problem has a place");
    }
    Filter::completions(text, text.size() / 2);
    return 0;
}
