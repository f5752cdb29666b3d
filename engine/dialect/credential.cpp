// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/dialect/credential.h"

#include "engine/dialect/jsonscan.h"

#include <algorithm>
#include <array>

namespace signalbox {

namespace {

constexpr std::array exhaustedWords { "insufficient_quota", "credit_balance_exhausted",
                                      "enforced_spend_limit_reached" };

bool namesExhaustion(QByteArrayView object)
{
    for (const char *field : { "code", "type" }) {
        const std::optional<QByteArray> word = findJsonString(object, field);
        if (word &&
            std::any_of(exhaustedWords.begin(), exhaustedWords.end(), [&](const char *w) { return *word == w; }))
            return true;
    }
    return false;
}

} // namespace

bool isQuotaExhausted(Dialect dialect, int status, QByteArrayView body)
{
    if (status == 402)
        return true;
    if (status != 429 || dialect == Dialect::Gemini) // there every 429 reads the same
        return false;
    const std::optional<JsonMember> error = findJsonMember(body, "error");
    return namesExhaustion(body) ||
        (error && error->kind == JsonKind::Object && namesExhaustion(error->value.of(body)));
}

} // namespace signalbox
