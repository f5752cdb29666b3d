// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/secret.h"

#include <QSet>
#include <QString>
#include <QStringList>
#include <QStringView>
#include <QUrl>

#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace signalbox {

using Milliseconds = std::chrono::milliseconds;

enum class Dialect { OpenAi, Anthropic, Gemini };
enum class AuthScheme { Bearer, XApiKey, XGoogApiKey, ApiKey };
enum class Strategy { Priority, Health };

/// "openai", "anthropic", "gemini"
const char *toString(Dialect dialect) noexcept;
/// "bearer", "x-api-key", "x-goog-api-key", "api-key"
const char *toString(AuthScheme scheme) noexcept;
std::optional<Dialect> dialectFromName(QStringView name) noexcept;
std::optional<AuthScheme> authSchemeFromName(QStringView name) noexcept;
/// What a vendor of that dialect expects: bearer, x-api-key, x-goog-api-key.
AuthScheme defaultAuthScheme(Dialect dialect) noexcept;

/// Where a provider's key comes from. The key itself is never part of the configuration.
struct KeySource
{
    enum class Kind { None, Environment, Keychain, File, Passthrough };
    Kind kind = Kind::None;
    QString reference; ///< variable name, keychain entry or file path
    bool operator==(const KeySource &) const = default;

    /// For people and for the record of confirmed origins: "env:ALPHA_KEY", "none". Holds no secret.
    QString describe() const;
};

struct Timeouts
{
    Milliseconds defaultMs { 30000 }; ///< everything that generates nothing
    Milliseconds connectMs { 5000 };
    Milliseconds tlsMs { 5000 };
    Milliseconds firstByteMs { 90000 }; ///< streams: until the first body byte
    Milliseconds idleMs { 300000 }; ///< streams: between body bytes
    Milliseconds responseMs { 600000 }; ///< a non-streamed generated answer
    Milliseconds totalMs { 900000 }; ///< the whole request with all attempts; a provider's own: one attempt at it
    Milliseconds slowStreamMs { 30000 }; ///< later first byte counts as slow for the breaker
    Milliseconds slowTotalMs { 180000 }; ///< longer non-streamed answer counts as slow
    bool operator==(const Timeouts &) const = default;
};

/// What an operator may tune of the breaker; toPolicy() makes its policy of it.
struct BreakerSettings
{
    int threshold = 5; ///< consecutive failures that open it
    Milliseconds timeoutMs { 60000 }; ///< the first open period; doubles with every opening in a row
    Milliseconds maxOpenMs { 600000 }; ///< no open period is longer
    Milliseconds windowMs { 60000 }; ///< over which the two rates are taken
    int minimumCalls = 20; ///< in the window before the failure rate counts
    int failureRatePercent = 50; ///< opens at or above
    int slowMinimumCalls = 10; ///< in the window before the slow rate counts
    int slowRatePercent = 80; ///< opens at or above
    int probeSuccesses = 2; ///< in a row close it
    int maxProbes = 1; ///< in flight together
    int healthFailures = 3; ///< failed checks in a row that open it
    Milliseconds slowStartMs { 30000 }; ///< its share rises over this after recovery; 0: at once
    Milliseconds failureChainMs { 300000 }; ///< an older failure does not count as "in a row"
    Milliseconds levelDecayMs { 120000 }; ///< closed time that forgets one doubling
    Milliseconds maxRetryAfterMs { 600000 }; ///< a provider's Retry-After is cut to this
    bool operator==(const BreakerSettings &) const = default;
};

/// Active checks, and what the health score calls good.
struct HealthSettings
{
    Milliseconds intervalMs { 30000 };
    bool enabled = true; ///< active checks at all
    Milliseconds firstByteGoodMs { 500 }; ///< streams: up to this full marks
    Milliseconds firstByteBadMs { 10000 }; ///< from this on none
    Milliseconds totalGoodMs { 2000 }; ///< other answers
    Milliseconds totalBadMs { 60000 };
    int degradedBelow = 80; ///< of 100 points
    int unhealthyBelow = 50;
    bool operator==(const HealthSettings &) const = default;
};

/// Bodies kept for the inspector, keys masked. How long: MetricsConfig::captureRetentionMs.
struct CaptureSettings
{
    bool enabled = false;
    int capBytes = 262144; ///< of one body; the rest is not kept
    bool operator==(const CaptureSettings &) const = default;
};

struct ModelMapping
{
    QString pattern; ///< the client's model name; '*' matches any run of characters
    QString target; ///< the provider's name; "*" keeps the client's
    bool operator==(const ModelMapping &) const = default;
};

/// One upstream. Optional parts override the global settings.
struct ProviderConfig
{
    QString name;
    Dialect dialect = Dialect::OpenAi;
    QUrl baseUrl; ///< what the vendor's SDK takes as base URL, without a trailing slash
    KeySource key;
    AuthScheme auth = AuthScheme::Bearer;
    /// Set in the file. If not, an Anthropic request with an anthropic-version after 2023-06-01 sends the key as
    /// bearer.
    bool authExplicit = false;
    std::vector<ModelMapping> models { { QStringLiteral("*"),
                                         QStringLiteral("*") } }; ///< in file order; an exact name beats a glob
    bool enabled = true;
    QUrl proxy; ///< forward proxy, http or socks5; empty: direct
    QString caFile; ///< PEM file of additional trusted authorities; empty: the system's only
    bool simulated = false; ///< set by the demo, never by a file
    /// Served besides `dialect`, without changing anything else of it. Set by the demo, whose servers speak all three;
    /// never by a file, because a real provider's credential and paths belong to one dialect.
    std::vector<Dialect> extraDialects;
    Timeouts timeouts; ///< effective: global values with this provider's overrides
    BreakerSettings breaker; ///< effective
    HealthSettings health; ///< effective
    CaptureSettings capture; ///< effective
    /// OpenAI chat streams: asks for the usage that the client did not ask for, and hides the extra chunk from it.
    bool includeUsage = false;
    bool operator==(const ProviderConfig &) const = default;
};

struct ProxyConfig
{
    QString address = QStringLiteral("127.0.0.1");
    std::uint16_t port = 8787;
    std::optional<Secret> token; ///< nullopt: open to every local user, by choice
    Strategy strategy = Strategy::Priority;
    QStringList allowedHosts;
    QStringList allowedOrigins;
    bool failoverAfterSend = true;
    bool operator==(const ProxyConfig &) const = default;
};

struct LimitsConfig
{
    std::int64_t bodyBytes = std::int64_t { 64 } << 20; ///< one buffered request body
    std::int64_t allBodiesBytes = std::int64_t { 512 } << 20; ///< all buffered bodies together
    int connections = 1024;
    Milliseconds headMs { 10000 }; ///< a request head must be complete by then
    Milliseconds bodyGapMs { 30000 }; ///< between two pieces of a request body
    int bodyBytesPerSecond = 1024; ///< a slower request body is cut (after a grace of 10 s)
    bool operator==(const LimitsConfig &) const = default;
};

struct MetricsConfig
{
    bool recording = true; ///< the history on disk at all
    Milliseconds retentionMs { 3600000 }; ///< of full request events
    Milliseconds stateRetentionMs { 604800000 }; ///< of state events and the breakers' input log
    Milliseconds captureRetentionMs { 3600000 }; ///< of captured bodies
    Milliseconds secondsRetentionMs { 3600000 }; ///< of roll-ups of one second
    Milliseconds minutesRetentionMs { 604800000 };
    Milliseconds hoursRetentionMs { 31536000000 };
    int maxMegabytes = 2048; ///< of the history file; the oldest goes first
    bool operator==(const MetricsConfig &) const = default;
};

/// Who is told of an alarm.
struct AlarmsConfig
{
    QUrl webhookUrl; ///< gets each change as a JSON POST; empty: nobody. Its path may be a secret.
    KeySource webhookKey; ///< sent as bearer; None: no key
    bool operator==(const AlarmsConfig &) const = default;
};

/// "priority", "health"
const char *toString(Strategy strategy) noexcept;

/// Where the value of a setting came from. Anything above File is not editable in the console.
enum class SettingOrigin { Default, File, DotEnv, Environment, CommandLine };
/// "default", "file", ".env", "environment", "command line"
const char *toString(SettingOrigin origin) noexcept;

/// Where each setting comes from. The environment can set the named ones only.
struct SettingOrigins
{
    SettingOrigin breakerThreshold = SettingOrigin::Default;
    SettingOrigin breakerTimeout = SettingOrigin::Default;
    SettingOrigin healthInterval = SettingOrigin::Default;
    SettingOrigin metricsRetention = SettingOrigin::Default;
    SettingOrigin port = SettingOrigin::Default;
    /// Every place that the file sets, providers by name: "/breaker/minimumCalls",
    /// "/providers/alpha/breaker/threshold".
    QSet<QString> inFile;
    bool operator==(const SettingOrigins &) const = default;

    /// Of a place as in `inFile`. For a provider's override, Default means that the global value counts.
    SettingOrigin of(const QString &place) const;
};

/// The effective configuration: immutable once handed to the engine.
struct Config
{
    ProxyConfig proxy;
    std::vector<ProviderConfig> providers; ///< in failover order
    BreakerSettings breaker;
    HealthSettings health;
    Timeouts timeouts;
    MetricsConfig metrics;
    AlarmsConfig alarms;
    LimitsConfig limits;
    CaptureSettings capture;
    SettingOrigins origins;
    bool operator==(const Config &) const = default;
};

} // namespace signalbox
