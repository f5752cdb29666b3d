// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/labellayout.h"

#include <algorithm>
#include <numeric>

namespace signalbox {

namespace {

/// Labels that touch, as one block.
struct Block
{
    double centre;
    std::size_t count;
};

} // namespace

std::vector<double> placeLabels(const std::vector<double> &wanted, double height, double top, double bottom)
{
    std::vector<std::size_t> order(wanted.size());
    std::iota(order.begin(), order.end(), std::size_t { 0 });
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return wanted[a] < wanted[b]; });

    const auto half = [height](const Block &block) { return height * static_cast<double>(block.count) / 2; };
    const auto intoRange = [&](Block &block) {
        block.centre = std::max(std::min(block.centre, bottom - half(block)), top + half(block));
    };
    // Each block lies at the mean of what its labels want; blocks that overlap become one.
    std::vector<Block> blocks;
    for (const std::size_t label : order) {
        Block block { wanted[label], 1 };
        intoRange(block);
        while (!blocks.empty() && blocks.back().centre + half(blocks.back()) > block.centre - half(block)) {
            const Block &before = blocks.back();
            const auto a = static_cast<double>(before.count);
            const auto b = static_cast<double>(block.count);
            block = { (before.centre * a + block.centre * b) / (a + b), before.count + block.count };
            blocks.pop_back();
            intoRange(block);
        }
        blocks.push_back(block);
    }

    std::vector<double> placed(wanted.size());
    std::size_t next = 0;
    for (const Block &block : blocks) {
        for (std::size_t i = 0; i < block.count; ++i)
            placed[order[next++]] = block.centre - half(block) + height * (static_cast<double>(i) + 0.5);
    }
    return placed;
}

} // namespace signalbox
