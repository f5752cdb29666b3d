// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/style/format.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <cmath>

namespace signalbox {

namespace {

constexpr std::uint64_t fewSamples = 10;

QString tr(const char *text)
{
    return QCoreApplication::translate("Format", text);
}

int decimalsForThreeDigits(double value)
{
    // The bounds are where rounding would add a digit: 9.996 is written 10.0, not 10.00.
    return value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
}

} // namespace

QString noValue()
{
    return QStringLiteral("–");
}

QString withUnit(const QString &number, const QString &unit)
{
    return number + QChar(0x202F) + unit;
}

QString formatLatency(std::optional<double> milliseconds)
{
    if (!milliseconds || !std::isfinite(*milliseconds))
        return noValue();
    const double ms = std::max(0.0, *milliseconds);
    const QLocale locale;
    if (ms < 999.5)
        return withUnit(locale.toString(ms, 'f', decimalsForThreeDigits(ms)), tr("ms"));
    const double seconds = ms / 1000;
    return withUnit(locale.toString(seconds, 'f', seconds < 99.95 ? 1 : 0), tr("s"));
}

QString formatShare(double share)
{
    const QLocale locale;
    if (!(share > 0.0))
        return withUnit(locale.toString(0), QStringLiteral("%"));
    if (share >= 1.0)
        return withUnit(locale.toString(100), QStringLiteral("%"));
    const double percent = std::clamp(std::round(share * 1000) / 10, 0.1, 99.9);
    return withUnit(locale.toString(percent, 'f', 1), QStringLiteral("%"));
}

QString formatRate(double perSecond)
{
    const double rate = std::max(0.0, perSecond);
    const int decimals = rate == 0.0 || rate >= 99.95 ? 0 : rate < 0.995 ? 2 : 1;
    return tr("%1/s").arg(QLocale().toString(rate, 'f', decimals));
}

QString formatCount(std::uint64_t count)
{
    return QLocale().toString(static_cast<qulonglong>(count));
}

QString formatSamples(std::uint64_t samples)
{
    const QString text = QStringLiteral("n=") + formatCount(samples);
    return samples < fewSamples ? tr("%1 (few)").arg(text) : text;
}

QString formatCountdown(std::chrono::milliseconds left)
{
    const std::int64_t total = std::chrono::ceil<std::chrono::seconds>(std::max(left, left.zero())).count();
    const auto padded = [](std::int64_t value) { return QStringLiteral("%1").arg(value, 2, 10, QLatin1Char('0')); };
    const QString seconds = padded(total % 60);
    if (total < 3600)
        return QString::number(total / 60) + QLatin1Char(':') + seconds;
    return QString::number(total / 3600) + QLatin1Char(':') + padded(total / 60 % 60) + QLatin1Char(':') + seconds;
}

QString formatSpan(std::chrono::milliseconds span)
{
    using namespace std::chrono;
    const std::int64_t total = floor<seconds>(std::max(span, span.zero())).count();
    const QLocale locale;
    if (total < 100)
        return withUnit(locale.toString(static_cast<qlonglong>(total)), tr("s"));
    if (total < 100 * 60)
        return withUnit(locale.toString(static_cast<qlonglong>((total + 30) / 60)), tr("min"));
    return withUnit(locale.toString(static_cast<qlonglong>((total + 1800) / 3600)), tr("h"));
}

QString formatPlain(double value, int maxDecimals)
{
    QLocale locale;
    locale.setNumberOptions(locale.numberOptions() | QLocale::OmitGroupSeparator);
    QString text = locale.toString(value, 'f', maxDecimals);
    if (maxDecimals <= 0)
        return text;
    while (text.endsWith(locale.zeroDigit()))
        text.chop(1);
    if (text.endsWith(locale.decimalPoint()))
        text.chop(locale.decimalPoint().size());
    return text;
}

} // namespace signalbox
