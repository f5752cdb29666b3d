// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/config/keyorigins.h"

#include "engine/config/atomicfile.h"

#include <QDir>
#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>

namespace signalbox {

namespace {
constexpr qint64 recordBytes = 1 << 20;
}

QString originOf(const QUrl &url)
{
    const int port = url.port(url.scheme() == QLatin1String("https") ? 443 : 80);
    return QStringLiteral("%1://%2:%3").arg(url.scheme(), url.host().toLower(), QString::number(port));
}

QString KeyOrigins::pathFor(const QString &configPath)
{
    return QFileInfo(configPath).dir().filePath(QStringLiteral("key-origins.json"));
}

KeyOrigins::KeyOrigins(const QString &configPath) : m_path(pathFor(configPath)) { }

void KeyOrigins::read()
{
    if (!QFileInfo::exists(m_path))
        return;
    const Result<QByteArray> content = readWholeFile(m_path, recordBytes);
    const QJsonDocument document = content ? QJsonDocument::fromJson(content.value()) : QJsonDocument();
    if (!document.isObject()) {
        m_problem = content ? QStringLiteral("%1 is not readable as JSON").arg(m_path) : content.error().reason;
        return;
    }
    m_entries.clear();
    const QJsonObject object = document.object();
    for (auto it = object.begin(); it != object.end(); ++it) {
        const QJsonObject entry = it.value().toObject();
        m_entries[it.key()] = { entry.value(QLatin1String("key")).toString(),
                                entry.value(QLatin1String("origin")).toString() };
    }
}

Status KeyOrigins::write()
{
    QJsonObject object;
    for (const auto &[name, entry] : m_entries)
        object.insert(name,
                      QJsonObject { { QStringLiteral("key"), entry.key }, { QStringLiteral("origin"), entry.origin } });
    Status status = writeFileAtomically(m_path, QJsonDocument(object).toJson());
    m_problem = status ? QString() : status.error().reason;
    return status;
}

Status KeyOrigins::check(const ProviderConfig &provider)
{
    if (provider.key.kind == KeySource::Kind::None)
        return ok();
    read();
    const auto found = m_entries.find(provider.name);
    const QString origin = originOf(provider.baseUrl);
    if (found == m_entries.end() || found->second.key != provider.key.describe()) {
        m_entries[provider.name] = { provider.key.describe(), origin };
        // A record that cannot be kept lasts for this run; problem() says so.
        [[maybe_unused]] const Status written = write();
        return ok();
    }
    if (found->second.origin == origin)
        return ok();
    return Error {
        QStringLiteral(
            "the base URL changed from %1 to %2: confirm that its key is meant for it (signalboxd --confirm-keys)")
            .arg(found->second.origin, origin),
        QStringLiteral("/providers/%1/baseUrl").arg(provider.name)
    };
}

Status KeyOrigins::checkDraft(const ProviderConfig &provider)
{
    if (provider.key.kind == KeySource::Kind::None || provider.key.kind == KeySource::Kind::Passthrough)
        return ok();
    read();
    const QString key = provider.key.describe();
    const QString origin = originOf(provider.baseUrl);
    QString elsewhere;
    for (const auto &[name, entry] : m_entries) {
        if (entry.key == key && entry.origin == origin)
            return ok();
        if (entry.key == key)
            elsewhere = entry.origin;
    }
    if (elsewhere.isEmpty())
        return ok();
    return Error { QStringLiteral("the key %1 was given for %2, not for %3: enter the key again, or confirm it")
                       .arg(key, elsewhere, origin),
                   QStringLiteral("/providers/%1/baseUrl").arg(provider.name) };
}

Status KeyOrigins::rename(const QString &from, const QString &to)
{
    read();
    const auto found = m_entries.find(from);
    if (found == m_entries.end())
        return ok();
    m_entries[to] = found->second;
    m_entries.erase(found);
    return write();
}

Status KeyOrigins::confirm(const ProviderConfig &provider)
{
    read();
    m_entries[provider.name] = { provider.key.describe(), originOf(provider.baseUrl) };
    return write();
}

Status KeyOrigins::confirmAll(const Config &config)
{
    read();
    for (const ProviderConfig &provider : config.providers) {
        if (provider.key.kind != KeySource::Kind::None)
            m_entries[provider.name] = { provider.key.describe(), originOf(provider.baseUrl) };
    }
    return write();
}

Status confirmAllKeyOrigins(const QString &configPath, const Config &config)
{
    return KeyOrigins(configPath).confirmAll(config);
}

Status confirmKeyOrigin(const QString &configPath, const ProviderConfig &provider)
{
    return KeyOrigins(configPath).confirm(provider);
}

} // namespace signalbox
