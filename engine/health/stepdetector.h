// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>

namespace signalbox {

/// A sudden change of latency that stayed.
struct StepChange
{
    bool slower = true;
    double beforeMs = 0; ///< geometric mean before it
    double afterMs = 0; ///< geometric mean lately
};

struct StepPolicy
{
    double tolerance = 0.1; ///< delta: drift of ln(ms) per sample that is no step
    double threshold = 6.0; ///< lambda: how much evidence, summed over samples
    double clip = 2.0; ///< one sample's deviation counts at most this much, so that an outlier is no step
    std::uint32_t warmUp = 20; ///< samples before anything is said
};

/// Two-sided Page-Hinkley test on ln(latency). It starts over after each step. For an event, not for the score.
class StepDetector
{
public:
    explicit StepDetector(StepPolicy policy = {}) : m_policy(policy) { }

    /// Values that are not finite or not above 0 are skipped.
    std::optional<StepChange> add(double latencyMs);

private:
    /// One side of the test: evidence gathered since it was last zero.
    struct Side
    {
        double evidence = 0;
        double before = 0; ///< the mean then
        double recent = 0; ///< moving mean of ln(ms) since then
        std::uint32_t samples = 0;
        void add(double drift, double value, double mean);
    };

    StepPolicy m_policy;
    std::uint32_t m_samples = 0;
    double m_mean = 0; ///< of ln(ms), each sample clipped around the mean before it
    Side m_up;
    Side m_down;
};

} // namespace signalbox
