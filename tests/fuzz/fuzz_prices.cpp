// SPDX-License-Identifier: GPL-3.0-or-later
// A model's name, a line feed, then a price file of the user's.
#include "engine/telemetry/prices.h"
#include "tests/fuzz/fuzz.h"

#include <cmath>

using namespace signalbox;

namespace {

std::optional<double> costAt(const PriceTable &table, const QUrl &url, const QByteArray &model, const TokenUsage &usage,
                             const QDateTime &at)
{
    return PriceTable::cost(table.find(url, model), usage, at);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    static const QDateTime at = QDateTime::fromMSecsSinceEpoch(1'790'000'000'000, Qt::UTC);
    static PriceTable table = PriceTable::shipped();
    const QByteArray input = asBytes(data, size).toByteArray();
    const qsizetype end = input.indexOf('\n');
    const QByteArray model = input.left(end);
    TokenUsage usage;
    usage.known = true;
    usage.inputTokens = 1000;
    usage.cachedTokens = 200;
    usage.outputTokens = 300;
    for (const QString &url :
         { QStringLiteral("https://api.openai.com/v1"), QStringLiteral("http://127.0.0.1:8080/v1") }) {
        const std::optional<double> cost = costAt(table, QUrl(url), model, usage, at);
        expect(!cost || (std::isfinite(*cost) && *cost >= 0), "a cost is a finite amount");
    }
    if (end >= 0) {
        PriceTable own;
        const Status status = own.setUserPrices(input.mid(end + 1));
        expect(status || !status.error().reason.isEmpty(), "a refusal has a reason");
        const std::optional<double> cost = costAt(own, QUrl(), model, usage, at);
        expect(!cost || (std::isfinite(*cost) && *cost >= 0), "a cost is a finite amount");
    }
    return 0;
}
