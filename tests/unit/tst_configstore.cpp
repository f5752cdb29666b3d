// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/config/configstore.h"

#include "engine/config/configwatcher.h"
#include "engine/config/keyorigins.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonObject>
#include <QRandomGenerator>
#include <QSaveFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

#include <sys/resource.h>

using namespace signalbox;

namespace {

constexpr int patienceMs = 10000;

void put(const QString &path, const QByteArray &text)
{
    QSaveFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(text) == text.size() && file.commit());
}

QByteArray get(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// No file may grow beyond this while it lives: a full disk, for root too.
class FullDisk
{
public:
    explicit FullDisk(rlim_t bytes)
    {
        m_handler = std::signal(SIGXFSZ, SIG_IGN);
        getrlimit(RLIMIT_FSIZE, &m_before);
        rlimit tight = m_before;
        tight.rlim_cur = bytes;
        setrlimit(RLIMIT_FSIZE, &tight);
    }
    ~FullDisk()
    {
        setrlimit(RLIMIT_FSIZE, &m_before);
        std::signal(SIGXFSZ, m_handler);
    }
    Q_DISABLE_COPY_MOVE(FullDisk)

private:
    rlimit m_before {};
    void (*m_handler)(int) = nullptr;
};

} // namespace

class TestConfigStore : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_directory = std::make_unique<QTemporaryDir>();
        m_path = m_directory->filePath(QStringLiteral("config.json"));
    }

    void changesOnlyWhatItIsToldTo()
    {
        put(m_path,
            "{\n  \"zeta\": [1,  2],\n  \"version\": 1,\n  \"breaker\": {\"threshold\": 5, \"mine\": true},\n"
            "  \"alpha\": null\n}\n");
        const Status saved = saveSettings(m_path,
                                          { { QStringLiteral("/breaker/threshold"), 7 },
                                            { QStringLiteral("/breaker/timeoutMs"), 1000 },
                                            { QStringLiteral("/health/intervalMs"), 2000 },
                                            { QStringLiteral("/alpha"), QJsonValue::Undefined } });
        QVERIFY2(saved, saved ? "" : qPrintable(saved.error().reason));
        QCOMPARE(
            get(m_path),
            QByteArray("{\n  \"zeta\": [1,  2],\n  \"version\": 1,\n  \"breaker\": {\"threshold\": 7, \"mine\": true, "
                       "\"timeoutMs\": 1000},\n  \"health\": {\n      \"intervalMs\": 2000\n  }\n}\n"));
        QCOMPARE(loadConfig(m_path).config.breaker.threshold, 7);
        QCOMPARE(QFile::permissions(m_path) & QFile::Permissions(0x0077), QFile::Permissions());
        QVERIFY(get(m_path + QStringLiteral(".bak")).contains("\"threshold\": 5"));
    }

    void addsAndRemovesProviders()
    {
        put(m_path, "{\"version\": 1}");
        const auto provider = [](const char *name) {
            return QJsonObject { { QStringLiteral("name"), QLatin1String(name) },
                                 { QStringLiteral("dialect"), QStringLiteral("openai") },
                                 { QStringLiteral("baseUrl"), QStringLiteral("https://x.example") } };
        };
        const QString end = QStringLiteral("/providers/-");
        QVERIFY(saveSettings(m_path, { { end, provider("a") }, { end, provider("b") }, { end, provider("c") } }));
        QVERIFY(saveSettings(m_path, { { QStringLiteral("/providers/1"), QJsonValue::Undefined } }));
        const Config config = loadConfig(m_path).config;
        QCOMPARE(config.providers.size(), 2U);
        QCOMPARE(config.providers.at(0).name, QStringLiteral("a"));
        QCOMPARE(config.providers.at(1).name, QStringLiteral("c"));
    }

    void refusesAnEditThatBreaksTheFile()
    {
        const QByteArray before = "{\"version\": 1}";
        put(m_path, before);
        const Status saved = saveSettings(m_path, { { QStringLiteral("/breaker/threshold"), 0 } });
        QVERIFY(!saved && saved.error().reason.contains(QStringLiteral("/breaker/threshold")));
        QCOMPARE(get(m_path), before);
        put(m_path, "{\"version\": 1,");
        QVERIFY(!saveSettings(m_path, { { QStringLiteral("/breaker/threshold"), 4 } }));
        QCOMPARE(get(m_path), QByteArray("{\"version\": 1,"));
    }

    void aFullDiskLeavesTheOldFile()
    {
        const QByteArray before = "{\"version\": 1, \"note\": \"" + QByteArray(2000, 'x') + "\"}";
        put(m_path, before);
        {
            const FullDisk full(1000);
            const Status saved = saveSettings(m_path, { { QStringLiteral("/breaker/threshold"), 4 } });
            QVERIFY(!saved && !saved.error().reason.isEmpty());
        }
        QCOMPARE(get(m_path), before);
        QCOMPARE(QDir(m_directory->path()).entryList(QDir::Files), QStringList { QStringLiteral("config.json") });
        QVERIFY(saveSettings(m_path, { { QStringLiteral("/breaker/threshold"), 4 } }));
    }

    void makesAPrivateDirectory()
    {
        const QString path = m_directory->filePath(QStringLiteral("new/config.json"));
        QVERIFY(saveSettings(path, { { QStringLiteral("/breaker/threshold"), 4 } }));
        const QFile::Permissions others = QFile::Permissions(0x0077);
        QCOMPARE(QFile::permissions(QFileInfo(path).path()) & others, QFile::Permissions());
        QCOMPARE(QFile::permissions(path) & others, QFile::Permissions());
    }

    void generatesATokenOnce()
    {
        QVERIFY(!ensureToken(m_path));
        put(m_path, "{\"version\": 1}");
        QRandomGenerator random(1);
        const auto first = ensureToken(m_path, &random);
        QVERIFY(first && first.value());
        QCOMPARE(first.value()->reveal().size(), 32);
        QVERIFY(ensureToken(m_path).value() == first.value());
        QVERIFY(loadConfigEnsuringToken(m_path).config.proxy.token == first.value());
        put(m_path, "{\"version\": 1, \"proxy\": {\"token\": null}}");
        QVERIFY(!ensureToken(m_path).value());
        QVERIFY(!loadConfigEnsuringToken(m_path).config.proxy.token);
    }

    void aTokenThatCannotBeStoredLastsForTheRun()
    {
        put(m_path, "{\"version\": 1}");
        const FullDisk full(0);
        ConfigOverlay overlay;
        overlay.fallbackToken = Secret("0123456789abcdef");
        const LoadResult result = loadConfigEnsuringToken(m_path, overlay);
        QVERIFY(result.ok() && !result.warnings.isEmpty());
        QVERIFY(result.config.proxy.token == overlay.fallbackToken);
    }

    void watcherSeesEveryKindOfEdit()
    {
        ConfigWatcher watcher(m_path, {});
        QSignalSpy changes(&watcher, &ConfigWatcher::configChanged);
        const auto next = [&changes] {
            if (changes.isEmpty() && !changes.wait(patienceMs))
                return LoadResult {};
            return changes.takeFirst().at(0).value<LoadResult>();
        };
        const QByteArray head = "{\"version\": 1, \"proxy\": {\"token\": null}, \"breaker\": {\"threshold\": ";
        put(m_path, head + "11}}");
        QCOMPARE(next().config.breaker.threshold, 11);
        put(m_path, head + "12}}");
        QCOMPARE(next().config.breaker.threshold, 12);
        put(m_path, head + "0}}");
        QVERIFY(!next().ok());
        QFile inPlace(m_path);
        QVERIFY(inPlace.open(QIODevice::WriteOnly) && inPlace.write(head + "13}}") > 0);
        inPlace.close();
        QCOMPARE(next().config.breaker.threshold, 13);
        put(m_directory->filePath(QStringLiteral(".env")), "CIRCUIT_BREAKER_THRESHOLD=14");
        QCOMPARE(next().config.breaker.threshold, 14);
        QVERIFY(QFile::remove(m_path));
        QVERIFY(next().missing);
    }

    void watcherWaitsForTheDirectory()
    {
        const QString path = m_directory->filePath(QStringLiteral("a/b/config.json"));
        ConfigWatcher watcher(path, {});
        QSignalSpy changes(&watcher, &ConfigWatcher::configChanged);
        QVERIFY(QDir().mkpath(QFileInfo(path).path()));
        put(path, "{\"version\": 1, \"proxy\": {\"token\": null}}");
        QVERIFY(changes.count() || changes.wait(patienceMs));
        QVERIFY(!changes.at(0).at(0).value<LoadResult>().missing);
    }

    void watcherTellsOfConfirmedKeys()
    {
        put(m_path, "{\"version\": 1}");
        ConfigWatcher watcher(m_path, {});
        QSignalSpy confirmed(&watcher, &ConfigWatcher::keyOriginsChanged);
        ProviderConfig provider;
        provider.name = QStringLiteral("a");
        QVERIFY(confirmKeyOrigin(m_path, provider));
        QVERIFY(confirmed.count() || confirmed.wait(patienceMs));
    }

private:
    std::unique_ptr<QTemporaryDir> m_directory;
    QString m_path;
};

QTEST_GUILESS_MAIN(TestConfigStore)
#include "tst_configstore.moc"
