// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/configuring.h"
#include "engine/api/replay.h"
#include "engine/api/snapshot.h"
#include "ui/thresholds/thresholdsettings.h"

#include <QStringList>

#include <map>
#include <memory>
#include <optional>

namespace signalbox {

/// Changes of thresholds that are not in force, over the configuration that is. Everywhere an empty provider means all
/// of them; a provider without a value of its own goes by what holds for all.
class ThresholdDraft
{
public:
    /// What is in force now. Changes that are by now are none any more; those of a provider that is gone go too.
    void setBase(const EngineSnapshot &snapshot);

    const QStringList &providers() const { return m_providers; }
    bool isSimulated(const QString &provider) const;
    /// In force.
    ThresholdValues active(const QString &provider) const;
    /// With the changes.
    ThresholdValues drafted(const QString &provider) const;
    SettingOrigin origin(const QString &provider, const ThresholdSetting &setting) const;
    /// With the changes: the file has a value for this place.
    bool isOwn(const QString &provider, const ThresholdSetting &setting) const;
    bool isChanged(const QString &provider, const ThresholdSetting &setting) const;

    void set(const QString &provider, const ThresholdSetting &setting, std::int64_t value);
    /// The place's value goes, so that the default, or for a provider what holds for all, counts.
    void drop(const QString &provider, const ThresholdSetting &setting);
    void revert() { m_changes.clear(); }

    bool isEmpty() const { return m_changes.empty(); }
    int count() const { return static_cast<int>(m_changes.size()); }
    int countOf(const QString &provider, ThresholdGroup group) const;
    /// A simulated provider has no place in the file.
    bool changesSimulated() const;
    /// Settings that a replay of breakers cannot try.
    bool changesMoreThanBreakers() const;
    QList<SettingEdit> edits() const;
    /// What takes the edits back.
    QList<SettingEdit> inverseEdits() const;
    /// "breaker.threshold 5 → 7"
    QStringList texts() const;
    /// What a replay or a shadow run can try of it: the breaker's part.
    PolicyDraft policy() const;

private:
    struct Change
    {
        QString provider;
        const ThresholdSetting *setting = nullptr;
        std::optional<std::int64_t> value; ///< nullopt: the value goes
    };

    static QJsonValue jsonOf(const Change &change, std::optional<std::int64_t> value);
    const Change *changeOf(const QString &provider, const ThresholdSetting &setting) const;
    bool isOwnInForce(const QString &provider, const ThresholdSetting &setting) const;
    void laidOver(ThresholdValues &values, const QString &provider) const;

    std::shared_ptr<const Config> m_config = std::make_shared<const Config>();
    SettingOrigins m_origins;
    QStringList m_providers;
    std::map<QString, Change> m_changes; ///< by pointer
};

} // namespace signalbox
