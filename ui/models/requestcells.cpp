// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/requestcells.h"

#include "ui/models/requestwords.h"
#include "ui/style/format.h"

#include <QLocale>

namespace signalbox {

namespace {

QString orNone(const QString &text)
{
    return text.isEmpty() ? noValue() : text;
}

QString clock(const QDateTime &at)
{
    return at.toLocalTime().toString(QStringLiteral("HH:mm:ss.zzz"));
}

} // namespace

QString timeText(std::chrono::microseconds time)
{
    if (time.count() <= 0)
        return noValue();
    return formatLatency(std::chrono::duration<double, std::milli>(time).count());
}

QString tokensText(const TokenUsage &usage)
{
    if (!usage.known)
        return noValue();
    const std::uint64_t in = usage.inputTokens + usage.cachedTokens + usage.cacheWriteTokens;
    return QStringLiteral("%1 / %2").arg(formatCount(in), formatCount(usage.outputTokens));
}

QString costText(std::optional<double> dollars)
{
    if (!dollars)
        return noValue();
    return QStringLiteral("$%1").arg(QLocale().toString(*dollars, 'f', 4));
}

bool isNumberColumn(int column)
{
    return column == RequestModel::NumberColumn || column == RequestModel::AttemptsColumn ||
        column >= RequestModel::StatusColumn;
}

QString cellText(const RequestEvent &event, int column)
{
    switch (column) {
    case RequestModel::NumberColumn:
        return QString::number(event.sequence);
    case RequestModel::TimeColumn:
        return clock(event.at);
    case RequestModel::ClientColumn:
        return orNone(QString::fromUtf8(event.userAgent));
    case RequestModel::ModelColumn:
        return orNone(QString::fromUtf8(event.model));
    case RequestModel::PathColumn:
        return orNone(QString::fromUtf8(event.path));
    case RequestModel::OutcomeColumn:
        return outcomeWords(event);
    case RequestModel::ProviderColumn:
        return orNone(event.healthCheck ? event.attempts.front().provider : event.provider);
    case RequestModel::AttemptsColumn:
        return event.healthCheck ? noValue() : QString::number(event.attempts.size());
    case RequestModel::StatusColumn:
        return event.status == 0 ? noValue() : QString::number(event.status);
    case RequestModel::FirstByteColumn:
        return timeText(event.firstByte);
    case RequestModel::TotalColumn:
        return timeText(event.total);
    case RequestModel::TokensColumn:
        return tokensText(event.usage());
    case RequestModel::CostColumn:
        return costText(event.costUsd());
    case RequestModel::SizeColumn:
        return event.healthCheck ? noValue() : QLocale().formattedDataSize(event.bytesToClient);
    default:
        return {};
    }
}

std::array<QString, RequestModel::ColumnCount> flightTexts(const InFlightRequest &request)
{
    std::array<QString, RequestModel::ColumnCount> text;
    text.fill(noValue());
    text[RequestModel::TimeColumn] = clock(request.at);
    text[RequestModel::ClientColumn] = orNone(QString::fromUtf8(request.userAgent));
    text[RequestModel::ModelColumn] = orNone(QString::fromUtf8(request.model));
    text[RequestModel::PathColumn] = QString::fromUtf8(request.path);
    text[RequestModel::OutcomeColumn] = flightWords(request);
    text[RequestModel::ProviderColumn] = orNone(request.provider);
    text[RequestModel::AttemptsColumn] = QString::number(request.attempt);
    text[RequestModel::TotalColumn] = formatSpan(request.elapsed);
    if (request.bytesToClient > 0)
        text[RequestModel::SizeColumn] = QLocale().formattedDataSize(request.bytesToClient);
    return text;
}

std::optional<LampShape> outcomeLamp(const RequestEvent &event)
{
    using End = RequestEvent::End;
    if (event.healthCheck) // a refused key is an answer
        return event.end == End::Completed ? LampShape::Circle : LampShape::Square;
    switch (event.end) {
    case End::Failed:
    case End::Truncated:
        return LampShape::Square;
    case End::ClientGone:
    case End::Cancelled:
        return LampShape::SlashedCircle;
    case End::LocalAnswer:
    case End::Completed:
        break;
    }
    if (event.status >= 400)
        return LampShape::Square;
    return event.attempts.size() > 1 ? std::optional(LampShape::Triangle) : std::nullopt;
}

} // namespace signalbox
