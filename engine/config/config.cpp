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

} // namespace signalbox
