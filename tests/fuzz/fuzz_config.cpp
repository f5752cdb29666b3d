// SPDX-License-Identifier: GPL-3.0-or-later
// Any text as a configuration: it is taken within the documented limits, or refused with a reason and a place.
#include "engine/config/configloader.h"
#include "tests/fuzz/fuzz.h"

using namespace signalbox;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const LoadResult loaded =
        loadConfigText(asBytes(data, size).toByteArray(), QStringLiteral("/nonexistent/signalbox/config.json"));
    for (const ConfigIssue &issue : loaded.errors)
        expect(!issue.reason.isEmpty() && !issue.text().contains(QLatin1Char('\n')), "an error is one line");
    if (!loaded.ok())
        return 0;
    expect(loaded.config.breaker.threshold >= 1, "the threshold is in its range");
    for (const ProviderConfig &provider : loaded.config.providers) {
        expect(!provider.name.isEmpty() && provider.name.size() <= 64, "a provider's name is in its range");
        expect(provider.baseUrl.isValid() && !provider.baseUrl.host().isEmpty(), "a provider has a place");
        expect(provider.baseUrl.userInfo().isEmpty(), "no password in a base URL");
    }
    return 0;
}
