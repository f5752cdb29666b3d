// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"
#include "engine/config/presets.h"
#include "engine/config/settings.h"

#include <QList>

#include <optional>

namespace signalbox {

/// A provider as an editor holds it: texts as typed, checked by the config loader when they are used.
struct ProviderDraft
{
    QString name;
    Dialect dialect = Dialect::OpenAi;
    QString baseUrl;
    std::optional<AuthScheme> auth; ///< unset: what the dialect's vendor expects
    KeySource key; ///< where the key is, never the key
    std::vector<ModelMapping> models { { QStringLiteral("*"), QStringLiteral("*") } };
    bool enabled = true;
    QString proxy; ///< forward proxy; empty: direct
    QString caFile;
    bool includeUsage = false;
    bool operator==(const ProviderDraft &) const = default;
};

ProviderDraft draftOf(const ProviderConfig &provider);
ProviderDraft draftOf(const ProviderPreset &preset);

/// What makes the provider's entry say this. Only members that differ are touched; the name comes last.
QList<SettingEdit> editsFor(const ProviderDraft &before, const ProviderDraft &after);
/// A new entry at the end of the failover order.
QList<SettingEdit> editsToAdd(const ProviderDraft &draft);

/// The draft as the loader reads it, or all that is wrong with it. `configPath` is for relative paths.
Result<ProviderConfig> checkedDraft(const ProviderDraft &draft, const QString &configPath);

} // namespace signalbox
