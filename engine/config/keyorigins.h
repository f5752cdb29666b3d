// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"
#include "engine/config/config.h"

#include <QString>

#include <map>

namespace signalbox {

/// "https://api.openai.com:443": scheme, host and port.
QString originOf(const QUrl &url);

/// Remembers for which origin each provider's key was given, so that an edit of a base URL does not carry the key to
/// another host. The record (key-origins.json beside the config file) holds no secret. Rules: a provider seen first is
/// confirmed; the same key source with another origin is not, loopback or not, until confirmed or until the old origin
/// is back; another key source counts as giving the key again.
class KeyOrigins
{
public:
    explicit KeyOrigins(const QString &configPath);

    /// Says in its error what has changed and what to do. The record is read anew, so a confirmation by another
    /// process counts.
    Status check(const ProviderConfig &provider);
    /// For trying a provider that is not configured (so): records nothing, and refuses a key that any provider was
    /// given for another origin only.
    Status checkDraft(const ProviderConfig &provider);
    Status confirm(const ProviderConfig &provider);
    /// A new name is no new key.
    Status rename(const QString &from, const QString &to);
    Status confirmAll(const Config &config);

    /// Why the record could not be read or written (it then lasts for this run only); empty: it could.
    QString problem() const { return m_problem; }
    static QString pathFor(const QString &configPath);

private:
    struct Entry
    {
        QString key;
        QString origin;
    };
    void read();
    Status write();

    QString m_path;
    QString m_problem;
    std::map<QString, Entry> m_entries;
};

/// `signalboxd --confirm-keys`: every provider's key is meant for the base URL it has now.
Status confirmAllKeyOrigins(const QString &configPath, const Config &config);
/// The console's "use the key at the new address".
Status confirmKeyOrigin(const QString &configPath, const ProviderConfig &provider);

} // namespace signalbox
