// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/snapshot.h"

#include <QByteArray>
#include <QByteArrayView>

#include <concepts>
#include <cstdint>

namespace signalbox {

/// Appends metric families in the Prometheus text format to one buffer.
class Exposition
{
public:
    enum class Type { Counter, Gauge, Histogram };

    /// At most two labels: `owner` as made by label(), and a name with a value that needs no escaping.
    struct Labels
    {
        QByteArrayView owner {};
        QByteArrayView name {};
        QByteArrayView value {};
    };

    explicit Exposition(qsizetype expectedBytes) { m_out.reserve(expectedBytes); }

    /// `name="value"` with the value escaped.
    static QByteArray label(QByteArrayView name, QByteArrayView value);

    /// Samples that follow belong to it.
    void family(QByteArrayView name, Type type, QByteArrayView help);

    template <std::integral T> void sample(const Labels &labels, T value)
    {
        begin({}, labels);
        integer(static_cast<std::int64_t>(value));
        m_out.append('\n');
    }
    void sample(const Labels &labels, std::uint64_t value);
    void sample(const Labels &labels, double value);
    void sample(const Labels &labels, bool value) { sample(labels, value ? 1 : 0); }
    void histogram(QByteArrayView owner, const HistogramSnapshot &histogram);

    QByteArray take() { return std::move(m_out); }

private:
    void begin(QByteArrayView suffix, const Labels &labels);
    void integer(std::int64_t value);
    void integer(std::uint64_t value);
    void real(double value);

    QByteArray m_out;
    QByteArrayView m_name;
};

} // namespace signalbox
