// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/config/providerreader.h"

#include "engine/config/configchecks.h"

#include <QDir>
#include <QFileInfo>

#include <algorithm>

namespace signalbox {

namespace {

constexpr Range timeoutRange { 1, 86'400'000 };

QString absolutePath(const QString &path, const QString &configFile)
{
    if (path == QLatin1String("~") || path.startsWith(QLatin1String("~/")))
        return QDir::cleanPath(QDir::homePath() + path.mid(1));
    return QDir::cleanPath(QFileInfo(configFile).absoluteDir().absoluteFilePath(path));
}

void readKeyMembers(ObjectReader &reader, KeySource &key, bool passthroughAllowed)
{
    using Kind = KeySource::Kind;
    QString reference;
    int named = 0;
    const auto take = [&](Kind kind) {
        key = { kind, reference };
        ++named;
    };
    if (reader.text(QStringLiteral("env"), checkedVariableName, reference))
        take(Kind::Environment);
    if (reader.text(QStringLiteral("keychain"), checkedPlainText, reference))
        take(Kind::Keychain);
    if (reader.text(QStringLiteral("file"), checkedPlainText, reference)) {
        reference = absolutePath(reference, reader.context().file);
        take(Kind::File);
    }
    reference.clear();
    bool passthrough = false;
    if (passthroughAllowed)
        reader.boolean(QStringLiteral("passthrough"), passthrough);
    if (passthrough)
        take(Kind::Passthrough);
    reader.finish();
    const JsonNode *node = reader.node();
    if (!node)
        return;
    int sources = 0;
    for (const QStringView name : { u"env", u"keychain", u"file", u"passthrough" })
        sources += node->member(name) ? 1 : 0;
    // One source that is wrong in itself was reported by its own check.
    if (sources != 1 || (named == 0 && node->member(u"passthrough")))
        reader.context().error(reader.pointer({}).chopped(1), node,
                               passthroughAllowed ? QStringLiteral("must hold exactly one of env, keychain, file or "
                                                                   "\"passthrough\": true")
                                                  : QStringLiteral("must hold exactly one of env, keychain or file"));
}

void readModel(ObjectReader &models, const JsonNodeMember &member, std::vector<ModelMapping> &into)
{
    if (member.value.type != JsonNode::Type::String) {
        models.error(member.key, QStringLiteral("must be a string, the provider's name of the model"));
        return;
    }
    QString target = member.value.string;
    if (target == member.key && target.contains(QLatin1Char('*')))
        target = QStringLiteral("*");
    const bool glob = target.contains(QLatin1Char('*')) && target != QLatin1String("*");
    if (!checkedPlainText(member.key) || !checkedPlainText(target))
        models.error(member.key, QStringLiteral("model names must not be empty or hold control characters"));
    else if (glob)
        models.error(member.key, QStringLiteral("must be one model's name, or \"*\" to keep the client's"));
    else
        into.push_back({ member.key, target });
}

void readModels(ObjectReader &provider, std::vector<ModelMapping> &into)
{
    ObjectReader models = provider.object(QStringLiteral("models"));
    if (!models.node())
        return;
    into.clear();
    QStringList seen;
    for (const JsonNodeMember &member : models.node()->members) {
        if (seen.contains(member.key))
            models.error(member.key, QStringLiteral("is there twice"));
        seen.append(member.key);
        readModel(models, member, into);
    }
    if (models.node()->members.empty())
        provider.warn(QStringLiteral("models"), QStringLiteral("is empty: the provider serves no model"));
}

void readProxy(ObjectReader &provider, QUrl &into)
{
    const QString name = QStringLiteral("proxy");
    const JsonNode *value = provider.node() ? provider.node()->member(name) : nullptr;
    if (value && value->type == JsonNode::Type::Null)
        provider.any(name, QStringLiteral("string"));
    else
        provider.text(name, checkedForwardProxy, into);
}

void readAuth(ObjectReader &provider, ProviderConfig &into)
{
    static const QStringList dialects { QStringLiteral("openai"), QStringLiteral("anthropic"),
                                        QStringLiteral("gemini") };
    static const QStringList schemes { QStringLiteral("bearer"), QStringLiteral("x-api-key"),
                                       QStringLiteral("x-goog-api-key"), QStringLiteral("api-key") };
    provider.require(QStringLiteral("dialect"));
    if (const auto index = provider.choice(QStringLiteral("dialect"), dialects))
        into.dialect = *dialectFromName(dialects.at(*index));
    into.auth = defaultAuthScheme(into.dialect);
    if (const auto index = provider.choice(QStringLiteral("auth"), schemes)) {
        into.auth = *authSchemeFromName(schemes.at(*index));
        into.authExplicit = true;
    }
}

void readOverrides(ObjectReader &provider, ProviderConfig &into)
{
    readTimeouts(provider.object(QStringLiteral("timeouts")), into.timeouts);
    readBreaker(provider.object(QStringLiteral("breaker")), into.breaker);
    readHealth(provider.object(QStringLiteral("health")), into.health);
    readCapture(provider.object(QStringLiteral("capture")), into.capture);
    const auto check = [&provider](const QString &name, const std::vector<SettingProblem> &problems) {
        // What is inherited was reported where it stands.
        if (const JsonNode *section = provider.node() ? provider.node()->member(name) : nullptr)
            provider.context().report(problems, provider.pointer(name), section);
    };
    check(QStringLiteral("timeouts"), problemsOf(into.timeouts));
    check(QStringLiteral("breaker"), problemsOf(into.breaker));
    check(QStringLiteral("health"), problemsOf(into.health));
}

void readCaFile(ObjectReader &provider, QString &into)
{
    const QString name = QStringLiteral("caFile");
    if (!provider.text(name, checkedPlainText, into))
        return;
    into = absolutePath(into, provider.context().file);
    if (!QFileInfo(into).isReadable())
        provider.warn(name, QStringLiteral("there is no such readable file: TLS to this provider will fail"));
}

ProviderConfig readProvider(ObjectReader provider, const Config &config)
{
    ProviderConfig result;
    result.timeouts = config.timeouts;
    result.breaker = config.breaker;
    result.health = config.health;
    result.capture = config.capture;
    provider.require(QStringLiteral("name"));
    provider.text(QStringLiteral("name"), checkedProviderName, result.name);
    readAuth(provider, result);
    provider.require(QStringLiteral("baseUrl"));
    provider.text(QStringLiteral("baseUrl"), checkedBaseUrl, result.baseUrl);
    if (result.baseUrl.scheme() == QLatin1String("http") && !isLoopbackHost(result.baseUrl.host()))
        provider.warn(QStringLiteral("baseUrl"),
                      QStringLiteral("http to another machine: keys and prompts can be read on the way"));
    result.key = readKey(provider, true);
    readModels(provider, result.models);
    provider.boolean(QStringLiteral("enabled"), result.enabled);
    readProxy(provider, result.proxy);
    readCaFile(provider, result.caFile);
    provider.boolean(QStringLiteral("includeUsage"), result.includeUsage);
    readOverrides(provider, result);
    provider.finish();
    return result;
}

void checkAmongOthers(ReadContext &context, const JsonNode &node, const QString &pointer, const Config &config,
                      const ProviderConfig &provider)
{
    for (const ProviderConfig &other : config.providers) {
        if (!provider.name.isEmpty() && other.name == provider.name)
            context.error(pointer + QStringLiteral("/name"), node.member(u"name"),
                          QStringLiteral("another provider has the name '%1' too").arg(provider.name));
        const bool bothPass =
            other.key.kind == KeySource::Kind::Passthrough && provider.key.kind == KeySource::Kind::Passthrough;
        if (bothPass && other.dialect == provider.dialect)
            context.error(
                pointer + QStringLiteral("/key"), node.member(u"key"),
                QStringLiteral("only one provider of the dialect %1 may pass the client's credential through, "
                               "and '%2' does")
                    .arg(QLatin1String(toString(provider.dialect)), other.name));
    }
}

/// A provider's place moves with the order, its name does not.
void nameOrigins(QSet<QString> &places, const QStringList &names)
{
    const QString prefix = QStringLiteral("/providers/");
    QSet<QString> named;
    for (const QString &place : std::as_const(places)) {
        const qsizetype slash = place.startsWith(prefix) ? place.indexOf(QLatin1Char('/'), prefix.size()) : -1;
        const int index = slash < 0 ? -1 : QStringView(place).sliced(prefix.size(), slash - prefix.size()).toInt();
        named.insert(index < 0 ? place : prefix + names.at(index) + place.sliced(slash));
    }
    places = std::move(named);
}

} // namespace

KeySource readKey(ObjectReader &owner, bool passthroughAllowed)
{
    KeySource key;
    const QString name = QStringLiteral("key");
    const JsonNode *value = owner.node() ? owner.node()->member(name) : nullptr;
    if (value && value->type != JsonNode::Type::Object) {
        owner.any(name, QStringLiteral("object"));
        if (value->type != JsonNode::Type::Null)
            owner.error(name,
                        QStringLiteral("must be an object such as {\"env\": \"NAME\"}, or null; "
                                       "the key itself does not belong in this file"));
        return key;
    }
    ObjectReader reader = owner.object(name);
    readKeyMembers(reader, key, passthroughAllowed);
    return key;
}

void readTimeouts(ObjectReader section, Timeouts &into)
{
    section.milliseconds(QStringLiteral("defaultMs"), timeoutRange, into.defaultMs);
    section.milliseconds(QStringLiteral("connectMs"), timeoutRange, into.connectMs);
    section.milliseconds(QStringLiteral("tlsMs"), timeoutRange, into.tlsMs);
    section.milliseconds(QStringLiteral("firstByteMs"), timeoutRange, into.firstByteMs);
    section.milliseconds(QStringLiteral("idleMs"), timeoutRange, into.idleMs);
    section.milliseconds(QStringLiteral("responseMs"), timeoutRange, into.responseMs);
    section.milliseconds(QStringLiteral("totalMs"), timeoutRange, into.totalMs);
    section.milliseconds(QStringLiteral("slowStreamMs"), timeoutRange, into.slowStreamMs);
    section.milliseconds(QStringLiteral("slowTotalMs"), timeoutRange, into.slowTotalMs);
    section.finish();
}

void readBreaker(ObjectReader section, BreakerSettings &into)
{
    constexpr Range period { 1, 86'400'000 };
    constexpr Range count { 1, 1000 };
    constexpr Range calls { 1, 100'000 };
    constexpr Range percent { 1, 100 };
    section.integer(QStringLiteral("threshold"), thresholdRange, into.threshold);
    section.milliseconds(QStringLiteral("timeoutMs"), breakerTimeoutRange, into.timeoutMs);
    section.milliseconds(QStringLiteral("maxOpenMs"), period, into.maxOpenMs);
    section.milliseconds(QStringLiteral("windowMs"), { 1000, 3'600'000 }, into.windowMs);
    section.integer(QStringLiteral("minimumCalls"), calls, into.minimumCalls);
    section.integer(QStringLiteral("failureRatePercent"), percent, into.failureRatePercent);
    section.integer(QStringLiteral("slowMinimumCalls"), calls, into.slowMinimumCalls);
    section.integer(QStringLiteral("slowRatePercent"), percent, into.slowRatePercent);
    section.integer(QStringLiteral("probeSuccesses"), { 1, 100 }, into.probeSuccesses);
    section.integer(QStringLiteral("maxProbes"), { 1, 100 }, into.maxProbes);
    section.integer(QStringLiteral("healthFailures"), count, into.healthFailures);
    section.milliseconds(QStringLiteral("slowStartMs"), { 0, 3'600'000 }, into.slowStartMs);
    section.milliseconds(QStringLiteral("failureChainMs"), period, into.failureChainMs);
    section.milliseconds(QStringLiteral("levelDecayMs"), period, into.levelDecayMs);
    section.milliseconds(QStringLiteral("maxRetryAfterMs"), period, into.maxRetryAfterMs);
    section.finish();
    const QSet<QString> &inFile = section.context().result.config.origins.inFile;
    const bool written = inFile.contains(QStringLiteral("/breaker/maxOpenMs")) ||
        inFile.contains(section.pointer(QStringLiteral("maxOpenMs")));
    if (!written)
        into.maxOpenMs = std::max(into.maxOpenMs, into.timeoutMs);
}

void readHealth(ObjectReader section, HealthSettings &into)
{
    constexpr Range latency { 1, 86'400'000 };
    constexpr Range points { 0, 100 };
    section.milliseconds(QStringLiteral("intervalMs"), healthIntervalRange, into.intervalMs);
    section.boolean(QStringLiteral("enabled"), into.enabled);
    section.milliseconds(QStringLiteral("firstByteGoodMs"), latency, into.firstByteGoodMs);
    section.milliseconds(QStringLiteral("firstByteBadMs"), latency, into.firstByteBadMs);
    section.milliseconds(QStringLiteral("totalGoodMs"), latency, into.totalGoodMs);
    section.milliseconds(QStringLiteral("totalBadMs"), latency, into.totalBadMs);
    section.integer(QStringLiteral("degradedBelow"), points, into.degradedBelow);
    section.integer(QStringLiteral("unhealthyBelow"), points, into.unhealthyBelow);
    section.finish();
}

void readCapture(ObjectReader section, CaptureSettings &into)
{
    section.boolean(QStringLiteral("enabled"), into.enabled);
    section.integer(QStringLiteral("capBytes"), { 1024, 16 << 20 }, into.capBytes);
    section.finish();
}

void readProviders(ObjectReader &root, Config &config)
{
    const QString name = QStringLiteral("providers");
    const JsonNode *array = root.typed(name, JsonNode::Type::Array, QStringLiteral("array"));
    if (!array || array->items.empty()) {
        root.warn(name, QStringLiteral("no provider is configured: every request will be refused"));
        return;
    }
    QStringList names;
    for (std::size_t i = 0; i < array->items.size(); ++i) {
        const JsonNode &node = array->items[i];
        const QString pointer = root.pointer(name) + QLatin1Char('/') + QString::number(i);
        if (node.type != JsonNode::Type::Object) {
            root.context().error(pointer, &node, QStringLiteral("must be an object"));
            names.append(QString());
            continue;
        }
        ProviderConfig provider =
            readProvider(ObjectReader(root.context(), &node, pointer, QStringLiteral("/providers/*")), config);
        checkAmongOthers(root.context(), node, pointer, config, provider);
        names.append(provider.name);
        config.providers.push_back(std::move(provider));
    }
    nameOrigins(config.origins.inFile, names);
}

} // namespace signalbox
