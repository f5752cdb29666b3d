// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/latestvalue.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

using namespace signalbox;

namespace {

struct State
{
    int number = 0;
    int twice = 0; ///< always 2 * number: a torn read would show
};

TEST(LatestValue, ReadersSeeWholeValuesInOrder)
{
    LatestValue<State> latest;
    latest.publish(std::make_shared<const State>());
    std::atomic<bool> done { false };
    std::atomic<int> failures { 0 };
    std::vector<std::thread> readers;
    for (int i = 0; i < 3; ++i) {
        readers.emplace_back([&] {
            int last = 0;
            while (!done) {
                const auto state = latest.read();
                if (state->twice != 2 * state->number || state->number < last)
                    ++failures;
                last = state->number;
            }
        });
    }
    for (int i = 1; i <= 50'000; ++i)
        latest.publish(std::make_shared<const State>(State { i, 2 * i }));
    done = true;
    for (std::thread &reader : readers)
        reader.join();
    EXPECT_EQ(failures, 0);
    EXPECT_EQ(latest.read()->number, 50'000);
}

TEST(LatestValue, AHeldValueOutlivesItsSuccessor)
{
    LatestValue<State> latest;
    latest.publish(std::make_shared<const State>(State { 1, 2 }));
    const auto held = latest.read();
    latest.publish(std::make_shared<const State>(State { 2, 4 }));
    EXPECT_EQ(held->number, 1);
    EXPECT_EQ(latest.read()->number, 2);
}

} // namespace
