// SPDX-License-Identifier: GPL-3.0-or-later
// EngineCore: what an operator changes in the configuration.
#include "engine/config/configstore.h"
#include "engine/config/providerdraft.h"
#include "engine/config/settingplace.h"
#include "engine/configkeeper.h"
#include "engine/enginecore.h"

#include <QRandomGenerator>

#include <algorithm>

namespace signalbox {

namespace {

const QString &byConsole()
{
    static const QString name = QStringLiteral("console");
    return name;
}

Error noProvider(const QString &name)
{
    return { QStringLiteral("There is no provider named '%1'.").arg(name.left(64)), {} };
}

} // namespace

bool EngineCore::saves(const Done &done) const
{
    if (!m_keeper)
        done(Error { QStringLiteral("There is no configuration file to save the setting to."), {} });
    return m_keeper != nullptr;
}

const ProviderConfig *EngineCore::configured(const QString &name) const
{
    const std::vector<ProviderConfig> &providers = m_context.config->providers;
    const auto found = std::find_if(providers.begin(), providers.end(), [&](const auto &p) { return p.name == name; });
    return found == providers.end() || found->simulated ? nullptr : &*found;
}

void EngineCore::applyEdits(const QList<SettingEdit> &edits, const Done &done)
{
    if (!saves(done))
        return;
    m_keeper->change([edits, origins = m_context.config->origins](
                         const QByteArray &text) { return editedConfig(text, edits, origins); },
                     byConsole(), done);
}

void EngineCore::applySettings(const SettingsPatch &patch, const Done &done)
{
    QList<SettingEdit> edits;
    Config config = *m_context.config;
    if (patch.breakerThreshold) {
        edits.append({ QStringLiteral("/breaker/threshold"), *patch.breakerThreshold });
        config.breaker.threshold = *patch.breakerThreshold;
    }
    if (patch.breakerTimeout) {
        edits.append({ QStringLiteral("/breaker/timeoutMs"), static_cast<qint64>(patch.breakerTimeout->count()) });
        config.breaker.timeoutMs = *patch.breakerTimeout;
    }
    if (patch.healthInterval) {
        edits.append({ QStringLiteral("/health/intervalMs"), static_cast<qint64>(patch.healthInterval->count()) });
        config.health.intervalMs = *patch.healthInterval;
    }
    if (m_keeper)
        return applyEdits(edits, done);
    if (const Result<QByteArray> checked = editedConfig("{}", edits, config.origins); !checked)
        return done(checked.error());
    applyConfig(config);
    report(StateEvent::Kind::Config, {}, {}, {}, QStringLiteral("An operator changed the thresholds."));
    publish();
    done(ok());
}

void EngineCore::setSetting(const QString &key, const QString &value, const Done &done)
{
    if (!saves(done))
        return;
    const auto change = [key, value, origins = m_context.config->origins](const QByteArray &text) {
        const Result<SettingEdit> edit = settingFromText(JsonText(text), key, value);
        return edit ? editedConfig(text, { edit.value() }, origins) : Result<QByteArray>(edit.error());
    };
    m_keeper->change(change, QStringLiteral("signalboxctl"), done);
}

void EngineCore::addProvider(const ProviderDraft &draft, const Done &done)
{
    applyEdits(editsToAdd(draft), done);
}

void EngineCore::updateProvider(const QString &name, const ProviderDraft &draft, const Done &done)
{
    const ProviderConfig *provider = configured(name);
    if (!provider)
        return done(noProvider(name));
    applyEdits(editsFor(draftOf(*provider), draft), done);
}

void EngineCore::removeProvider(const QString &name, const Done &done)
{
    if (!configured(name))
        return done(noProvider(name));
    applyEdits({ { QStringLiteral("/providers/") + name, QJsonValue(QJsonValue::Undefined) } }, done);
}

void EngineCore::moveProvider(const QString &name, int newIndex, const Done &done)
{
    if (!saves(done))
        return;
    const auto change = [name, newIndex](const QByteArray &text) -> Result<QByteArray> {
        const JsonText json(text);
        const JsonNode *list = json.find(QStringLiteral("/providers"));
        if (!list)
            return noProvider(name);
        const auto found = std::find_if(list->items.begin(), list->items.end(), [&](const JsonNode &item) {
            return item.member(u"name") && item.member(u"name")->string == name;
        });
        if (found == list->items.end())
            return noProvider(name);
        const auto last = static_cast<int>(list->items.size()) - 1;
        return json.moved(QStringLiteral("/providers"), static_cast<std::size_t>(found - list->items.begin()),
                          static_cast<std::size_t>(std::clamp(newIndex, 0, last)));
    };
    m_keeper->change(change, byConsole(), done);
}

void EngineCore::setModels(const QString &name, const std::vector<ModelMapping> &models, const Done &done)
{
    const ProviderConfig *provider = configured(name);
    if (!provider)
        return done(noProvider(name));
    ProviderDraft draft = draftOf(*provider);
    const ProviderDraft before = draft;
    draft.models = models;
    applyEdits(editsFor(before, draft), done);
}

void EngineCore::rebind(const QString &address, std::uint16_t port, const Done &done)
{
    const ProxyConfig &proxy = m_context.config->proxy;
    QList<SettingEdit> edits;
    if (address != proxy.address)
        edits.append({ QStringLiteral("/proxy/address"), address });
    if (port != proxy.port)
        edits.append({ QStringLiteral("/proxy/port"), static_cast<int>(port) });
    applyEdits(edits, [this, done](const Status &status) {
        if (status && m_listenState == ListenState::Failed)
            return start(done);
        done(status);
    });
}

void EngineCore::regenerateToken(const Done &done)
{
    applyEdits({ { QStringLiteral("/proxy/token"), randomToken(*QRandomGenerator::system()) } }, done);
}

void EngineCore::configVersions(const std::function<void(const std::vector<ConfigVersion> &)> &done)
{
    if (!m_keeper)
        return done({});
    m_keeper->versions(done);
}

void EngineCore::undoConfig(const Done &done)
{
    if (saves(done))
        m_keeper->undo(done);
}

void EngineCore::restoreConfig(std::uint64_t version, const Done &done)
{
    if (saves(done))
        m_keeper->restore(version, byConsole(), done);
}

} // namespace signalbox
