// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"
#include "engine/base/secret.h"
#include "engine/config/config.h"
#include "engine/config/keychain.h"

#include <QObject>
#include <QProcessEnvironment>

#include <functional>
#include <memory>

namespace signalbox {

class KeyOrigins;

struct ProviderKey
{
    Result<Secret> secret;
    bool unconfirmed = false; ///< no secret, since the provider's base URL changed after the key was given
};

/// Finds the keys that the configuration only names. Errors say what to do and never hold any part of a key.
class SecretResolver : public QObject
{
    Q_OBJECT

public:
    using Done = std::function<void(Result<Secret>)>;
    using ProviderDone = std::function<void(const ProviderKey &)>;

    /// `origins` may be null: keys are then not bound to base URLs.
    SecretResolver(const QProcessEnvironment &environment, std::shared_ptr<Keychain> keychain,
                   std::shared_ptr<KeyOrigins> origins, QObject *parent = nullptr);

    /// The provider's key, unless its base URL changed since the key was given. Empty for none and passthrough.
    /// `done` may run before this returns (everything but a keychain), on the context's thread (this object's), and
    /// never after the context is gone.
    void resolve(const ProviderConfig &provider, QObject *context, ProviderDone done);
    void resolve(const KeySource &source, QObject *context, Done done);

    /// Refuses what could not be sent as a key.
    void storeInKeychain(const QString &entry, const Secret &secret, QObject *context,
                         std::function<void(Status)> done);

    void removeFromKeychain(const QString &entry, QObject *context, std::function<void(Status)> done);

    /// How long a keyring may take; tests shorten it.
    void setKeychainTimeout(Milliseconds timeout) { m_keychainTimeout = timeout; }

private:
    QProcessEnvironment m_environment;
    std::shared_ptr<Keychain> m_keychain;
    std::shared_ptr<KeyOrigins> m_origins;
    Milliseconds m_keychainTimeout { 5000 };
};

/// A key must be visible ASCII: anything else could split or break the header it goes into.
Status checkKeyCharacters(const Secret &secret);

} // namespace signalbox
