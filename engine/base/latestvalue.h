// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <mutex>
#include <utility>

namespace signalbox {

/// The newest of a series of immutable values, for any thread to read. Whoever holds one keeps it alive.
template <typename T> class LatestValue
{
public:
    using Pointer = std::shared_ptr<const T>;

    Pointer read() const
    {
        const std::scoped_lock lock(m_mutex);
        return m_value;
    }
    void publish(Pointer value)
    {
        {
            const std::scoped_lock lock(m_mutex);
            m_value.swap(value);
        }
        // The old value, if nobody else holds it, dies here: outside the lock.
    }

private:
    mutable std::mutex m_mutex;
    Pointer m_value;
};

} // namespace signalbox
