// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/policydraft.h"

#include "engine/config/atomicfile.h"
#include "engine/config/configloader.h"
#include "engine/config/jsontext.h"
#include "engine/config/settingplace.h"

#include <QRegularExpression>

#include <algorithm>

namespace signalbox {

namespace {

using Settings = std::map<QString, BreakerSettings>;

constexpr qint64 largestFile = 4 << 20;

bool isOfBreaker(const QString &pointer)
{
    static const QRegularExpression places(QStringLiteral("^(/providers/[0-9]+)?/breaker/"));
    return pointer.contains(places);
}

/// What the environment fixes holds for the draft too, but where the draft says otherwise.
QList<SettingEdit> fixedFromOutside(const Config &running)
{
    QList<SettingEdit> edits;
    if (running.origins.breakerThreshold > SettingOrigin::File)
        edits.append({ QStringLiteral("/breaker/threshold"), running.breaker.threshold });
    if (running.origins.breakerTimeout > SettingOrigin::File)
        edits.append({ QStringLiteral("/breaker/timeoutMs"), qint64 { running.breaker.timeoutMs.count() } });
    return edits;
}

Result<QByteArray> edited(const QByteArray &text, const SettingEdit &edit)
{
    return JsonText(text).edited(edit.pointer, edit.value);
}

/// The configuration as it would be with these settings in the file.
Result<Config> configWith(const std::vector<std::pair<QString, QString>> &settings, const Config &running,
                          const QString &configPath)
{
    QByteArray text = QByteArrayLiteral("{\"version\": 1}");
    if (!configPath.isEmpty()) {
        if (const Result<QByteArray> file = readWholeFile(configPath, largestFile))
            text = file.value();
    }
    QList<SettingEdit> edits = fixedFromOutside(running);
    for (const auto &[key, value] : settings) {
        const Result<SettingEdit> edit = settingFromText(JsonText(text), key, value);
        if (!edit)
            return Error { QStringLiteral("%1 %2").arg(key, edit.error().reason), key };
        if (!isOfBreaker(edit.value().pointer))
            return Error { QStringLiteral("%1 is no setting of the breaker").arg(key), key };
        edits.append(edit.value());
    }
    for (const SettingEdit &edit : std::as_const(edits)) {
        const Result<QByteArray> next = edited(text, edit);
        if (!next)
            return next.error();
        text = next.value();
    }
    // Beside a path where no .env file can be, so that nothing from outside is laid over the draft.
    const LoadResult loaded = loadConfigText(text, QStringLiteral(":/draft/config.json"), {});
    if (!loaded.ok())
        return Error { loaded.errorText(), {} };
    return loaded.config;
}

Settings settingsOf(const Config &config, const Config &running)
{
    Settings result;
    for (const ProviderConfig &provider : running.providers) {
        const auto same = std::find_if(config.providers.begin(), config.providers.end(),
                                       [&](const ProviderConfig &other) { return other.name == provider.name; });
        result[provider.name] = same == config.providers.end() ? config.breaker : same->breaker;
    }
    return result;
}

} // namespace

Result<Settings> resolveDraft(const PolicyDraft &draft, const Config &running, const QString &configPath)
{
    Settings result = settingsOf(running, running);
    if (!draft.settings.empty()) {
        const Result<Config> config = configWith(draft.settings, running, configPath);
        if (!config)
            return config.error();
        result = settingsOf(config.value(), running);
    }
    for (auto &[name, settings] : result)
        settings = draft.all.value_or(settings);
    for (const auto &[name, settings] : draft.providers) {
        if (!result.contains(name))
            return Error { QStringLiteral("There is no provider named '%1'.").arg(name.left(64)), name };
        result[name] = settings;
    }
    return result;
}

} // namespace signalbox
