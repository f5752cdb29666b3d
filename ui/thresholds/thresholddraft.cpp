// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/thresholds/thresholddraft.h"

#include "ui/thresholds/thresholdwords.h"

#include <algorithm>

namespace signalbox {

namespace {

const ProviderConfig *find(const Config &config, const QString &name)
{
    const auto found = std::find_if(config.providers.begin(), config.providers.end(),
                                    [&name](const ProviderConfig &provider) { return provider.name == name; });
    return found == config.providers.end() ? nullptr : &*found;
}

const ThresholdSetting &maxOpen()
{
    static const ThresholdSetting &setting = *thresholdSetting(QStringLiteral("breaker"), QStringLiteral("maxOpenMs"));
    return setting;
}

} // namespace

void ThresholdDraft::setBase(const EngineSnapshot &snapshot)
{
    m_config = snapshot.config;
    m_origins = snapshot.origins;
    m_providers.clear();
    for (const ProviderConfig &provider : m_config->providers)
        m_providers.append(provider.name);
    const std::map<QString, Change> before = std::exchange(m_changes, {});
    // What holds for all first: a provider's value is a change only where it differs from that.
    for (const bool forAll : { true, false }) {
        for (const auto &[pointer, change] : before) {
            if (change.provider.isEmpty() != forAll || (!forAll && !m_providers.contains(change.provider)))
                continue;
            if (change.value)
                set(change.provider, *change.setting, *change.value);
            else
                drop(change.provider, *change.setting);
        }
    }
}

bool ThresholdDraft::isSimulated(const QString &provider) const
{
    const ProviderConfig *config = find(*m_config, provider);
    return config && config->simulated;
}

ThresholdValues ThresholdDraft::active(const QString &provider) const
{
    if (const ProviderConfig *config = find(*m_config, provider))
        return { config->breaker, config->health, config->timeouts };
    return { m_config->breaker, m_config->health, m_config->timeouts };
}

ThresholdValues ThresholdDraft::drafted(const QString &provider) const
{
    ThresholdValues values = active({});
    laidOver(values, {});
    if (!provider.isEmpty())
        laidOver(values, provider);
    return values;
}

void ThresholdDraft::laidOver(ThresholdValues &values, const QString &provider) const
{
    const ThresholdValues own = active(provider);
    for (const ThresholdSetting &setting : thresholdSettings()) {
        if (const Change *change = changeOf(provider, setting)) {
            if (change->value)
                setting.setIn(values, *change->value);
            else if (provider.isEmpty())
                setting.setIn(values, setting.defaultValue);
        } else if (!provider.isEmpty() && isOwnInForce(provider, setting)) {
            setting.setIn(values, setting.valueIn(own));
        }
    }
    // As the loader does: unless it is written, the longest open period is no shorter than the first.
    if (isOwn({}, maxOpen()) || (!provider.isEmpty() && isOwn(provider, maxOpen())))
        return;
    if (provider.isEmpty())
        values.breaker.maxOpenMs = Milliseconds(maxOpen().defaultValue);
    values.breaker.maxOpenMs = std::max(values.breaker.maxOpenMs, values.breaker.timeoutMs);
}

SettingOrigin ThresholdDraft::origin(const QString &provider, const ThresholdSetting &setting) const
{
    return m_origins.of(setting.pointer(provider));
}

bool ThresholdDraft::isOwnInForce(const QString &provider, const ThresholdSetting &setting) const
{
    return origin(provider, setting) != SettingOrigin::Default;
}

bool ThresholdDraft::isOwn(const QString &provider, const ThresholdSetting &setting) const
{
    const Change *change = changeOf(provider, setting);
    return change ? change->value.has_value() : isOwnInForce(provider, setting);
}

const ThresholdDraft::Change *ThresholdDraft::changeOf(const QString &provider, const ThresholdSetting &setting) const
{
    const auto found = m_changes.find(setting.pointer(provider));
    return found == m_changes.end() ? nullptr : &found->second;
}

bool ThresholdDraft::isChanged(const QString &provider, const ThresholdSetting &setting) const
{
    return changeOf(provider, setting) != nullptr;
}

void ThresholdDraft::set(const QString &provider, const ThresholdSetting &setting, std::int64_t value)
{
    const QString pointer = setting.pointer(provider);
    m_changes.erase(pointer);
    const bool own = isOwnInForce(provider, setting);
    const ThresholdValues base = own || provider.isEmpty() ? active(provider) : drafted(provider);
    if (setting.valueIn(base) != value)
        m_changes[pointer] = { provider, &setting, value };
}

void ThresholdDraft::drop(const QString &provider, const ThresholdSetting &setting)
{
    const QString pointer = setting.pointer(provider);
    m_changes.erase(pointer);
    if (origin(provider, setting) == SettingOrigin::File)
        m_changes[pointer] = { provider, &setting, std::nullopt };
}

int ThresholdDraft::countOf(const QString &provider, ThresholdGroup group) const
{
    return static_cast<int>(std::count_if(m_changes.begin(), m_changes.end(), [&](const auto &entry) {
        return entry.second.provider == provider && entry.second.setting->group == group;
    }));
}

bool ThresholdDraft::changesSimulated() const
{
    return std::any_of(m_changes.begin(), m_changes.end(),
                       [this](const auto &entry) { return isSimulated(entry.second.provider); });
}

bool ThresholdDraft::changesMoreThanBreakers() const
{
    return std::any_of(m_changes.begin(), m_changes.end(),
                       [](const auto &entry) { return entry.second.setting->section != QLatin1String("breaker"); });
}

QJsonValue ThresholdDraft::jsonOf(const Change &change, std::optional<std::int64_t> value)
{
    if (!value)
        return QJsonValue(QJsonValue::Undefined);
    return change.setting->isSwitch() ? QJsonValue(*value != 0) : QJsonValue(qint64 { *value });
}

QList<SettingEdit> ThresholdDraft::edits() const
{
    QList<SettingEdit> edits;
    for (const auto &[pointer, change] : m_changes)
        edits.append({ pointer, jsonOf(change, change.value) });
    return edits;
}

QList<SettingEdit> ThresholdDraft::inverseEdits() const
{
    QList<SettingEdit> edits;
    for (const auto &[pointer, change] : m_changes) {
        const bool inFile = origin(change.provider, *change.setting) == SettingOrigin::File;
        const std::int64_t before = change.setting->valueIn(active(change.provider));
        edits.append({ pointer, jsonOf(change, inFile ? std::optional(before) : std::nullopt) });
    }
    return edits;
}

QStringList ThresholdDraft::texts() const
{
    QStringList texts;
    for (const auto &[pointer, change] : m_changes) {
        const std::int64_t before = change.setting->valueIn(active(change.provider));
        const std::int64_t after = change.setting->valueIn(drafted(change.provider));
        texts.append(QStringLiteral("%1 %2 → %3")
                         .arg(pointer.sliced(1).replace(QLatin1Char('/'), QLatin1Char('.')),
                              valueText(*change.setting, before), valueText(*change.setting, after)));
    }
    return texts;
}

PolicyDraft ThresholdDraft::policy() const
{
    PolicyDraft draft;
    if (m_changes.empty())
        return draft;
    for (const QString &provider : m_providers) {
        const BreakerSettings wanted = drafted(provider).breaker;
        if (wanted != active(provider).breaker)
            draft.providers[provider] = wanted;
    }
    return draft;
}

} // namespace signalbox
