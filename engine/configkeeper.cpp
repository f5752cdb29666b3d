// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/configkeeper.h"

#include "engine/config/configstore.h"
#include "engine/config/jsontext.h"
#include "engine/config/keyorigins.h"

#include <QtConcurrentRun>

#include <algorithm>

namespace signalbox {

namespace {

constexpr std::size_t mostTexts = 100;

/// A file that this engine makes gets the token that runs: its tools know that one.
Result<QByteArray> withToken(const QByteArray &text, const LoadResult &loaded, const ConfigOverlay &overlay)
{
    if (!loaded.tokenAbsent || !overlay.fallbackToken)
        return text;
    return JsonText(text).edited(QStringLiteral("/proxy/token"), QString::fromLatin1(overlay.fallbackToken->reveal()));
}

QStringList providerNames(const QByteArray &text)
{
    const JsonText json(text);
    const JsonNode *list = json.find(QStringLiteral("/providers"));
    QStringList names;
    if (list) {
        for (const JsonNode &item : list->items)
            names.append(item.member(u"name") ? item.member(u"name")->string : QString());
    }
    return names;
}

/// The record of origins learns a new name before the file does, or a new name would carry the key anywhere.
Status renameKeyOrigins(const QString &path, const QByteArray &before, const QByteArray &after)
{
    const QStringList old = providerNames(before);
    const QStringList now = providerNames(after);
    if (old.size() != now.size())
        return ok();
    for (qsizetype i = 0; i < old.size(); ++i) {
        if (now.contains(old.at(i)) || old.contains(now.at(i)))
            continue;
        if (Status renamed = KeyOrigins(path).rename(old.at(i), now.at(i)); !renamed)
            return renamed;
    }
    return ok();
}

} // namespace

QStringList textsOf(const std::vector<ConfigChange> &changes)
{
    QStringList texts;
    for (std::size_t i = 0; i < std::min(changes.size(), mostTexts); ++i)
        texts.append(changes[i].text());
    if (changes.size() > mostTexts)
        texts.append(QStringLiteral("and %1 more").arg(changes.size() - mostTexts));
    return texts;
}

ConfigKeeper::ConfigKeeper(const QString &configPath, const QString &versionsDirectory, const ConfigOverlay &overlay,
                           const QByteArray &text, QObject *parent)
    : QObject(parent), m_path(configPath), m_versions(versionsDirectory, configPath), m_overlay(overlay), m_text(text)
{
    m_disk.setMaxThreadCount(1);
}

ConfigKeeper::~ConfigKeeper()
{
    m_disk.waitForDone();
}

void ConfigKeeper::change(Change change, const QString &by, const Done &done)
{
    enqueue({ std::move(change), by, false, done });
}

void ConfigKeeper::undo(const Done &done)
{
    enqueue({ {}, QStringLiteral("undo"), true, done });
}

void ConfigKeeper::restore(std::uint64_t version, const QString &by, const Done &done)
{
    const auto change = [versions = m_versions, version](const QByteArray &) { return versions.textBefore(version); };
    enqueue({ change, by, false, done });
}

void ConfigKeeper::versions(const std::function<void(const std::vector<ConfigVersion> &)> &done)
{
    QtConcurrent::run(&m_disk, [versions = m_versions] { return versions.list(); }).then(this, done);
}

void ConfigKeeper::run(std::function<Status()> work, const Done &done)
{
    QtConcurrent::run(&m_disk, std::move(work)).then(this, done);
}

void ConfigKeeper::enqueue(Job job)
{
    m_jobs.push_back(std::move(job));
    if (m_jobs.size() == 1)
        next();
}

void ConfigKeeper::next()
{
    if (m_jobs.empty())
        return;
    const auto prepare = [path = m_path, overlay = m_overlay, versions = m_versions, change = m_jobs.front().change,
                          isUndo = m_jobs.front().isUndo]() -> Prepared {
        Prepared result;
        const auto failed = [&result](const Error &error) {
            result.status = error;
            return result;
        };
        const Result<QByteArray> before = configTextOf(path);
        if (!before)
            return failed(before.error());
        result.before = before.value();
        Result<QByteArray> after = result.before;
        if (isUndo) {
            const std::vector<ConfigVersion> list = versions.list();
            const auto newest = std::find_if(list.begin(), list.end(), [](const auto &v) { return !v.undone; });
            if (newest == list.end())
                return failed({ QStringLiteral("There is no change of the configuration to undo."), {} });
            result.undoes = newest->id;
            after = versions.textBefore(newest->id);
        } else {
            after = change(result.before);
        }
        if (after)
            after = withToken(after.value(), loadConfigText(after.value(), path, overlay), overlay);
        if (!after)
            return failed(after.error());
        result.loaded = loadConfigText(after.value(), path, overlay);
        if (!result.loaded.ok())
            return failed({ result.loaded.errorText(), path });
        return result;
    };
    QtConcurrent::run(&m_disk, prepare).then(this, [this](const Prepared &result) { prepared(result); });
}

void ConfigKeeper::prepared(const Prepared &prepared)
{
    if (!prepared.status)
        return finish(prepared.status);
    if (prepared.loaded.text == prepared.before && prepared.undoes == 0)
        return finish(ok());
    if (Status accepted = accept(prepared.loaded.config); !accepted)
        return finish(accepted);
    m_writing = prepared.loaded.text;
    const auto write = [path = m_path, versions = m_versions, prepared, by = m_jobs.front().by]() mutable -> Status {
        const QStringList changes = textsOf(configChanges(prepared.before, prepared.loaded.text));
        if (prepared.undoes == 0) {
            if (Status kept = versions.add(by, changes, prepared.before); !kept)
                return Error { QStringLiteral("the version before the change cannot be kept: ") + kept.error().reason,
                               kept.error().place };
        }
        if (Status renamed = renameKeyOrigins(path, prepared.before, prepared.loaded.text); !renamed)
            return renamed;
        if (Status status = writeConfigText(path, prepared.before, prepared.loaded.text); !status)
            return status;
        return prepared.undoes == 0 ? ok() : versions.markUndone(prepared.undoes);
    };
    QtConcurrent::run(&m_disk, write).then(this, [this, loaded = prepared.loaded](const Status &status) {
        m_writing.reset();
        if (status) {
            written(loaded, m_jobs.front().by);
            m_text = loaded.text;
        } else {
            dropped();
        }
        finish(status);
    });
}

void ConfigKeeper::finish(const Status &status)
{
    const Job job = std::move(m_jobs.front());
    m_jobs.pop_front();
    next();
    job.done(status);
}

void ConfigKeeper::noteEdit(const QByteArray &text)
{
    if (text == m_text)
        return;
    m_disk.start([versions = m_versions, before = std::exchange(m_text, text), text]() mutable {
        // The edit is done already: a version that cannot be kept must not stop it.
        [[maybe_unused]] const Status kept =
            versions.add(QStringLiteral("file"), textsOf(configChanges(before, text)), before);
    });
}

} // namespace signalbox
