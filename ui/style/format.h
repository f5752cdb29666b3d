// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <chrono>
#include <cstdint>
#include <optional>

namespace signalbox {

/// How values are written everywhere: number, narrow space, unit; a dash where there is no value.

/// "–"
QString noValue();
/// ms below 1 s, s with one decimal above; three significant digits: "5.23 ms", "840 ms", "8.4 s", "123 s".
QString formatLatency(std::optional<double> milliseconds);
/// Of 0..1: "99.4 %". Only all is "100 %" and only none is "0 %".
QString formatShare(double share);
/// A frequency: "0.21/s", "9.8/s", "120/s"; "0/s" for none.
QString formatRate(double perSecond);
/// "1,204" as the locale groups it.
QString formatCount(std::uint64_t count);
/// "n=47"; below ten "n=9 (few)".
QString formatSamples(std::uint64_t samples);
/// Until something happens, never too early: "0:23", "1:02:03".
QString formatCountdown(std::chrono::milliseconds left);
/// How long something lasts or lasted, one unit: "14 s", "12 min", "3 h".
QString formatSpan(std::chrono::milliseconds span);
/// A number without trailing zeros: "1.5", "60".
QString formatPlain(double value, int maxDecimals);
/// The number with a narrow no-break space and the unit.
QString withUnit(const QString &number, const QString &unit);

} // namespace signalbox
