// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/config/config.h"

namespace signalbox {

const char *toString(Dialect dialect) noexcept
{
    switch (dialect) {
    case Dialect::OpenAi:
        return "openai";
    case Dialect::Anthropic:
        return "anthropic";
    case Dialect::Gemini:
        return "gemini";
    }
    return "";
}

const char *toString(AuthScheme scheme) noexcept
{
    switch (scheme) {
    case AuthScheme::Bearer:
        return "bearer";
    case AuthScheme::XApiKey:
        return "x-api-key";
    case AuthScheme::XGoogApiKey:
        return "x-goog-api-key";
    case AuthScheme::ApiKey:
        return "api-key";
    }
    return "";
}

std::optional<Dialect> dialectFromName(QStringView name) noexcept
{
    for (const Dialect dialect : { Dialect::OpenAi, Dialect::Anthropic, Dialect::Gemini }) {
        if (name == QLatin1String(toString(dialect)))
            return dialect;
    }
    return std::nullopt;
}

std::optional<AuthScheme> authSchemeFromName(QStringView name) noexcept
{
    for (const AuthScheme scheme :
         { AuthScheme::Bearer, AuthScheme::XApiKey, AuthScheme::XGoogApiKey, AuthScheme::ApiKey }) {
        if (name == QLatin1String(toString(scheme)))
            return scheme;
    }
    return std::nullopt;
}

AuthScheme defaultAuthScheme(Dialect dialect) noexcept
{
    switch (dialect) {
    case Dialect::OpenAi:
        return AuthScheme::Bearer;
    case Dialect::Anthropic:
        return AuthScheme::XApiKey;
    case Dialect::Gemini:
        return AuthScheme::XGoogApiKey;
    }
    return AuthScheme::Bearer;
}

const char *toString(Strategy strategy) noexcept
{
    return strategy == Strategy::Health ? "health" : "priority";
}

const char *toString(SettingOrigin origin) noexcept
{
    switch (origin) {
    case SettingOrigin::Default:
        return "default";
    case SettingOrigin::File:
        return "file";
    case SettingOrigin::DotEnv:
        return ".env";
    case SettingOrigin::Environment:
        return "environment";
    case SettingOrigin::CommandLine:
        return "command line";
    }
    return "";
}

QString KeySource::describe() const
{
    switch (kind) {
    case Kind::None:
        return QStringLiteral("none");
    case Kind::Environment:
        return QStringLiteral("env:") + reference;
    case Kind::Keychain:
        return QStringLiteral("keychain:") + reference;
    case Kind::File:
        return QStringLiteral("file:") + reference;
    case Kind::Passthrough:
        return QStringLiteral("passthrough");
    }
    return {};
}

SettingOrigin SettingOrigins::of(const QString &place) const
{
    if (place == QLatin1String("/breaker/threshold"))
        return breakerThreshold;
    if (place == QLatin1String("/breaker/timeoutMs"))
        return breakerTimeout;
    if (place == QLatin1String("/health/intervalMs"))
        return healthInterval;
    if (place == QLatin1String("/metrics/retentionMs"))
        return metricsRetention;
    if (place == QLatin1String("/proxy/port"))
        return port;
    return inFile.contains(place) ? SettingOrigin::File : SettingOrigin::Default;
}

} // namespace signalbox
