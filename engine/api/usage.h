// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace signalbox {

/// Tokens as a provider reported them, in one convention for all dialects: the four parts of `input` and `output` do
/// not overlap, so that everything billed as input is inputTokens + cachedTokens + cacheWriteTokens.
struct TokenUsage
{
    bool known = false; ///< false: the provider said nothing, so every number is meaningless
    std::uint64_t inputTokens = 0; ///< read afresh
    std::uint64_t cachedTokens = 0; ///< read from a cache
    std::uint64_t cacheWriteTokens = 0; ///< written to a cache
    std::uint64_t outputTokens = 0; ///< with reasoning
    std::uint64_t reasoningTokens = 0; ///< the part of the output that was reasoning
    std::uint64_t cacheWriteHourTokens = 0; ///< the part of the cache writes that is kept for an hour

    bool operator==(const TokenUsage &) const = default;
};

} // namespace signalbox
