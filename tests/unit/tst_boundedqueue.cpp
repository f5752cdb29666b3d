// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/boundedqueue.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <thread>

using namespace signalbox;

namespace {

constexpr int many = 200'000;

TEST(BoundedQueue, KeepsOrderAcrossThreads)
{
    BoundedQueue<std::string> queue(64);
    std::thread producer([&queue] {
        for (int i = 0; i < many;) {
            if (queue.put(std::to_string(i)))
                ++i;
            else
                std::this_thread::yield();
        }
    });
    std::string value;
    for (int i = 0; i < many;) {
        if (queue.take(value))
            ASSERT_EQ(value, std::to_string(i++));
        else
            std::this_thread::yield();
    }
    producer.join();
    EXPECT_EQ(queue.size(), 0U);
}

TEST(BoundedQueue, DropsAndCountsWhenFull)
{
    BoundedQueue<int> queue(4);
    for (int i = 0; i < 10; ++i)
        EXPECT_EQ(queue.put(i), i < 4);
    EXPECT_EQ(queue.dropped(), 6U);
    EXPECT_EQ(queue.size(), 4U);
    int value = 0;
    for (int i = 0; i < 4; ++i) {
        ASSERT_TRUE(queue.take(value));
        EXPECT_EQ(value, i);
    }
    EXPECT_FALSE(queue.take(value));
    EXPECT_TRUE(queue.put(10));
}

TEST(BoundedQueue, EveryValueArrivesOrIsCounted)
{
    BoundedQueue<int> queue(8);
    std::atomic<bool> done { false };
    std::thread producer([&] {
        for (int i = 0; i < many; ++i)
            queue.put(i);
        done = true;
    });
    std::uint64_t taken = 0;
    int last = -1;
    int value = 0;
    for (;;) {
        const bool finished = done;
        if (queue.take(value)) {
            ASSERT_GT(value, last);
            last = value;
            ++taken;
        } else if (finished) {
            break;
        }
    }
    producer.join();
    EXPECT_EQ(taken + queue.dropped(), static_cast<std::uint64_t>(many));
}

TEST(BoundedQueue, HoldsNothingOnceTaken)
{
    BoundedQueue<std::shared_ptr<int>> queue(4);
    const auto shared = std::make_shared<int>(1);
    queue.put(shared);
    std::shared_ptr<int> taken;
    ASSERT_TRUE(queue.take(taken));
    taken.reset();
    EXPECT_EQ(shared.use_count(), 1);
}

} // namespace
