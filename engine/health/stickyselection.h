// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <span>
#include <vector>

namespace signalbox {

struct SelectionCandidate
{
    int id = 0; ///< stable over evaluations
    bool admissible = false;
    double score = 0.0;
};

/// Chooses by score without hopping: the current provider is left only if it is not admissible, or if another one is at
/// least 5 points better in two consecutive evaluations. Evaluate at most once per new score, not per request.
class StickySelection
{
public:
    static constexpr double LeadToLeave = 5.0;

    /// Candidates in order of preference, which decides between equal scores. Nullopt if none is admissible.
    std::optional<int> evaluate(std::span<const SelectionCandidate> candidates);
    std::optional<int> current() const noexcept { return m_current; }

private:
    std::optional<int> m_current;
    std::vector<int> m_better; ///< those that were that much better in the last evaluation
};

} // namespace signalbox
