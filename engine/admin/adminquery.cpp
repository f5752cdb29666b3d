// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/admin/adminquery.h"

#include "engine/base/bytes.h"

#include <array>

namespace signalbox {

namespace {

constexpr qint64 longestCommandMs = qint64 { 7 } * 86'400'000;

QString valueOf(const QUrlQuery &query, const char *name)
{
    return query.queryItemValue(QLatin1String(name), QUrl::FullyDecoded);
}

/// The members that requests and events share.
template <typename Query> std::optional<Error> readPage(const QUrlQuery &query, Query &into)
{
    if (const QString text = valueOf(query, "limit"); !text.isEmpty()) {
        const std::optional<std::int64_t> limit = parseDecimal(text.toUtf8());
        if (!limit || *limit < 1 || *limit > largestPage)
            return Error { QStringLiteral("limit must be from 1 to %1").arg(largestPage), {} };
        into.limit = static_cast<int>(*limit);
    }
    if (const QString text = valueOf(query, "before"); !text.isEmpty()) {
        const std::optional<std::int64_t> before = parseDecimal(text.toUtf8());
        if (!before)
            return Error { QStringLiteral("before must be a sequence number"), {} };
        into.beforeSequence = static_cast<std::uint64_t>(*before);
    }
    for (const auto &[name, member] : { std::pair { "since", &Query::since }, std::pair { "until", &Query::until } }) {
        const QString text = valueOf(query, name);
        if (text.isEmpty())
            continue;
        const QDateTime time = QDateTime::fromString(text, Qt::ISODate);
        if (!time.isValid())
            return Error { QStringLiteral("%1 must be a time, e.g. 2026-01-31T08:00:00Z").arg(QLatin1String(name)),
                           {} };
        into.*member = time;
    }
    return std::nullopt;
}

struct CommandName
{
    QLatin1String name;
    ProviderCommand::Kind kind;
};
constexpr std::array commandNames {
    CommandName { QLatin1String("open"), ProviderCommand::Kind::ForceOpen },
    CommandName { QLatin1String("close"), ProviderCommand::Kind::ForceClosed },
    CommandName { QLatin1String("none"), ProviderCommand::Kind::NoBreaker },
    CommandName { QLatin1String("auto"), ProviderCommand::Kind::Auto },
    CommandName { QLatin1String("reset"), ProviderCommand::Kind::Reset },
    CommandName { QLatin1String("trip"), ProviderCommand::Kind::TripFor },
    CommandName { QLatin1String("probe"), ProviderCommand::Kind::ProbeNow },
    CommandName { QLatin1String("drain"), ProviderCommand::Kind::Drain },
    CommandName { QLatin1String("enable"), ProviderCommand::Kind::Enable },
    CommandName { QLatin1String("disable"), ProviderCommand::Kind::Disable },
};

} // namespace

Result<RequestQuery> requestQueryFrom(const QUrlQuery &query)
{
    RequestQuery result;
    if (const std::optional<Error> error = readPage(query, result))
        return *error;
    Result<Filter> filter = Filter::parse(valueOf(query, "filter"));
    if (!filter)
        return Error { QStringLiteral("filter, %1: %2").arg(filter.error().place, filter.error().reason), {} };
    result.filter = std::move(filter).value();
    return result;
}

Result<EventQuery> eventQueryFrom(const QUrlQuery &query)
{
    EventQuery result;
    if (const std::optional<Error> error = readPage(query, result))
        return *error;
    result.provider = valueOf(query, "provider");
    return result;
}

Result<RouteQuery> routeQueryFrom(const QUrlQuery &query)
{
    RouteQuery result;
    const std::optional<Dialect> dialect = dialectFromName(valueOf(query, "dialect"));
    if (!dialect)
        return Error { QStringLiteral("dialect must be openai, anthropic or gemini"), {} };
    result.dialect = *dialect;
    result.model = valueOf(query, "model").toUtf8();
    result.pinnedProvider = valueOf(query, "provider");
    return result;
}

Result<ProviderCommand> providerCommandFrom(const QJsonObject &object)
{
    ProviderCommand command;
    command.provider = object.value(QStringLiteral("provider")).toString();
    const QString name = object.value(QStringLiteral("command")).toString();
    const auto known = std::find_if(commandNames.begin(), commandNames.end(),
                                    [&](const CommandName &candidate) { return candidate.name == name; });
    if (command.provider.isEmpty() || known == commandNames.end())
        return Error { QStringLiteral(
                           "needs \"provider\" and \"command\": open, close, none, auto, reset, trip, probe, "
                           "drain, enable or disable"),
                       {} };
    command.kind = known->kind;
    const QJsonValue duration = object.value(QStringLiteral("durationMs"));
    if (duration.isUndefined())
        return command;
    const qint64 milliseconds = duration.toInteger(-1);
    if (milliseconds < 1 || milliseconds > longestCommandMs)
        return Error { QStringLiteral("durationMs must be from 1 to %1 (7 days)").arg(longestCommandMs), {} };
    command.duration = Milliseconds(milliseconds);
    return command;
}

} // namespace signalbox
