// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <utility>

namespace signalbox {

class CircuitBreaker;

/// How a token knows whether its breaker is still there. Shared like a std::shared_ptr, but for one thread: counting in
/// an atomic would be half of what an admission costs.
class BreakerLink
{
public:
    BreakerLink() = default;
    explicit BreakerLink(CircuitBreaker *breaker) : m_shared(new Shared { breaker, 1 }) { }
    BreakerLink(const BreakerLink &other) noexcept : m_shared(other.m_shared)
    {
        if (m_shared)
            ++m_shared->owners;
    }
    BreakerLink(BreakerLink &&other) noexcept : m_shared(std::exchange(other.m_shared, nullptr)) { }
    BreakerLink &operator=(BreakerLink other) noexcept
    {
        std::swap(m_shared, other.m_shared);
        return *this;
    }
    ~BreakerLink()
    {
        if (m_shared && --m_shared->owners == 0)
            delete m_shared;
    }

    explicit operator bool() const noexcept { return m_shared != nullptr; }
    /// Null once the breaker is gone.
    CircuitBreaker *breaker() const noexcept { return m_shared ? m_shared->breaker : nullptr; }
    /// The breaker goes: for every copy.
    void cut() noexcept { m_shared->breaker = nullptr; }

private:
    struct Shared
    {
        CircuitBreaker *breaker;
        std::size_t owners;
    };
    Shared *m_shared = nullptr;
};

} // namespace signalbox
