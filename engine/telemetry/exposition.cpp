// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/telemetry/exposition.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace signalbox {

namespace {

/// Long enough for every 64-bit integer and every shortest double.
using Digits = std::array<char, 32>;

template <typename T> QByteArrayView decimal(Digits &digits, T value)
{
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    return QByteArrayView(digits.data(), end);
}

QByteArrayView realText(Digits &digits, double value)
{
    if (std::isnan(value))
        return "NaN";
    if (std::isinf(value))
        return value > 0 ? "+Inf" : "-Inf";
    // Without an exponent where a person reads it better so; the digits still fit.
    if (std::abs(value) < 1e-6 || std::abs(value) >= 1e15)
        return decimal(digits, value);
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value, std::chars_format::fixed).ptr;
    return QByteArrayView(digits.data(), end);
}

const char *typeName(Exposition::Type type)
{
    switch (type) {
    case Exposition::Type::Counter:
        return "counter";
    case Exposition::Type::Gauge:
        return "gauge";
    case Exposition::Type::Histogram:
        return "histogram";
    }
    return "untyped";
}

} // namespace

QByteArray Exposition::label(QByteArrayView name, QByteArrayView value)
{
    QByteArray out;
    out.reserve(name.size() + value.size() + 8);
    out.append(name).append("=\"");
    for (const char c : value) {
        if (c == '\n')
            out.append("\\n");
        else if (c == '"' || c == '\\')
            out.append('\\').append(c);
        else
            out.append(c);
    }
    return out.append('"');
}

void Exposition::family(QByteArrayView name, Type type, QByteArrayView help)
{
    m_name = name;
    m_out.append("# HELP ").append(name).append(' ').append(help).append('\n');
    m_out.append("# TYPE ").append(name).append(' ').append(typeName(type)).append('\n');
}

void Exposition::begin(QByteArrayView suffix, const Labels &labels)
{
    m_out.append(m_name).append(suffix);
    if (!labels.owner.isEmpty() || !labels.name.isEmpty()) {
        m_out.append('{').append(labels.owner);
        if (!labels.name.isEmpty()) {
            if (!labels.owner.isEmpty())
                m_out.append(',');
            m_out.append(labels.name).append("=\"").append(labels.value).append('"');
        }
        m_out.append('}');
    }
    m_out.append(' ');
}

void Exposition::integer(std::int64_t value)
{
    Digits digits;
    m_out.append(decimal(digits, value));
}

void Exposition::integer(std::uint64_t value)
{
    Digits digits;
    m_out.append(decimal(digits, value));
}

void Exposition::real(double value)
{
    Digits digits;
    m_out.append(realText(digits, value));
}

void Exposition::sample(const Labels &labels, std::uint64_t value)
{
    begin({}, labels);
    integer(value);
    m_out.append('\n');
}

void Exposition::sample(const Labels &labels, double value)
{
    begin({}, labels);
    real(value);
    m_out.append('\n');
}

void Exposition::histogram(QByteArrayView owner, const HistogramSnapshot &histogram)
{
    const std::size_t buckets = std::min(histogram.upperBounds.size(), histogram.cumulativeCounts.size());
    Digits bound;
    for (std::size_t i = 0; i < buckets; ++i) {
        begin("_bucket", { owner, "le", realText(bound, histogram.upperBounds[i]) });
        integer(histogram.cumulativeCounts[i]);
        m_out.append('\n');
    }
    begin("_bucket", { owner, "le", "+Inf" });
    integer(histogram.count);
    m_out.append('\n');
    begin("_sum", { owner });
    real(histogram.sum);
    m_out.append('\n');
    begin("_count", { owner });
    integer(histogram.count);
    m_out.append('\n');
}

} // namespace signalbox
