// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/config/secretresolver.h"

#include "engine/config/atomicfile.h"
#include "engine/config/keyorigins.h"

#include <QFileInfo>
#include <QPointer>
#include <QTimer>

#include <algorithm>

#include <unistd.h>

namespace signalbox {

namespace {

constexpr qint64 keyFileBytes = 16 << 10;

Result<Secret> checked(const QByteArray &key, const QString &from)
{
    const Secret secret(key);
    const Status status = checkKeyCharacters(secret);
    return status ? Result<Secret>(secret)
                  : Result<Secret>(Error { from + QStringLiteral(": ") + status.error().reason, {} });
}

/// What comes first answers, the keyring or its time limit; the other then finds nothing to call.
template <typename Answer>
std::function<void(Answer)> withLimit(QObject *context, Milliseconds time, std::function<void(Answer)> done)
{
    auto *limit = new QTimer(context);
    limit->setSingleShot(true);
    const auto once = std::make_shared<std::function<void(Answer)>>(std::move(done));
    const auto answer = [once, limit = QPointer<QTimer>(limit)](const Answer &result) {
        if (const auto callback = std::exchange(*once, nullptr))
            callback(result);
        if (limit)
            limit->deleteLater();
    };
    QObject::connect(limit, &QTimer::timeout, context, [answer] {
        answer(Error { QStringLiteral("the keyring did not answer in time; is it locked? Without a keyring use "
                                      "{\"env\"} or {\"file\"}"),
                       {} });
    });
    limit->start(time);
    return answer;
}

Result<Secret> keyFromFile(const QString &path)
{
    const QFileInfo info(path);
    const QFile::Permissions others =
        QFile::ReadGroup | QFile::WriteGroup | QFile::ExeGroup | QFile::ReadOther | QFile::WriteOther | QFile::ExeOther;
    if (!info.exists() || !info.isFile())
        return Error { QStringLiteral("the key file %1 does not exist or is no regular file").arg(path), {} };
    if (info.ownerId() != ::geteuid() || (info.permissions() & others))
        return Error { QStringLiteral("the key file %1 must belong to you with mode 0600 (chmod 600)").arg(path), {} };
    const Result<QByteArray> content = readWholeFile(path, keyFileBytes);
    if (!content)
        return content.error();
    QByteArray key = content.value();
    while (key.endsWith('\n') || key.endsWith('\r'))
        key.chop(1);
    return checked(key, QStringLiteral("the key file %1").arg(path));
}

} // namespace

Status checkKeyCharacters(const Secret &secret)
{
    const QByteArray &key = secret.reveal();
    if (key.isEmpty())
        return Error { QStringLiteral("the key is empty"), {} };
    if (!std::all_of(key.begin(), key.end(), [](char c) { return c > 0x20 && c < 0x7f; }))
        return Error { QStringLiteral("the key holds spaces, line ends or other characters that no key has"), {} };
    return ok();
}

SecretResolver::SecretResolver(const QProcessEnvironment &environment, std::shared_ptr<Keychain> keychain,
                               std::shared_ptr<KeyOrigins> origins, QObject *parent)
    : QObject(parent), m_environment(environment), m_keychain(std::move(keychain)), m_origins(std::move(origins))
{
}

void SecretResolver::resolve(const ProviderConfig &provider, QObject *context, ProviderDone done)
{
    if (m_origins) {
        if (const Status status = m_origins->check(provider); !status)
            return done({ status.error(), true });
    }
    resolve(provider.key, context, [done = std::move(done)](const Result<Secret> &secret) { done({ secret }); });
}

void SecretResolver::resolve(const KeySource &source, QObject *context, Done done)
{
    switch (source.kind) {
    case KeySource::Kind::None:
    case KeySource::Kind::Passthrough:
        return done(Secret());
    case KeySource::Kind::Environment:
        if (!m_environment.contains(source.reference))
            return done(Error { QStringLiteral("the environment variable %1 is not set").arg(source.reference), {} });
        return done(checked(m_environment.value(source.reference).toUtf8(),
                            QStringLiteral("the environment variable %1").arg(source.reference)));
    case KeySource::Kind::File:
        return done(keyFromFile(source.reference));
    case KeySource::Kind::Keychain:
        break;
    }
    const auto answer = withLimit<Result<Secret>>(context, m_keychainTimeout, std::move(done));
    m_keychain->read(source.reference, context, [answer, entry = source.reference](const Result<Secret> &secret) {
        answer(secret ? checked(secret.value().reveal(), QStringLiteral("the keyring's entry %1").arg(entry)) : secret);
    });
}

void SecretResolver::storeInKeychain(const QString &entry, const Secret &secret, QObject *context,
                                     std::function<void(Status)> done)
{
    if (const Status status = checkKeyCharacters(secret); !status)
        return done(status);
    m_keychain->write(entry, secret, context, withLimit<Status>(context, m_keychainTimeout, std::move(done)));
}

void SecretResolver::removeFromKeychain(const QString &entry, QObject *context, std::function<void(Status)> done)
{
    m_keychain->remove(entry, context, withLimit<Status>(context, m_keychainTimeout, std::move(done)));
}

} // namespace signalbox
