// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/config/configversions.h"

#include "engine/config/atomicfile.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <optional>

namespace signalbox {

namespace {

constexpr qint64 versionBytes = 16 << 20; // base64 of the largest config file, and its changes

std::optional<QJsonObject> readVersion(const QString &file, const QString &configPath)
{
    const Result<QByteArray> content = readWholeFile(file, versionBytes);
    if (!content)
        return std::nullopt;
    const QJsonObject object = QJsonDocument::fromJson(content.value()).object();
    if (object.value(QLatin1String("config")).toString() != configPath)
        return std::nullopt;
    return object;
}

} // namespace

ConfigVersions::ConfigVersions(const QString &directory, const QString &configPath)
    : m_directory(directory), m_configPath(QFileInfo(configPath).absoluteFilePath())
{
}

QString ConfigVersions::fileOf(std::uint64_t id) const
{
    return QDir(m_directory).filePath(QStringLiteral("%1.json").arg(id, 12, 10, QLatin1Char('0')));
}

std::vector<std::uint64_t> ConfigVersions::ids() const
{
    std::vector<std::uint64_t> result;
    const QStringList names = QDir(m_directory).entryList({ QStringLiteral("*.json") }, QDir::Files);
    for (const QString &name : names) {
        bool number = false;
        const std::uint64_t id = name.chopped(5).toULongLong(&number);
        if (number)
            result.push_back(id);
    }
    std::sort(result.begin(), result.end());
    return result;
}

std::vector<ConfigVersion> ConfigVersions::list() const
{
    std::vector<ConfigVersion> versions;
    for (const std::uint64_t id : ids()) {
        const std::optional<QJsonObject> object = readVersion(fileOf(id), m_configPath);
        if (!object)
            continue;
        ConfigVersion version;
        version.id = id;
        version.at = QDateTime::fromString(object->value(QLatin1String("at")).toString(), Qt::ISODateWithMs);
        version.by = object->value(QLatin1String("by")).toString();
        version.changes = object->value(QLatin1String("changes")).toVariant().toStringList();
        version.undone = object->value(QLatin1String("undone")).toBool();
        versions.push_back(std::move(version));
    }
    std::reverse(versions.begin(), versions.end());
    return versions;
}

Status ConfigVersions::add(const QString &by, const QStringList &changes, const QByteArray &textBefore)
{
    const std::vector<std::uint64_t> known = ids();
    const QJsonObject object { { QStringLiteral("config"), m_configPath },
                               { QStringLiteral("at"), QDateTime::currentDateTimeUtc().toString(Qt::ISODateWithMs) },
                               { QStringLiteral("by"), by },
                               { QStringLiteral("changes"), QJsonArray::fromStringList(changes) },
                               { QStringLiteral("text"), QString::fromLatin1(textBefore.toBase64()) } };
    const std::uint64_t id = known.empty() ? 1 : known.back() + 1;
    if (Status written = writeFileAtomically(fileOf(id), QJsonDocument(object).toJson()); !written)
        return written;
    for (std::size_t i = 0; i + kept <= known.size(); ++i)
        QFile::remove(fileOf(known[i]));
    return ok();
}

Result<QByteArray> ConfigVersions::textBefore(std::uint64_t id) const
{
    const std::optional<QJsonObject> object = readVersion(fileOf(id), m_configPath);
    if (!object)
        return Error { QStringLiteral("This version of the configuration is not kept (any more)."), {} };
    return QByteArray::fromBase64(object->value(QLatin1String("text")).toString().toLatin1());
}

Status ConfigVersions::markUndone(std::uint64_t id)
{
    std::optional<QJsonObject> object = readVersion(fileOf(id), m_configPath);
    if (!object)
        return Error { QStringLiteral("This version of the configuration is not kept (any more)."), {} };
    object->insert(QStringLiteral("undone"), true);
    return writeFileAtomically(fileOf(id), QJsonDocument(*object).toJson());
}

} // namespace signalbox
