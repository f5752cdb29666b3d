// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/dialect/retryafter.h"

#include "engine/dialect/jsonscan.h"

#include <QLocale>
#include <QTimeZone>

#include <algorithm>
#include <cmath>

namespace signalbox {

namespace {

constexpr double longestMs = 366.0 * 24 * 3600 * 1000;
constexpr std::size_t inspectedDetails = 32;

/// A plain decimal number; no exponents, infinities or other things that toDouble() takes.
std::optional<double> number(QByteArrayView text)
{
    const bool plain = !text.isEmpty() && text.size() <= 40 && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '+';
    });
    bool valid = false;
    const double value = text.toByteArray().toDouble(&valid);
    return plain && valid ? std::optional(value) : std::nullopt;
}

std::int64_t bounded(double ms)
{
    return static_cast<std::int64_t>(std::ceil(std::clamp(ms, 0.0, longestMs)));
}

/// The three forms of RFC 9110 5.6.7, without trusting the name of the day.
std::optional<QDateTime> httpDate(const QByteArray &text)
{
    const QString whole = QString::fromLatin1(text);
    const qsizetype comma = whole.indexOf(QLatin1Char(','));
    const QString rest = (comma < 0 ? whole.section(QLatin1Char(' '), 1) : whole.mid(comma + 1)).simplified();
    const QLocale c = QLocale::c();
    for (const char *format : { "dd MMM yyyy hh:mm:ss 'GMT'", "d MMM yyyy hh:mm:ss 'GMT'", "dd-MMM-yy hh:mm:ss 'GMT'",
                                "MMM d hh:mm:ss yyyy" }) {
        QDateTime parsed = c.toDateTime(rest, QString::fromLatin1(format));
        if (!parsed.isValid())
            continue;
        QDate date = parsed.date();
        if (date.year() < 1970) // two-digit years are read as 19xx
            date = date.addYears(100);
        return QDateTime(date, parsed.time(), QTimeZone::utc());
    }
    return std::nullopt;
}

std::optional<std::int64_t> headerHint(const HeaderList &headers, const QDateTime &now)
{
    if (const std::optional<double> ms = number(headers.value("retry-after-ms").trimmed()))
        return bounded(*ms);
    const QByteArray after = headers.value("retry-after").trimmed();
    if (const std::optional<double> seconds = number(after))
        return bounded(*seconds * 1000);
    if (const std::optional<QDateTime> date = httpDate(after))
        return bounded(static_cast<double>(now.msecsTo(*date)));
    return std::nullopt;
}

/// "34.07s"
std::optional<std::int64_t> retryDelay(QByteArrayView text)
{
    if (!text.endsWith('s'))
        return std::nullopt;
    const std::optional<double> seconds = number(text.chopped(1));
    return seconds ? std::optional(bounded(*seconds * 1000)) : std::nullopt;
}

std::optional<std::int64_t> bodyHint(QByteArrayView body)
{
    const std::optional<JsonMember> error = findJsonMember(body, "error");
    if (!error || error->kind != JsonKind::Object)
        return std::nullopt;
    const QByteArrayView object = error->value.of(body);
    const std::optional<JsonMember> details = findJsonMember(object, "details");
    if (!details || details->kind != JsonKind::Array)
        return std::nullopt;
    const QByteArrayView list = details->value.of(object);
    for (const JsonMember &detail : jsonElements(list, inspectedDetails)) {
        const std::optional<QByteArray> delay = findJsonString(detail.value.of(list), "retryDelay");
        if (const auto ms = delay ? retryDelay(*delay) : std::nullopt)
            return ms;
    }
    return std::nullopt;
}

} // namespace

std::optional<std::int64_t> retryAfterMs(const HeaderList &headers, QByteArrayView geminiBody, const QDateTime &now)
{
    const std::optional<std::int64_t> hint = headerHint(headers, now);
    return hint ? hint : bodyHint(geminiBody);
}

} // namespace signalbox
