// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/config/keyorigins.h"
#include "engine/config/secretresolver.h"

#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

using namespace signalbox;

namespace {

constexpr int patienceMs = 10000;

/// Answers from a table, or never for the entry "locked".
class FakeKeychain final : public Keychain
{
public:
    void read(const QString &entry, QObject *, std::function<void(Result<Secret>)> done) override
    {
        if (entry == QLatin1String("locked"))
            return;
        if (m_entries.contains(entry))
            done(m_entries.value(entry));
        else
            done(Error { QStringLiteral("the keyring has no such entry"), {} });
    }
    void write(const QString &entry, const Secret &secret, QObject *, std::function<void(Status)> done) override
    {
        if (entry == QLatin1String("locked"))
            return;
        m_entries.insert(entry, secret);
        done(ok());
    }
    void remove(const QString &entry, QObject *, std::function<void(Status)> done) override
    {
        m_entries.remove(entry);
        done(ok());
    }

private:
    QMap<QString, Secret> m_entries;
};

ProviderConfig provider(const QString &variable, const QString &url)
{
    ProviderConfig config;
    config.name = QStringLiteral("alpha");
    config.key = { KeySource::Kind::Environment, variable };
    config.baseUrl = QUrl(url);
    return config;
}

} // namespace

class TestSecrets : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_directory = std::make_unique<QTemporaryDir>();
        m_environment = QProcessEnvironment();
        m_environment.insert(QStringLiteral("GOOD"), QStringLiteral("sk-good"));
    }

    void readsTheEnvironmentItWasGiven()
    {
        QCOMPARE(resolved({ KeySource::Kind::Environment, QStringLiteral("GOOD") }).value().reveal(),
                 QByteArray("sk-good"));
        const auto absent = resolved({ KeySource::Kind::Environment, QStringLiteral("HOME") });
        QVERIFY(!absent && absent.error().reason.contains(QStringLiteral("HOME")));
        QVERIFY(resolved({}).value().isEmpty());
        QVERIFY(resolved({ KeySource::Kind::Passthrough, {} }).value().isEmpty());
    }

    void refusesWhatCouldSplitAHeader_data()
    {
        QTest::addColumn<QString>("key");
        QTest::newRow("line end") << QStringLiteral("SECRET\r\nX-Injected: 1");
        QTest::newRow("control") << QStringLiteral("SECRET\x01");
        QTest::newRow("space") << QStringLiteral("SECRET ");
        QTest::newRow("not ASCII") << QStringLiteral("SECRET\u00e9");
        QTest::newRow("empty") << QString();
    }

    void refusesWhatCouldSplitAHeader()
    {
        QFETCH(QString, key);
        m_environment.insert(QStringLiteral("BAD"), key);
        const auto result = resolved({ KeySource::Kind::Environment, QStringLiteral("BAD") });
        QVERIFY(!result);
        QVERIFY(result.error().reason.contains(QStringLiteral("BAD")));
        QVERIFY(!result.error().reason.contains(QStringLiteral("SECRET")));
    }

    void readsPrivateFilesOnly()
    {
        const QString path = m_directory->filePath(QStringLiteral("key"));
        const KeySource source { KeySource::Kind::File, path };
        QVERIFY(!resolved(source));
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write("sk-file\n") > 0);
        file.close();
        QVERIFY(file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ReadGroup | QFile::ReadOther));
        const auto open = resolved(source);
        QVERIFY(!open && open.error().reason.contains(QStringLiteral("0600")));
        QVERIFY(!open.error().reason.contains(QStringLiteral("sk-file")));
        QVERIFY(file.setPermissions(QFile::ReadOwner | QFile::WriteOwner));
        QCOMPARE(resolved(source).value().reveal(), QByteArray("sk-file"));
        QVERIFY(!resolved({ KeySource::Kind::File, m_directory->path() }));
    }

    void asksTheKeyring()
    {
        const KeySource source { KeySource::Kind::Keychain, QStringLiteral("mine") };
        QVERIFY(!resolved(source));
        QVERIFY(stored(QStringLiteral("mine"), Secret("sk-ring")));
        QCOMPARE(resolved(source).value().reveal(), QByteArray("sk-ring"));
        QVERIFY(!stored(QStringLiteral("mine"), Secret("a\nb")));
    }

    void doesNotWaitForALockedKeyring()
    {
        const auto read = resolved({ KeySource::Kind::Keychain, QStringLiteral("locked") });
        QVERIFY(!read && read.error().reason.contains(QStringLiteral("did not answer")));
        QVERIFY(!stored(QStringLiteral("locked"), Secret("sk-ring")));
    }

    void aMachineWithoutAKeyringIsTold()
    {
        qputenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus");
        m_keychain = makeSystemKeychain();
        const auto read = resolved({ KeySource::Kind::Keychain, QStringLiteral("mine") }, Milliseconds(8000));
        m_keychain = std::make_shared<FakeKeychain>();
        QVERIFY(!read && read.error().reason.contains(QStringLiteral("keyring")));
    }

    void aKeyStaysWithTheOriginItWasGivenFor()
    {
        const QString config = m_directory->filePath(QStringLiteral("config.json"));
        m_origins = std::make_shared<KeyOrigins>(config);
        const auto there = provider(QStringLiteral("GOOD"), QStringLiteral("https://a.example/v1"));
        const auto elsewhere = provider(QStringLiteral("GOOD"), QStringLiteral("https://b.example/v1"));
        QVERIFY(resolvedFor(there));
        QVERIFY(resolvedFor(provider(QStringLiteral("GOOD"), QStringLiteral("https://A.example:443/v2"))));
        const auto moved = resolvedFor(elsewhere);
        QVERIFY(m_unconfirmed);
        QVERIFY(!moved && moved.error().reason.contains(QStringLiteral("https://b.example:443")));
        QVERIFY(!resolvedFor(provider(QStringLiteral("GOOD"), QStringLiteral("http://a.example/v1"))));
        QVERIFY(resolvedFor(there));
        QVERIFY(!m_unconfirmed);
        // Another process confirms; the record outlives this one.
        QVERIFY(confirmKeyOrigin(config, elsewhere));
        QVERIFY(resolvedFor(elsewhere));
        m_origins = std::make_shared<KeyOrigins>(config);
        QVERIFY(!resolvedFor(there));
        m_environment.insert(QStringLiteral("NEW"), QStringLiteral("sk-new"));
        QVERIFY(resolvedFor(provider(QStringLiteral("NEW"), QStringLiteral("https://a.example/v1"))));

        QFile record(KeyOrigins::pathFor(config));
        QVERIFY(record.open(QIODevice::ReadOnly));
        QVERIFY(!record.readAll().contains("sk-"));
        QCOMPARE(record.permissions() & QFile::Permissions(0x0077), QFile::Permissions());
    }

private:
    /// Waits for the one answer that a call must give.
    template <typename T> Result<T> answerOf(const std::function<void(std::function<void(Result<T>)>)> &call)
    {
        std::optional<Result<T>> answer;
        int answers = 0;
        call([&](const Result<T> &result) {
            answer = result;
            ++answers;
        });
        [[maybe_unused]] const bool came = QTest::qWaitFor([&] { return answers > 0; }, patienceMs);
        return answers == 1 ? *answer : Result<T>(Error { QStringLiteral("%1 answers").arg(answers), {} });
    }
    Result<Secret> resolved(const KeySource &source, Milliseconds limit = Milliseconds(50))
    {
        SecretResolver resolver(m_environment, m_keychain, nullptr);
        resolver.setKeychainTimeout(limit);
        return answerOf<Secret>([&](auto done) { resolver.resolve(source, &resolver, done); });
    }
    Result<Secret> resolvedFor(const ProviderConfig &config)
    {
        SecretResolver resolver(m_environment, m_keychain, m_origins);
        return answerOf<Secret>([&](auto done) {
            resolver.resolve(config, &resolver, [this, done](const ProviderKey &key) {
                m_unconfirmed = key.unconfirmed;
                done(key.secret);
            });
        });
    }
    Status stored(const QString &entry, const Secret &secret)
    {
        SecretResolver resolver(m_environment, m_keychain, nullptr);
        resolver.setKeychainTimeout(Milliseconds(50));
        return answerOf<std::monostate>([&](auto done) { resolver.storeInKeychain(entry, secret, &resolver, done); });
    }

    std::unique_ptr<QTemporaryDir> m_directory;
    QProcessEnvironment m_environment;
    std::shared_ptr<Keychain> m_keychain = std::make_shared<FakeKeychain>();
    std::shared_ptr<KeyOrigins> m_origins;
    bool m_unconfirmed = false; ///< of the last provider
};

QTEST_GUILESS_MAIN(TestSecrets)
#include "tst_secrets.moc"
