// SPDX-License-Identifier: GPL-3.0-or-later
// EngineCore: where keys come from, and trying a provider with one.
#include "engine/config/keyorigins.h"
#include "engine/config/secretresolver.h"
#include "engine/configkeeper.h"
#include "engine/dialect/bodydecoder.h"
#include "engine/dialect/modellist.h"
#include "engine/enginecore.h"
#include "engine/probetarget.h"

#include <algorithm>

namespace signalbox {

namespace {

constexpr std::chrono::milliseconds longestTest { 15000 };
constexpr qsizetype modelListBytes = qsizetype { 4 } << 20;

std::optional<double> inMs(const std::optional<ProbeTimings::Duration> &time)
{
    return time ? std::optional(std::chrono::duration<double, std::milli>(*time).count()) : std::nullopt;
}

ProbeReport refusedDraft(const QString &phase, const QString &why)
{
    ProbeReport report;
    report.failedPhase = phase;
    report.verdict = why;
    return report;
}

QString verdictOf(const ProbeResult &result, const ProbeReport &report, const QString &host)
{
    if (result.status == 401 || result.status == 403)
        return QStringLiteral("%1 answers, but refuses the key (%2).").arg(host, QString::number(result.status));
    if (result.status == 404)
        return QStringLiteral("%1 answers, but has no model list there (404): is the base URL complete?").arg(host);
    if (!result.reachable)
        return QStringLiteral("%1 cannot be used: %2.").arg(host, result.error);
    if (!report.usable)
        return QStringLiteral("%1 answers, but with status %2.").arg(host, QString::number(result.status));
    if (report.models.isEmpty())
        return QStringLiteral("%1 works; it lists no models.").arg(host);
    return QStringLiteral("%1 works and lists %2 models.").arg(host, QString::number(report.models.size()));
}

ProbeReport reportOf(const ProbeResult &result, Dialect dialect, const QString &host)
{
    ProbeReport report;
    report.usable = result.authenticated2xx;
    report.status = result.status;
    report.dnsMs = inMs(result.timings.dns);
    report.connectMs = inMs(result.timings.connect);
    report.tlsMs = inMs(result.timings.tls);
    report.firstByteMs = inMs(result.timings.firstByte);
    report.totalMs = inMs(result.timings.total).value_or(0);
    if (result.failedIn)
        report.failedPhase = QString::fromLatin1(toString(*result.failedIn));
    else if (result.status == 401 || result.status == 403)
        report.failedPhase = QStringLiteral("key");
    if (report.usable)
        report.models = modelNames(dialect, decodeBody(result.contentEncoding, result.body).value_or(QByteArray()));
    report.verdict = verdictOf(result, report, host);
    return report;
}

} // namespace

void EngineCore::resolveKeys()
{
    for (const std::shared_ptr<Provider> &provider : m_context.registry.providers()) {
        if (useSessionKey(*provider))
            continue;
        const std::weak_ptr<Provider> weak = provider;
        m_secrets->resolve(provider->config(), this, [this, weak](const ProviderKey &key) {
            const std::shared_ptr<Provider> found = weak.lock();
            // Meanwhile a key for this session may have been given.
            if (!found || m_sessionKeys.count(found->config().name) > 0)
                return;
            if (key.secret)
                found->setKey(key.secret.value());
            else
                found->setKeyProblem(key.secret.error().reason, key.unconfirmed);
            updateProbes();
            publishSoon();
        });
    }
    resolveWebhook();
    updateProbes();
}

bool EngineCore::useSessionKey(Provider &provider)
{
    const auto found = m_sessionKeys.find(provider.config().name);
    if (found == m_sessionKeys.end())
        return false;
    if (found->second.origin != originOf(provider.config().baseUrl)) {
        m_sessionKeys.erase(found);
        return false;
    }
    provider.setKey(found->second.key);
    return true;
}

void EngineCore::resolveWebhook()
{
    const AlarmsConfig alarms = m_context.config->alarms;
    m_secrets->resolve(alarms.webhookKey, this, [this, alarms](const Result<Secret> &key) {
        if (alarms != m_context.config->alarms)
            return;
        m_telemetry.setWebhook(key ? alarms.webhookUrl : QUrl(), key ? key.value() : Secret());
        const QString problem = key || alarms.webhookUrl.isEmpty()
            ? QString()
            : QStringLiteral("Alarms are not sent to the webhook: %1").arg(key.error().reason);
        if (problem == std::exchange(m_webhookProblem, problem) || problem.isEmpty())
            return;
        report(StateEvent::Kind::Credential, {}, {}, {}, problem);
    });
}

Status EngineCore::setSessionKey(const QString &provider, const Secret &key)
{
    const std::shared_ptr<Provider> found = m_context.registry.find(provider);
    if (!found)
        return Error { QStringLiteral("There is no provider named '%1'.").arg(provider.left(64)), {} };
    if (found->config().key.kind == KeySource::Kind::Passthrough)
        return Error { QStringLiteral("This provider gets the client's own credential, never a key of ours."), {} };
    if (key.isEmpty()) {
        m_sessionKeys.erase(provider);
    } else {
        if (Status sound = checkKeyCharacters(key); !sound)
            return sound;
        m_sessionKeys[provider] = { originOf(found->config().baseUrl), key };
    }
    report(StateEvent::Kind::Credential, provider, {}, {},
           key.isEmpty() ? QStringLiteral("The key for this session was dropped.")
                         : QStringLiteral("A key was given for this session."));
    resolveKeys();
    publish();
    return ok();
}

void EngineCore::confirmKey(const QString &name, const Done &done)
{
    const ProviderConfig *provider = configured(name);
    if (!provider)
        return done(Error { QStringLiteral("There is no provider named '%1'.").arg(name.left(64)), {} });
    if (!saves(done))
        return;
    const QString origin = originOf(provider->baseUrl);
    m_keeper->run([path = m_options.configPath, config = *provider] { return confirmKeyOrigin(path, config); },
                  [this, name, origin, done](const Status &status) {
                      if (status) {
                          report(StateEvent::Kind::Credential, name, {}, origin,
                                 QStringLiteral("Its key was confirmed for %1.").arg(origin));
                          resolveKeys();
                          publish();
                      }
                      done(status);
                  });
}

void EngineCore::storeKey(const QString &entry, const Secret &key, const Done &done)
{
    m_secrets->storeInKeychain(entry, key, this, [this, done](const Status &status) {
        if (status)
            resolveKeys();
        done(status);
    });
}

void EngineCore::deleteKey(const QString &entry, const Done &done)
{
    m_secrets->removeFromKeychain(entry, this, [this, done](const Status &status) {
        if (status)
            resolveKeys();
        done(status);
    });
}

void EngineCore::testProvider(const ProviderDraft &draft, const std::optional<Secret> &typedKey,
                              const std::function<void(const ProbeReport &)> &done)
{
    ProviderDraft named = draft;
    if (named.name.isEmpty())
        named.name = QStringLiteral("draft"); // a name is not needed to try it
    const Result<ProviderConfig> checked = checkedDraft(named, m_options.configPath);
    if (!checked)
        return done(refusedDraft(QStringLiteral("draft"), checked.error().reason));
    const ProviderConfig &provider = checked.value();
    if (typedKey) {
        const Status sound = checkKeyCharacters(*typedKey);
        return sound ? probeDraft(provider, *typedKey, done)
                     : done(refusedDraft(QStringLiteral("key"), sound.error().reason));
    }
    if (!m_options.configPath.isEmpty()) {
        if (const Status meant = KeyOrigins(m_options.configPath).checkDraft(provider); !meant)
            return done(refusedDraft(QStringLiteral("key"), meant.error().reason));
    }
    m_secrets->resolve(provider.key, this, [this, provider, done](const Result<Secret> &key) {
        if (key)
            probeDraft(provider, key.value(), done);
        else
            done(refusedDraft(QStringLiteral("key"), key.error().reason));
    });
}

void EngineCore::probeDraft(const ProviderConfig &provider, const Secret &key,
                            const std::function<void(const ProbeReport &)> &done)
{
    const UpstreamContext context { { provider.auth, provider.authExplicit, false, key },
                                    m_context.config->proxy.token,
                                    m_context.instanceId };
    ProbeTarget target = probeTarget(provider, context);
    target.deadline = std::min(target.deadline, longestTest);
    target.bodyLimit = modelListBytes;
    const QString host = provider.baseUrl.host();
    m_prober.probeOnce(target)
        .then(this,
              [dialect = provider.dialect, host, done](const ProbeResult &result) {
                  done(reportOf(result, dialect, host));
              })
        .onCanceled(this, [done] { done(refusedDraft({}, QStringLiteral("The engine stopped."))); });
}

} // namespace signalbox
