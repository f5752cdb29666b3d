// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/providersave.h"

#include "ui/page/answer.h"
#include "ui/page/undoable.h"
#include "ui/settings/configfield.h"

#include <QPointer>
#include <QPromise>

#include <algorithm>

namespace signalbox {

namespace {

using Promise = std::shared_ptr<QPromise<Status>>;

void answer(const Promise &promise, const Status &status)
{
    promise->addResult(status);
    promise->finish();
}

UndoableChange entryChange(const EditedProvider &edited)
{
    QList<SettingEdit> there;
    QList<SettingEdit> back;
    UndoableChange change;
    if (edited.name.isEmpty()) {
        change.text = ProviderSave::tr("add %1").arg(edited.after.name);
        there = editsToAdd(edited.after) + edited.timeouts;
        back.append({ QStringLiteral("/providers/") + edited.after.name, QJsonValue(QJsonValue::Undefined) });
    } else {
        change.text = ProviderSave::tr("edit %1").arg(edited.name);
        there = edited.timeouts + editsFor(edited.before, edited.after);
        back = editsFor(edited.after, edited.before) + edited.timeoutsBack;
    }
    change.make = [there](Engine &engine) { return engine.applyEdits(there); };
    change.takeBack = [back](Engine &engine) { return engine.applyEdits(back); };
    return change;
}

QFuture<Status> removeAndRemember(Engine &engine, const QString &name, const std::shared_ptr<std::uint64_t> &version)
{
    const auto promise = std::make_shared<QPromise<Status>>();
    promise->start();
    onAnswer(engine.removeProvider(name), &engine, [&engine, promise, version](const Status &status) {
        if (!status)
            return answer(promise, status);
        onAnswer(engine.configVersions(), &engine, [promise, version](const std::vector<ConfigVersion> &versions) {
            *version = versions.empty() ? 0 : versions.front().id;
            answer(promise, ok());
        });
    });
    return promise->future();
}

QFuture<Status> restoreFromBefore(Engine &engine, const std::shared_ptr<std::uint64_t> &version)
{
    const auto promise = std::make_shared<QPromise<Status>>();
    promise->start();
    onAnswer(engine.configVersions(), &engine, [&engine, promise, version](const std::vector<ConfigVersion> &versions) {
        const auto foreign = std::find_if(versions.begin(), versions.end(), [&version](const ConfigVersion &each) {
            return each.id > *version && each.by != QLatin1String("console");
        });
        if (foreign != versions.end())
            return answer(
                promise,
                Error {
                    ProviderSave::tr("meanwhile %1 changed the configuration, which would be lost").arg(foreign->by),
                    {} });
        onAnswer(engine.restoreConfig(*version), &engine, [promise](const Status &status) { answer(promise, status); });
    });
    return promise->future();
}

} // namespace

ProviderSave::ProviderSave(Console &console, QObject *parent) : QObject(parent), m_console(console) { }

void ProviderSave::fail(const QString &reason)
{
    m_busy = false;
    Q_EMIT failed(reason);
}

bool ProviderSave::check(const EditedProvider &edited)
{
    const EngineSnapshot &snapshot = *m_console.snapshot();
    const auto &others = snapshot.config->providers;
    const bool taken = std::any_of(others.begin(), others.end(), [&edited](const ProviderConfig &other) {
        return !other.simulated && other.name == edited.after.name && other.name != edited.name;
    });
    if (taken) {
        fail(tr("Another provider has the name %1 already.").arg(edited.after.name));
        return false;
    }
    if (const Result<ProviderConfig> sound = checkedDraft(edited.after, snapshot.configPath); !sound) {
        fail(sound.error().reason);
        return false;
    }
    return true;
}

void ProviderSave::start(const EditedProvider &edited)
{
    if (m_busy)
        return;
    m_busy = true;
    if (!check(edited))
        return;
    if (edited.typedKey && !edited.sessionOnly)
        storeKey(edited, [this, edited] { saveEntry(edited); });
    else
        saveEntry(edited);
}

void ProviderSave::storeKey(const EditedProvider &edited, const Next &next)
{
    onAnswer(m_console.engine().storeKey(edited.after.key.reference, *edited.typedKey), this,
             [this, next](const Status &status) {
                 if (status)
                     return next();
                 m_busy = false;
                 Q_EMIT keyNotStored(status.error().reason);
             });
}

void ProviderSave::saveEntry(const EditedProvider &edited)
{
    const bool same = !edited.name.isEmpty() && edited.before == edited.after && edited.timeouts.isEmpty();
    if (same)
        return useKey(edited);
    makeUndoable(m_console, entryChange(edited),
                 [this, self = QPointer<ProviderSave>(this), edited](const Status &status) {
                     if (!self)
                         return;
                     if (status)
                         return useKey(edited);
                     // Nobody would find a key again that belongs to no provider.
                     if (edited.name.isEmpty() && edited.typedKey && !edited.sessionOnly)
                         m_console.engine().deleteKey(edited.after.key.reference);
                     fail(refusal(status.error(), QStringLiteral("/providers")));
                 });
}

void ProviderSave::useKey(const EditedProvider &edited)
{
    const auto then = [this](const QFuture<Status> &future, const Next &next) {
        onAnswer(future, this, [this, next](const Status &status) {
            if (status)
                next();
            else
                fail(status.error().reason);
        });
    };
    const Next confirm = [this, edited, then] {
        if (edited.confirmKey)
            then(m_console.engine().confirmKey(edited.after.name), [this, edited] { finish(edited); });
        else
            finish(edited);
    };
    if (edited.typedKey && edited.sessionOnly)
        then(m_console.engine().setSessionKey(edited.after.name, *edited.typedKey), confirm);
    else
        confirm();
}

void ProviderSave::finish(const EditedProvider &edited)
{
    m_busy = false;
    m_console.refresh();
    Q_EMIT saved(edited.after.name);
}

void removeProvider(Console &console, const QString &name, const std::function<void(const Status &)> &done)
{
    const auto version = std::make_shared<std::uint64_t>(0);
    makeUndoable(console,
                 { ProviderSave::tr("delete %1").arg(name),
                   [name, version](Engine &engine) { return removeAndRemember(engine, name, version); },
                   [version](Engine &engine) { return restoreFromBefore(engine, version); } },
                 done);
}

} // namespace signalbox
