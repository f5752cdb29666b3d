// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/config/presets.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>

// A static library's resources are dropped by the linker unless asked for, and the macro must stand outside a
// namespace.
static void initConfigResources()
{
    Q_INIT_RESOURCE(config);
}

namespace signalbox {

namespace {

QByteArray resource(const QString &name)
{
    initConfigResources();
    QFile file(QStringLiteral(":/signalbox/") + name);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

ProviderPreset presetFrom(const QJsonObject &entry)
{
    const auto text = [&entry](const char *name) { return entry.value(QLatin1String(name)).toString(); };
    ProviderPreset preset;
    preset.name = text("name");
    preset.title = text("title");
    preset.dialect = dialectFromName(text("dialect")).value_or(Dialect::OpenAi);
    preset.baseUrl = QUrl(text("baseUrl"));
    preset.keyVariable = text("keyVariable");
    preset.notes = text("notes");
    return preset;
}

} // namespace

QJsonObject ProviderPreset::toProviderEntry() const
{
    const QJsonValue key =
        keyVariable.isEmpty() ? QJsonValue() : QJsonValue(QJsonObject { { QStringLiteral("env"), keyVariable } });
    return { { QStringLiteral("name"), name },
             { QStringLiteral("dialect"), QLatin1String(toString(dialect)) },
             { QStringLiteral("baseUrl"), baseUrl.toString() },
             { QStringLiteral("key"), key } };
}

std::vector<ProviderPreset> loadPresets()
{
    std::vector<ProviderPreset> presets;
    for (const QJsonValue entry : QJsonDocument::fromJson(resource(QStringLiteral("presets.json"))).array())
        presets.push_back(presetFrom(entry.toObject()));
    return presets;
}

QByteArray configSchema()
{
    return resource(QStringLiteral("config.schema.json"));
}

} // namespace signalbox
