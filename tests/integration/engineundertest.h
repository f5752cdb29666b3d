// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/config/keychain.h"
#include "engine/engine.h"
#include "tests/support/scene.h"

#include <QFile>
#include <QJsonDocument>
#include <QMap>
#include <QTemporaryDir>
#include <QTest>

namespace signalbox::test {

/// A keyring in memory; or none at all, as on a machine without a desktop.
class FakeKeychain final : public Keychain
{
public:
    explicit FakeKeychain(bool works = true) : m_works(works) { }
    void read(const QString &entry, QObject *, std::function<void(Result<Secret>)> done) override
    {
        if (m_works && m_entries.contains(entry))
            done(m_entries.value(entry));
        else
            done(Error { QStringLiteral("the keyring has no such entry"), {} });
    }
    void write(const QString &entry, const Secret &secret, QObject *, std::function<void(Status)> done) override
    {
        if (!m_works)
            return done(Error { QStringLiteral("the keyring cannot be used"), {} });
        m_entries.insert(entry, secret);
        done(ok());
    }
    void remove(const QString &entry, QObject *, std::function<void(Status)> done) override
    {
        m_entries.remove(entry);
        done(ok());
    }

private:
    bool m_works;
    QMap<QString, Secret> m_entries;
};

/// The real engine in the test's process, with a config file and a data directory of its own.
class EngineUnderTest
{
public:
    explicit EngineUnderTest(const QByteArray &config, const QProcessEnvironment &environment = {},
                             std::shared_ptr<Keychain> keychain = std::make_shared<FakeKeychain>())
    {
        if (!config.isEmpty())
            writeConfig(config);
        EngineOptions options;
        options.configPath = configPath();
        options.overlay.environment = environment;
        options.dataDirectory = m_folder.filePath(QStringLiteral("data"));
        options.keychain = std::move(keychain);
        options.config = loadConfig(options.configPath, options.overlay);
        if (!options.config.ok())
            qFatal("%s", qPrintable(options.config.errorText()));
        m_engine = createEngine(std::move(options));
        QObject::connect(m_engine.get(), &Engine::stateChanged, &m_context,
                         [this](const StateEvent &event) { m_events.append(event.reason); });
    }

    Engine &engine() { return *m_engine; }
    EngineSnapshotPtr snapshot() const { return m_engine->snapshot(); }
    const Config &config() const { return *snapshot()->config; }
    std::uint16_t port() const { return snapshot()->listener.port; }
    Answer chat(bool stream = false) const { return ask(port(), postJson(chatPath, payload::chat(stream))); }

    template <typename T> static T value(QFuture<T> future)
    {
        future.waitForFinished();
        return future.result();
    }
    /// Empty: it went well.
    static QString problem(const QFuture<Status> &future)
    {
        const Status status = value(future);
        return status ? QString() : QStringLiteral("%1 %2").arg(status.error().place, status.error().reason);
    }

    QString configPath() const { return m_folder.filePath(QStringLiteral("config.json")); }
    QString folder() const { return m_folder.path(); }
    QByteArray configText() const
    {
        QFile file(configPath());
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    void writeConfig(const QByteArray &text) const
    {
        QFile file(configPath());
        if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
            qFatal("cannot write the config");
        file.close();
        file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    }
    /// True once an event with this in its reason was told.
    bool told(const QString &part)
    {
        return QTest::qWaitFor(
            [&] {
                return std::any_of(m_events.begin(), m_events.end(),
                                   [&](const QString &reason) { return reason.contains(part); });
            },
            static_cast<int>(patience.count()));
    }
    const QStringList &events() const { return m_events; }

private:
    QTemporaryDir m_folder;
    QObject m_context;
    QStringList m_events;
    std::unique_ptr<Engine> m_engine;
};

/// One provider's entry.
inline QByteArray entry(const QByteArray &name, const FakeProvider &provider, const QByteArray &more = {})
{
    return "{\"name\": \"" + name + "\", \"dialect\": \"openai\", \"baseUrl\": \"" +
        provider.baseUrl(QStringLiteral("/v1")).toUtf8() + "\"" + more + "}";
}

inline QByteArray configWith(const QList<QByteArray> &providers, const QByteArray &more = {},
                             const QByteArray &proxy = R"("port": 0, "token": null)")
{
    return "{\"version\": 1,\n \"proxy\": {" + proxy + "},\n \"health\": {\"intervalMs\": 3600000},\n" + more +
        " \"providers\": [\n  " + providers.join(",\n  ") + "\n ]}\n";
}

} // namespace signalbox::test
