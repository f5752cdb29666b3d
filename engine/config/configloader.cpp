// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/config/configloader.h"

#include "engine/base/bytes.h"
#include "engine/config/atomicfile.h"
#include "engine/config/configchecks.h"
#include "engine/config/dotenv.h"
#include "engine/config/objectreader.h"
#include "engine/config/providerreader.h"

#include <QDir>
#include <QFileInfo>
#include <QRandomGenerator>

namespace signalbox {

namespace {

constexpr qint64 largestFile = 4 << 20;
constexpr Range portRange { 0, 65535 };
constexpr Range retentionRange { 1000, 2'592'000'000 };

constexpr const char *thresholdVariable = "CIRCUIT_BREAKER_THRESHOLD";
constexpr const char *timeoutVariable = "CIRCUIT_BREAKER_TIMEOUT";
constexpr const char *intervalVariable = "HEALTH_CHECK_INTERVAL";
constexpr const char *retentionVariable = "METRICS_RETENTION";

void readToken(ObjectReader &proxy, LoadResult &result)
{
    const QString name = QStringLiteral("token");
    const JsonNode *value = proxy.node() ? proxy.node()->member(name) : nullptr;
    result.tokenAbsent = !value;
    if (value && value->type == JsonNode::Type::Null) {
        proxy.any(name, QStringLiteral("string"));
        result.config.proxy.token.reset();
        return;
    }
    QString token;
    if (!proxy.text(name, checkedToken, token))
        return;
    result.config.proxy.token = Secret(token.toLatin1());
    if (token.size() < 16)
        proxy.warn(name, QStringLiteral("is short enough to be guessed; leave it out to get a random one"));
    if (token.contains(QLatin1Char('/')) || token.contains(QLatin1Char('?')) || token.contains(QLatin1Char('#')) ||
        token.contains(QLatin1Char('%')))
        proxy.warn(name, QStringLiteral("has one of / ? # %, so it cannot stand in a path as /t/TOKEN/"));
}

void readProxySection(ObjectReader proxy, LoadResult &result)
{
    ProxyConfig &into = result.config.proxy;
    proxy.text(QStringLiteral("address"), checkedListenAddress, into.address);
    std::int64_t port = into.port;
    if (proxy.integer(QStringLiteral("port"), portRange, port))
        result.config.origins.port = SettingOrigin::File;
    into.port = static_cast<std::uint16_t>(port);
    readToken(proxy, result);
    if (const auto index =
            proxy.choice(QStringLiteral("strategy"), { QStringLiteral("priority"), QStringLiteral("health") }))
        into.strategy = *index == 0 ? Strategy::Priority : Strategy::Health;
    proxy.list(QStringLiteral("allowedHosts"), checkedHost, into.allowedHosts);
    proxy.list(QStringLiteral("allowedOrigins"), checkedOrigin, into.allowedOrigins);
    proxy.boolean(QStringLiteral("failoverAfterSend"), into.failoverAfterSend);
    proxy.finish();
    if (!into.token && !isLoopbackHost(into.address))
        proxy.error(QStringLiteral("token"),
                    QStringLiteral("must not be null when the proxy listens on %1, which other machines can reach")
                        .arg(into.address));
}

void readLimits(ObjectReader limits, LimitsConfig &into)
{
    constexpr Range bytes { 1, std::int64_t { 1 } << 40 };
    constexpr Range wait { 1, 3'600'000 };
    limits.integer(QStringLiteral("bodyBytes"), bytes, into.bodyBytes);
    limits.integer(QStringLiteral("allBodiesBytes"), bytes, into.allBodiesBytes);
    limits.integer(QStringLiteral("connections"), { 1, 65536 }, into.connections);
    limits.milliseconds(QStringLiteral("headMs"), wait, into.headMs);
    limits.milliseconds(QStringLiteral("bodyGapMs"), wait, into.bodyGapMs);
    limits.integer(QStringLiteral("bodyBytesPerSecond"), { 0, 1 << 30 }, into.bodyBytesPerSecond);
    limits.finish();
    if (into.allBodiesBytes < into.bodyBytes)
        limits.warn(QStringLiteral("allBodiesBytes"),
                    QStringLiteral("is less than bodyBytes, so that is never reached"));
}

void readAlarms(ObjectReader alarms, AlarmsConfig &into)
{
    const QString name = QStringLiteral("webhook");
    const JsonNode *value = alarms.node() ? alarms.node()->member(name) : nullptr;
    if (value && value->type == JsonNode::Type::Null) {
        alarms.any(name, QStringLiteral("object"));
        alarms.finish();
        return;
    }
    ObjectReader webhook = alarms.object(name);
    webhook.text(QStringLiteral("url"), checkedWebhookUrl, into.webhookUrl);
    into.webhookKey = readKey(webhook, false);
    if (webhook.node())
        webhook.require(QStringLiteral("url"));
    const bool clear = into.webhookUrl.scheme() == QLatin1String("http") && !isLoopbackHost(into.webhookUrl.host());
    if (clear && into.webhookKey.kind != KeySource::Kind::None)
        webhook.warn(QStringLiteral("url"), QStringLiteral("is not https, so others on the way can read the key"));
    webhook.finish();
    alarms.finish();
}

void readMetrics(ObjectReader metrics, MetricsConfig &into)
{
    constexpr Range years { 1000, 315'360'000'000 };
    metrics.boolean(QStringLiteral("recording"), into.recording);
    metrics.milliseconds(QStringLiteral("retentionMs"), retentionRange, into.retentionMs);
    metrics.milliseconds(QStringLiteral("stateRetentionMs"), years, into.stateRetentionMs);
    metrics.milliseconds(QStringLiteral("captureRetentionMs"), years, into.captureRetentionMs);
    metrics.milliseconds(QStringLiteral("secondsRetentionMs"), years, into.secondsRetentionMs);
    metrics.milliseconds(QStringLiteral("minutesRetentionMs"), years, into.minutesRetentionMs);
    metrics.milliseconds(QStringLiteral("hoursRetentionMs"), years, into.hoursRetentionMs);
    metrics.integer(QStringLiteral("maxMegabytes"), { 1, 1 << 20 }, into.maxMegabytes);
    metrics.finish();
}

void readSettings(ObjectReader &root, Config &config)
{
    readBreaker(root.object(QStringLiteral("breaker")), config.breaker);
    readHealth(root.object(QStringLiteral("health")), config.health);
    readCapture(root.object(QStringLiteral("capture")), config.capture);
    readMetrics(root.object(QStringLiteral("metrics")), config.metrics);
    readAlarms(root.object(QStringLiteral("alarms")), config.alarms);
    readTimeouts(root.object(QStringLiteral("timeouts")), config.timeouts);
    readLimits(root.object(QStringLiteral("limits")), config.limits);
    SettingOrigins &origins = config.origins;
    const auto originOf = [&origins](const char *place) {
        return origins.inFile.contains(QLatin1String(place)) ? SettingOrigin::File : SettingOrigin::Default;
    };
    origins.breakerThreshold = originOf("/breaker/threshold");
    origins.breakerTimeout = originOf("/breaker/timeoutMs");
    origins.healthInterval = originOf("/health/intervalMs");
    origins.metricsRetention = originOf("/metrics/retentionMs");
}

/// After the overlay: what counts is what runs.
void checkSettings(ReadContext &context)
{
    Config &config = context.result.config;
    const auto section = [&context](QStringView name) { return context.text.root().member(name); };
    // The environment's word is kept; the file's limit is what gives way.
    if (config.origins.breakerTimeout > SettingOrigin::File && config.breaker.maxOpenMs < config.breaker.timeoutMs) {
        if (config.origins.inFile.contains(QStringLiteral("/breaker/maxOpenMs")))
            context.warn(QStringLiteral("/breaker/maxOpenMs"), section(u"breaker"),
                         QStringLiteral("is shorter than the timeout that the %1 sets, which counts instead")
                             .arg(QLatin1String(toString(config.origins.breakerTimeout))));
        config.breaker.maxOpenMs = config.breaker.timeoutMs;
    }
    context.report(problemsOf(config.breaker), QStringLiteral("/breaker"), section(u"breaker"));
    context.report(problemsOf(config.health), QStringLiteral("/health"), section(u"health"));
    context.report(problemsOf(config.timeouts), QStringLiteral("/timeouts"), section(u"timeouts"));
}

/// One source of the four variables: the environment, or one .env file.
class VariableReader
{
public:
    VariableReader(LoadResult &result, SettingOrigin origin, const QString &file)
        : m_result(result), m_origin(origin), m_file(file)
    {
    }

    void apply(const QString &name, const QString &value, int line)
    {
        Config &config = m_result.config;
        // An empty variable is how shells and compose files spell "not set".
        if (value.isEmpty())
            return;
        if (name == QLatin1String(thresholdVariable)) {
            if (const auto number = checked(name, value, line, thresholdRange)) {
                config.breaker.threshold = static_cast<int>(*number);
                config.origins.breakerThreshold = m_origin;
            }
        } else if (name == QLatin1String(timeoutVariable)) {
            duration(name, value, line, breakerTimeoutRange, config.breaker.timeoutMs, config.origins.breakerTimeout);
        } else if (name == QLatin1String(intervalVariable)) {
            duration(name, value, line, healthIntervalRange, config.health.intervalMs, config.origins.healthInterval);
        } else {
            duration(name, value, line, retentionRange, config.metrics.retentionMs, config.origins.metricsRetention);
        }
    }

private:
    std::optional<std::int64_t> checked(const QString &name, const QString &value, int line, Range range)
    {
        const auto number = parseDecimal(value.trimmed().toUtf8());
        if (number && *number >= range.minimum && *number <= range.maximum)
            return number;
        m_result.errors.append({ m_file, name, line,
                                 QStringLiteral("must be a whole number from %1 to %2, got %3")
                                     .arg(range.minimum)
                                     .arg(range.maximum)
                                     .arg(shown(value)) });
        return std::nullopt;
    }

    void duration(const QString &name, const QString &value, int line, Range range, Milliseconds &into,
                  SettingOrigin &origin)
    {
        if (const auto number = checked(name, value, line, range)) {
            into = Milliseconds(*number);
            origin = m_origin;
        }
    }

    LoadResult &m_result;
    SettingOrigin m_origin;
    QString m_file;
};

QStringList variableNames()
{
    return { QLatin1String(thresholdVariable), QLatin1String(timeoutVariable), QLatin1String(intervalVariable),
             QLatin1String(retentionVariable) };
}

void applyEnvFile(const QString &file, bool mustExist, LoadResult &result)
{
    if (!mustExist && !QFileInfo::exists(file))
        return;
    const Result<QByteArray> text = readWholeFile(file, largestFile);
    if (!text) {
        result.errors.append({ file, {}, 0, text.error().reason });
        return;
    }
    VariableReader reader(result, SettingOrigin::DotEnv, file);
    for (const DotEnvEntry &entry : readDotEnv(text.value(), variableNames()))
        reader.apply(entry.name, entry.value, entry.line);
}

void applyOverlay(const QString &path, const ConfigOverlay &overlay, LoadResult &result)
{
    const QDir directory = QFileInfo(path).absoluteDir();
    applyEnvFile(directory.filePath(QStringLiteral(".env")), false, result);
    applyEnvFile(directory.filePath(QStringLiteral(".env.production")), false, result);
    for (const QString &file : overlay.envFiles)
        applyEnvFile(file, true, result);
    VariableReader reader(result, SettingOrigin::Environment, {});
    for (const QString &name : variableNames())
        reader.apply(name, overlay.environment.value(name), 0);
    if (!overlay.port)
        return;
    if (*overlay.port < portRange.minimum || *overlay.port > portRange.maximum) {
        result.errors.append({ {}, QStringLiteral("--port"), 0, QStringLiteral("must be from 0 to 65535") });
        return;
    }
    result.config.proxy.port = static_cast<std::uint16_t>(*overlay.port);
    result.config.origins.port = SettingOrigin::CommandLine;
}

void checkVersion(ObjectReader &root)
{
    std::int64_t version = 1;
    const JsonNode *value = root.node() ? root.node()->member(u"version") : nullptr;
    if (value && value->type == JsonNode::Type::Number && value->number > 1)
        root.error(QStringLiteral("version"),
                   QStringLiteral("is from a newer signalbox; this one understands version 1"));
    else
        root.integer(QStringLiteral("version"), { 1, 1 }, version);
    root.any(QStringLiteral("version"), QStringLiteral("integer"));
    if (!value)
        root.warn(QStringLiteral("version"), QStringLiteral("is missing, 1 is assumed"));
}

void readDocument(ReadContext &context, const ConfigOverlay &overlay)
{
    LoadResult &result = context.result;
    ObjectReader root(context, &context.text.root(), {}, {});
    checkVersion(root);
    root.any(QStringLiteral("$schema"), QStringLiteral("string"));
    readProxySection(root.object(QStringLiteral("proxy")), result);
    readSettings(root, result.config);
    applyOverlay(context.file, overlay, result);
    checkSettings(context);
    readProviders(root, result.config);
    root.finish();
}

/// A file that names no token must never mean "open".
void setTokenForAbsent(const ConfigOverlay &overlay, LoadResult &result)
{
    QByteArray random(16, '\0');
    for (char &byte : random)
        byte = static_cast<char>(QRandomGenerator::system()->bounded(256));
    result.config.proxy.token = overlay.fallbackToken ? *overlay.fallbackToken : Secret(random.toHex());
    result.tokenAbsent = true;
}

void warnIfReadableByOthers(const QString &path, LoadResult &result)
{
    constexpr QFile::Permissions others = QFile::ReadGroup | QFile::ReadOther;
    const bool secret = !result.tokenAbsent && result.config.proxy.token;
    if (secret && (QFileInfo(path).permissions() & others))
        result.warnings.append(
            { path, {}, 0, QStringLiteral("holds the access token and other users can read it: chmod 600") });
}

} // namespace

QString LoadResult::errorText() const
{
    QStringList lines;
    for (const ConfigIssue &issue : errors)
        lines.append(issue.text());
    return lines.join(QLatin1Char('\n'));
}

QStringList LoadResult::warningTexts() const
{
    QStringList lines;
    for (const ConfigIssue &issue : warnings)
        lines.append(issue.text());
    return lines;
}

LoadResult loadConfigText(const QByteArray &bytes, const QString &path, const ConfigOverlay &overlay)
{
    LoadResult result;
    result.text = bytes;
    setTokenForAbsent(overlay, result);
    const JsonText text(bytes);
    if (!text.isValid()) {
        const JsonSyntaxError &error = text.error();
        result.errors.append({ path,
                               {},
                               error.line,
                               QStringLiteral("not valid JSON at column %1: %2").arg(error.column).arg(error.reason) });
        return result;
    }
    if (text.root().type != JsonNode::Type::Object) {
        result.errors.append({ path, {}, 1, QStringLiteral("must hold one JSON object") });
        return result;
    }
    ReadContext context { path, text, result, {} };
    readDocument(context, overlay);
    return result;
}

LoadResult loadConfig(const QString &path, const ConfigOverlay &overlay)
{
    LoadResult result;
    if (!QFileInfo::exists(path) && !QFileInfo(path).isSymLink()) {
        setTokenForAbsent(overlay, result);
        result.missing = true;
        applyOverlay(path, overlay, result);
        return result;
    }
    const Result<QByteArray> text = readWholeFile(path, largestFile);
    if (!text) {
        setTokenForAbsent(overlay, result);
        result.errors.append({ path, {}, 0, text.error().reason });
        return result;
    }
    result = loadConfigText(text.value(), path, overlay);
    warnIfReadableByOthers(path, result);
    return result;
}

QString defaultConfigPath(const QProcessEnvironment &environment)
{
    // The XDG specification: a relative path is to be ignored.
    QString base = environment.value(QStringLiteral("XDG_CONFIG_HOME"));
    if (!QDir::isAbsolutePath(base))
        base = environment.value(QStringLiteral("HOME"), QDir::homePath()) + QStringLiteral("/.config");
    return QDir::cleanPath(base + QStringLiteral("/signalbox/config.json"));
}

std::vector<KnownConfigKey> knownConfigKeys()
{
    LoadResult result;
    const JsonText text(QByteArrayLiteral("{\"providers\": [{}]}"));
    ReadContext context { QString(), text, result, {} };
    readDocument(context, {});
    std::vector<KnownConfigKey> keys;
    for (const auto &entry : context.known)
        keys.push_back(entry.second);
    return keys;
}

} // namespace signalbox
