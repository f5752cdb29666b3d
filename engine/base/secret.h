// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

namespace signalbox {

/// A key or token. Cannot be streamed to QDebug or converted by accident; wiped when the last copy goes.
class Secret
{
public:
    Secret() = default;
    explicit Secret(const QByteArray &value) : m_value(value.constData(), value.size()) { }
    Secret(const Secret &other) : Secret(other.m_value) { }
    Secret(Secret &&other) noexcept { m_value.swap(other.m_value); }
    Secret &operator=(Secret other) noexcept
    {
        m_value.swap(other.m_value);
        return *this;
    }
    ~Secret();

    bool isEmpty() const noexcept { return m_value.isEmpty(); }
    const QByteArray &reveal() const noexcept { return m_value; }

    /// Constant time in the content; the lengths may be learned.
    bool matches(QByteArrayView candidate) const noexcept;

    friend bool operator==(const Secret &a, const Secret &b) noexcept { return a.matches(b.m_value); }

private:
    QByteArray m_value;
};

} // namespace signalbox
