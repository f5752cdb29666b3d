// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>

namespace signalbox {

/// The word for a score.
enum class HealthBand { Unknown, Healthy, Degraded, Unhealthy };

struct HealthBorders
{
    double healthyFrom = 80.0;
    double degradedFrom = 50.0; ///< unhealthy below
};

/// Keeps the word steady: it changes only when the score is 3 points beyond the border for 10 s.
class HealthLabelTracker
{
public:
    static constexpr double Margin = 3.0;
    static constexpr std::int64_t DwellMs = 10'000;

    void setBorders(const HealthBorders &borders) noexcept { m_borders = borders; }
    /// hasData: a call or a check has been seen. The first score with data is taken at its word.
    HealthBand update(double score, bool hasData, std::int64_t nowMs) noexcept;
    HealthBand band() const noexcept { return m_band; }

private:
    struct Pending
    {
        HealthBand band; ///< the nearest one that was reached all the time
        std::int64_t sinceMs;
    };
    HealthBand plainBand(double score) const noexcept;
    HealthBand reached(double score) const noexcept;

    HealthBorders m_borders;
    HealthBand m_band = HealthBand::Unknown;
    std::optional<Pending> m_pending;
};

} // namespace signalbox
