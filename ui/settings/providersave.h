// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/page/console.h"

#include <optional>

namespace signalbox {

/// A provider as it was edited, with all that goes with saving it.
struct EditedProvider
{
    QString name; ///< as it is configured; empty: it is new
    ProviderDraft before;
    ProviderDraft after;
    QList<SettingEdit> timeouts; ///< of a new one by its new name, else by `name`
    QList<SettingEdit> timeoutsBack; ///< by `name`
    std::optional<Secret> typedKey;
    bool sessionOnly = false; ///< the typed key is kept until the engine ends, not in the keyring
    bool confirmKey = false; ///< the key that stays is meant for the new address
};

/// Saves an edited provider: first its key into the keyring, then its entry, then what the key needs besides. After an
/// error the configuration is as it was.
class ProviderSave : public QObject
{
    Q_OBJECT

public:
    explicit ProviderSave(Console &console, QObject *parent = nullptr);

    bool isBusy() const { return m_busy; }
    void start(const EditedProvider &edited);

Q_SIGNALS:
    void saved(const QString &name);
    /// The keyring did not take the key; nothing was changed.
    void keyNotStored(const QString &reason);
    void failed(const QString &reason);

private:
    using Next = std::function<void()>;

    bool check(const EditedProvider &edited);
    void storeKey(const EditedProvider &edited, const Next &next);
    void saveEntry(const EditedProvider &edited);
    void useKey(const EditedProvider &edited);
    void finish(const EditedProvider &edited);
    void fail(const QString &reason);

    Console &m_console;
    bool m_busy = false;
};

/// Takes the provider out. Undo puts the configuration back as it was before, unless someone else changed it since.
void removeProvider(Console &console, const QString &name, const std::function<void(const Status &)> &done);

} // namespace signalbox
