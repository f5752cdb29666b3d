// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/health/stickyselection.h"

#include <algorithm>
#include <utility>

namespace signalbox {

namespace {

template <typename Accept> const SelectionCandidate *best(std::span<const SelectionCandidate> candidates, Accept accept)
{
    const SelectionCandidate *found = nullptr;
    for (const SelectionCandidate &candidate : candidates) {
        if (candidate.admissible && accept(candidate) && (!found || candidate.score > found->score))
            found = &candidate;
    }
    return found;
}

} // namespace

std::optional<int> StickySelection::evaluate(std::span<const SelectionCandidate> candidates)
{
    const auto isCurrent = [this](const SelectionCandidate &candidate) { return candidate.id == m_current; };
    const SelectionCandidate *current = best(candidates, isCurrent);
    if (!current) {
        const SelectionCandidate *next = best(candidates, [](const SelectionCandidate &) { return true; });
        m_current = next ? std::optional<int>(next->id) : std::nullopt;
        m_better.clear();
        return m_current;
    }
    const auto isBetter = [current](const SelectionCandidate &candidate) {
        return candidate.admissible && candidate.score >= current->score + LeadToLeave;
    };
    const auto isBetterAgain = [this, isBetter](const SelectionCandidate &candidate) {
        return isBetter(candidate) && std::find(m_better.begin(), m_better.end(), candidate.id) != m_better.end();
    };
    const SelectionCandidate *next = best(candidates, isBetterAgain);
    std::vector<int> better;
    for (const SelectionCandidate &candidate : candidates) {
        if (!next && isBetter(candidate))
            better.push_back(candidate.id);
    }
    m_better = std::move(better);
    if (next)
        m_current = next->id;
    return m_current;
}

} // namespace signalbox
