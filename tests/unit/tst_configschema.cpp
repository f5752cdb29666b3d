// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/config/configloader.h"
#include "engine/config/presets.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QTest>

using namespace signalbox;

namespace {

QJsonObject resolved(const QJsonObject &schema, const QJsonObject &root)
{
    const QString reference = schema.value(QLatin1String("$ref")).toString();
    return reference.isEmpty()
        ? schema
        : root.value(QLatin1String("$defs")).toObject().value(reference.section(QLatin1Char('/'), -1)).toObject();
}

/// Every property of the schema by its general pointer.
void collect(const QJsonObject &schema, const QJsonObject &root, const QString &pointer,
             QMap<QString, QJsonObject> &into)
{
    const QJsonObject properties = schema.value(QLatin1String("properties")).toObject();
    for (auto it = properties.begin(); it != properties.end(); ++it) {
        const QString place = pointer + QLatin1Char('/') + it.key();
        const QJsonObject property = resolved(it.value().toObject(), root);
        into.insert(place, property);
        collect(property, root, place, into);
        if (property.contains(QLatin1String("items")))
            collect(resolved(property.value(QLatin1String("items")).toObject(), root), root,
                    place + QStringLiteral("/*"), into);
    }
}

QMap<QString, QJsonObject> schemaProperties()
{
    const QJsonObject root = QJsonDocument::fromJson(configSchema()).object();
    QMap<QString, QJsonObject> properties;
    collect(root, root, {}, properties);
    return properties;
}

} // namespace

class TestConfigSchema : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void namesTheKeysTheLoaderReads()
    {
        QStringList known;
        for (const KnownConfigKey &key : knownConfigKeys())
            known.append(key.pointer);
        known.sort();
        QVERIFY(known.size() > 50);
        QCOMPARE(schemaProperties().keys(), known);
    }

    void hasTheLoadersTypesRangesAndChoices()
    {
        const QMap<QString, QJsonObject> properties = schemaProperties();
        for (const KnownConfigKey &key : knownConfigKeys()) {
            const QJsonObject property = properties.value(key.pointer);
            const QJsonValue type = property.value(QLatin1String("type"));
            const bool typed = type == QJsonValue(key.type) || type.toArray().contains(key.type);
            QVERIFY2(typed, qPrintable(key.pointer));
            QVERIFY2(property.contains(QLatin1String("minimum")) == key.minimum.has_value(), qPrintable(key.pointer));
            if (key.minimum) {
                QCOMPARE(property.value(QLatin1String("minimum")).toInteger(), *key.minimum);
                QCOMPARE(property.value(QLatin1String("maximum")).toInteger(), *key.maximum);
            }
            QCOMPARE(property.value(QLatin1String("enum")).toVariant().toStringList(), key.choices);
        }
    }

    void statesTheDefaultsOfTheCode()
    {
        const QMap<QString, QJsonObject> properties = schemaProperties();
        int count = 0;
        for (const KnownConfigKey &key : knownConfigKeys()) {
            if (key.defaultValue.isUndefined() || key.pointer.endsWith(QLatin1String("/passthrough")))
                continue;
            const QJsonValue stated = properties.value(key.pointer).value(QLatin1String("default"));
            QVERIFY2(stated == key.defaultValue, qPrintable(key.pointer));
            ++count;
        }
        QVERIFY(count > 80);
        const Config config;
        QCOMPARE(properties.value(QStringLiteral("/proxy/port")).value(QLatin1String("default")).toInteger(),
                 config.proxy.port);
    }

    void theReadmeListsEverySettingWithItsDefault()
    {
        QFile readme(QStringLiteral(SIGNALBOX_TEST_DATA "/../../README.md"));
        QVERIFY(readme.open(QIODevice::ReadOnly));
        const QString text = QString::fromUtf8(readme.readAll());
        for (const KnownConfigKey &key : knownConfigKeys()) {
            if (key.defaultValue.isUndefined() || key.pointer == QLatin1String("/version") ||
                key.pointer.startsWith(QLatin1String("/providers")))
                continue;
            const QString section = key.pointer.section(QLatin1Char('/'), 1, 1);
            const QRegularExpression row(QStringLiteral("^\\| `%1` \\|.*$").arg(section),
                                         QRegularExpression::MultilineOption);
            const QString item = QStringLiteral("`%1` %2").arg(key.pointer.section(QLatin1Char('/'), 2),
                                                               key.defaultValue.toVariant().toString());
            const QString line = row.match(text).captured();
            const QRegularExpression listed(QRegularExpression::escape(item) + QStringLiteral("[ ,;]"));
            QVERIFY2(listed.match(line).hasMatch(), qPrintable(key.pointer));
        }
    }

    void presetsAreValidProviders()
    {
        const std::vector<ProviderPreset> presets = loadPresets();
        QVERIFY(presets.size() >= 12);
        QJsonArray providers;
        for (const ProviderPreset &preset : presets) {
            QVERIFY(!preset.title.isEmpty() && !preset.notes.isEmpty());
            providers.append(preset.toProviderEntry());
        }
        const QJsonObject document { { QStringLiteral("version"), 1 }, { QStringLiteral("providers"), providers } };
        const LoadResult result = loadConfigText(QJsonDocument(document).toJson(), QStringLiteral("/nowhere/c.json"));
        QVERIFY2(result.ok(), qPrintable(result.errorText()));
        QCOMPARE(result.warningTexts(), QStringList());
        QCOMPARE(result.config.providers.size(), presets.size());
    }
};

QTEST_GUILESS_MAIN(TestConfigSchema)
#include "tst_configschema.moc"
