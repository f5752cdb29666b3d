// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/config/providerdraft.h"

#include "engine/config/configloader.h"
#include "engine/config/jsontext.h"
#include "engine/config/settingplace.h"

#include <QJsonObject>

namespace signalbox {

namespace {

QString placeOf(const ProviderDraft &draft, const QString &member)
{
    return QStringLiteral("/providers/%1/%2").arg(escapedForJsonPointer(draft.name), member);
}

QJsonValue keyValue(const KeySource &key)
{
    switch (key.kind) {
    case KeySource::Kind::None:
        break;
    case KeySource::Kind::Environment:
        return QJsonObject { { QStringLiteral("env"), key.reference } };
    case KeySource::Kind::Keychain:
        return QJsonObject { { QStringLiteral("keychain"), key.reference } };
    case KeySource::Kind::File:
        return QJsonObject { { QStringLiteral("file"), key.reference } };
    case KeySource::Kind::Passthrough:
        return QJsonObject { { QStringLiteral("passthrough"), true } };
    }
    return QJsonValue(QJsonValue::Null);
}

QJsonValue textOrNothing(const QString &text)
{
    return text.isEmpty() ? QJsonValue(QJsonValue::Undefined) : QJsonValue(text);
}

/// The order of models counts, and a QJsonObject has none: one edit a model.
void appendModels(QList<SettingEdit> &edits, const ProviderDraft &before, const ProviderDraft &after)
{
    const QString place = placeOf(before, QStringLiteral("models"));
    const auto modelPlace = [&place](const ModelMapping &mapping) -> QString {
        return place + QLatin1Char('/') + escapedForJsonPointer(mapping.pattern);
    };
    if (after.models == ProviderDraft().models) {
        edits.append({ place, QJsonValue(QJsonValue::Undefined) });
        return;
    }
    if (after.models.empty())
        edits.append({ place, QJsonObject() });
    for (const ModelMapping &mapping : before.models)
        edits.append({ modelPlace(mapping), QJsonValue(QJsonValue::Undefined) });
    for (const ModelMapping &mapping : after.models)
        edits.append({ modelPlace(mapping), mapping.target });
}

} // namespace

ProviderDraft draftOf(const ProviderConfig &provider)
{
    ProviderDraft draft;
    draft.name = provider.name;
    draft.dialect = provider.dialect;
    draft.baseUrl = provider.baseUrl.toString();
    if (provider.authExplicit)
        draft.auth = provider.auth;
    draft.key = provider.key;
    draft.models = provider.models;
    draft.enabled = provider.enabled;
    draft.proxy = provider.proxy.toString();
    draft.caFile = provider.caFile;
    draft.includeUsage = provider.includeUsage;
    return draft;
}

ProviderDraft draftOf(const ProviderPreset &preset)
{
    ProviderDraft draft;
    draft.name = preset.name;
    draft.dialect = preset.dialect;
    draft.baseUrl = preset.baseUrl.toString();
    if (!preset.keyVariable.isEmpty())
        draft.key = { KeySource::Kind::Environment, preset.keyVariable };
    return draft;
}

QList<SettingEdit> editsFor(const ProviderDraft &before, const ProviderDraft &after)
{
    QList<SettingEdit> edits;
    const auto edit = [&](bool differs, const char *member, const QJsonValue &value) {
        if (differs)
            edits.append({ placeOf(before, QString::fromLatin1(member)), value });
    };
    const QJsonValue nothing(QJsonValue::Undefined);
    edit(before.dialect != after.dialect, "dialect", QLatin1String(toString(after.dialect)));
    edit(before.baseUrl != after.baseUrl, "baseUrl", after.baseUrl);
    edit(before.key != after.key, "key", keyValue(after.key));
    edit(before.auth != after.auth, "auth", after.auth ? QJsonValue(QLatin1String(toString(*after.auth))) : nothing);
    if (before.models != after.models)
        appendModels(edits, before, after);
    edit(before.enabled != after.enabled, "enabled", after.enabled ? nothing : QJsonValue(false));
    edit(before.proxy != after.proxy, "proxy", textOrNothing(after.proxy));
    edit(before.caFile != after.caFile, "caFile", textOrNothing(after.caFile));
    edit(before.includeUsage != after.includeUsage, "includeUsage", after.includeUsage ? QJsonValue(true) : nothing);
    edit(before.name != after.name, "name", after.name);
    return edits;
}

QList<SettingEdit> editsToAdd(const ProviderDraft &draft)
{
    ProviderDraft named;
    named.name = draft.name;
    QList<SettingEdit> edits { { QStringLiteral("/providers/-"),
                                 QJsonObject { { QStringLiteral("name"), draft.name } } },
                               { placeOf(draft, QStringLiteral("dialect")), QLatin1String(toString(draft.dialect)) } };
    named.dialect = draft.dialect;
    return edits + editsFor(named, draft);
}

Result<ProviderConfig> checkedDraft(const ProviderDraft &draft, const QString &configPath)
{
    const Result<QByteArray> text = editedConfig(QByteArrayLiteral("{\"version\": 1}"), editsToAdd(draft), {});
    if (!text)
        return text.error();
    LoadResult loaded = loadConfigText(text.value(), configPath);
    if (loaded.ok())
        return std::move(loaded.config.providers.front());
    QStringList reasons;
    for (const ConfigIssue &issue : std::as_const(loaded.errors))
        reasons.append(QStringLiteral("%1 %2").arg(issue.pointer.section(QLatin1Char('/'), 3), issue.reason));
    return Error { reasons.join(QStringLiteral("; ")), loaded.errors.first().pointer };
}

} // namespace signalbox
