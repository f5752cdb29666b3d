// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"
#include "engine/base/secret.h"

#include <QString>

#include <functional>
#include <memory>

class QObject;

namespace signalbox {

/// The desktop's keyring, used from the thread that made it. Calls return at once; `done` runs on the context's thread,
/// or never if the context is gone.
class Keychain
{
public:
    virtual ~Keychain() = default;
    virtual void read(const QString &entry, QObject *context, std::function<void(Result<Secret>)> done) = 0;
    virtual void write(const QString &entry, const Secret &secret, QObject *context,
                       std::function<void(Status)> done) = 0;
    /// An entry that is not there is no error.
    virtual void remove(const QString &entry, QObject *context, std::function<void(Status)> done) = 0;
};

/// QtKeychain on its own thread: its D-Bus calls may block, and then only that thread waits.
std::shared_ptr<Keychain> makeSystemKeychain();

} // namespace signalbox
