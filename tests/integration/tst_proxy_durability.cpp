// SPDX-License-Identifier: GPL-3.0-or-later
// The history of the real signalboxd when it is killed, when the disk is full, and when its file is locked or broken.
#include "engine/history/historyreader.h"
#include "tests/support/scene.h"

#include <QDir>
#include <QRegularExpression>
#include <QTest>

#include <random>
#include <set>

#include <sys/resource.h>

using namespace signalbox;
using namespace signalbox::test;

namespace {

/// Clients that ask without a pause, and what they were answered.
class Load
{
public:
    explicit Load(std::uint16_t port)
    {
        for (int i = 0; i < clients; ++i)
            m_threads.emplace_back([this, port] { run(port); });
    }
    ~Load() { stop(); }

    void stop()
    {
        m_stopping = true;
        for (std::thread &thread : std::exchange(m_threads, {}))
            thread.join();
    }
    /// Ids of the requests that had been answered by then.
    std::set<QByteArray> answeredBefore(Moment moment) const
    {
        std::set<QByteArray> ids;
        const std::scoped_lock lock(m_mutex);
        for (const auto &[id, at] : m_answered) {
            if (at < moment)
                ids.insert(id);
        }
        return ids;
    }
    std::set<QByteArray> answered() const { return answeredBefore(Moment::max()); }
    int failures() const { return m_failures; }

private:
    static constexpr int clients = 3;

    void run(std::uint16_t port)
    {
        HttpClient client(port);
        while (!m_stopping && client.send(postJson(chatPath, payload::chat()))) {
            const Answer answer = client.readAnswer();
            if (answer.status() != 200) {
                m_failures += answer.closed ? 0 : 1;
                return;
            }
            const std::scoped_lock lock(m_mutex);
            m_answered.emplace_back(answer.header("x-signalbox-request-id"), now());
        }
    }

    mutable std::mutex m_mutex;
    std::vector<std::pair<QByteArray, Moment>> m_answered;
    std::vector<std::thread> m_threads;
    std::atomic<int> m_failures { 0 };
    std::atomic<bool> m_stopping { false };
};

Result<Database> openFile(const QString &path)
{
    return Database::open(path, Database::Access::ReadWrite);
}

QString integrity(const QString &path)
{
    Result<Database> database = openFile(path);
    if (!database)
        return database.error().reason;
    Result<Statement> check = database.value().prepare("PRAGMA integrity_check");
    return check && check.value().step() ? check.value().text(0) : QStringLiteral("cannot be checked");
}

std::set<QByteArray> recordedIds(const QString &path)
{
    std::set<QByteArray> ids;
    Result<HistoryReader> reader = HistoryReader::open(path);
    if (!reader)
        return ids;
    RequestQuery query;
    query.limit = 1'000'000;
    const Result<RequestPage> page = reader.value().requests(query, {});
    if (!page)
        return ids;
    for (const RequestEvent &event : page.value().requests)
        ids.insert(event.id);
    return ids;
}

std::size_t missing(const std::set<QByteArray> &wanted, const std::set<QByteArray> &found)
{
    return static_cast<std::size_t>(
        std::count_if(wanted.begin(), wanted.end(), [&](const QByteArray &id) { return found.count(id) == 0; }));
}

/// No file of that process may grow past it. The hard limit stays, so that it can be taken back.
bool limitFiles(const ProxyProcess &proxy, rlim_t bytes)
{
    const rlimit limit { bytes, RLIM_INFINITY };
    return ::prlimit(static_cast<pid_t>(proxy.processId()), RLIMIT_FSIZE, &limit, nullptr) == 0;
}

} // namespace

class ProxyDurabilityTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_data = std::make_unique<QTemporaryDir>(); }
    void killedTwentyTimesItLosesASecondAtMost();
    void aFullDiskStopsOnlyTheRecording();
    void aLockedFileStopsOnlyTheRecording();
    void aBrokenFileIsSetAside_data();
    void aBrokenFileIsSetAside();
    void twoEnginesDoNotShareAHistory();

private:
    bool start(ProxyProcess &proxy, const FakeProvider &provider)
    {
        proxy.provider(QStringLiteral("alpha"), QStringLiteral("openai"), provider.baseUrl(QStringLiteral("/v1")),
                       alphaKey);
        return proxy.start({ QStringLiteral("--data-dir"), m_data->path() });
    }
    QString file() const { return m_data->filePath(QStringLiteral("history.db")); }
    static QString recording(const ProxyProcess &proxy)
    {
        return proxy.status()[QLatin1String("recording")][QLatin1String("state")].toString();
    }
    static bool isToldOf(const ProxyProcess &proxy)
    {
        const QJsonArray alarms = proxy.status().value(QStringLiteral("alarms")).toArray();
        return std::any_of(alarms.begin(), alarms.end(), [](const QJsonValue &alarm) {
            return alarm[QLatin1String("rule")].toString() == QLatin1String("recording_stopped");
        });
    }
    static bool works(const ProxyProcess &proxy)
    {
        return ask(proxy.port(), postJson(chatPath, payload::chat())).status() == 200;
    }

    std::unique_ptr<QTemporaryDir> m_data;
};

void ProxyDurabilityTest::killedTwentyTimesItLosesASecondAtMost()
{
    FakeProvider provider(healthy("alpha"));
    std::mt19937 random(17);
    std::set<QByteArray> due;
    for (int round = 0; round < 20; ++round) {
        ProxyProcess proxy;
        QVERIFY(start(proxy, provider));
        Load load(proxy.port());
        std::this_thread::sleep_for(milliseconds(1'200 + static_cast<int>(random() % 1'200)));
        proxy.killNow();
        const Moment killed = now();
        load.stop();
        QCOMPARE(load.failures(), 0);
        QCOMPARE(integrity(file()), QStringLiteral("ok"));
        // A commit a second, and some time for a busy machine to get round to it.
        due.merge(load.answeredBefore(killed - milliseconds(2'000)));
        const std::size_t lost = missing(due, recordedIds(file()));
        QVERIFY2(lost == 0, qPrintable(QStringLiteral("round %1: %2 of %3 lost").arg(round).arg(lost).arg(due.size())));
    }
    QVERIFY2(!due.empty(), "no round had a request that was old enough");
}

void ProxyDurabilityTest::aFullDiskStopsOnlyTheRecording()
{
    FakeProvider provider(healthy("alpha"));
    ProxyProcess proxy;
    QVERIFY(start(proxy, provider));
    QVERIFY(works(proxy));
    QTRY_COMPARE(recording(proxy), QStringLiteral("recording"));
    QVERIFY(limitFiles(proxy, 8'192));
    Load load(proxy.port());
    QTRY_COMPARE_WITH_TIMEOUT(recording(proxy), QStringLiteral("stopped"), 30'000);
    QTRY_VERIFY_WITH_TIMEOUT(isToldOf(proxy), 30'000);
    QVERIFY(works(proxy));
    QVERIFY(limitFiles(proxy, RLIM_INFINITY));
    QTRY_COMPARE_WITH_TIMEOUT(recording(proxy), QStringLiteral("recording"), 30'000);
    load.stop();
    QCOMPARE(load.failures(), 0);
    // What happened meanwhile was kept in the queue.
    QTRY_COMPARE_WITH_TIMEOUT(missing(load.answered(), recordedIds(file())), std::size_t(0), 30'000);
    QCOMPARE(integrity(file()), QStringLiteral("ok"));
}

void ProxyDurabilityTest::aLockedFileStopsOnlyTheRecording()
{
    FakeProvider provider(healthy("alpha"));
    ProxyProcess proxy;
    QVERIFY(start(proxy, provider));
    QVERIFY(works(proxy));
    QTRY_VERIFY_WITH_TIMEOUT(!recordedIds(file()).empty(), 20'000);
    Result<Database> other = openFile(file());
    QVERIFY(other && other.value().execute("BEGIN IMMEDIATE"));
    QVERIFY(works(proxy));
    QTRY_COMPARE_WITH_TIMEOUT(recording(proxy), QStringLiteral("stopped"), 30'000);
    QTRY_VERIFY_WITH_TIMEOUT(isToldOf(proxy), 30'000);
    QVERIFY(works(proxy));
    QVERIFY(other.value().execute("COMMIT"));
    QTRY_COMPARE_WITH_TIMEOUT(recording(proxy), QStringLiteral("recording"), 30'000);
    QTRY_COMPARE_WITH_TIMEOUT(recordedIds(file()).size(), std::size_t(3), 30'000);
}

void ProxyDurabilityTest::aBrokenFileIsSetAside_data()
{
    QTest::addColumn<bool>("whole"); ///< else its first page is left
    QTest::newRow("no database at all") << true;
    QTest::newRow("pages overwritten") << false;
}

void ProxyDurabilityTest::aBrokenFileIsSetAside()
{
    QFETCH(bool, whole);
    FakeProvider provider(healthy("alpha"));
    {
        ProxyProcess proxy;
        QVERIFY(start(proxy, provider));
        Load load(proxy.port());
        QTRY_VERIFY_WITH_TIMEOUT(recordedIds(file()).size() > 50, 30'000);
        load.stop();
    }
    QFile broken(file());
    QVERIFY(broken.open(QIODevice::ReadWrite));
    const qint64 size = broken.size();
    const qint64 from = whole ? 0 : 4'096;
    QVERIFY(size > 8'192 && broken.seek(from));
    QCOMPARE(broken.write(QByteArray(size - from, '\x5a')), size - from);
    broken.close();

    ProxyProcess proxy;
    QVERIFY(start(proxy, provider));
    QVERIFY(works(proxy));
    QTRY_COMPARE_WITH_TIMEOUT(recordedIds(file()).size(), std::size_t(1), 40'000);
    QTRY_COMPARE_WITH_TIMEOUT(recording(proxy), QStringLiteral("recording"), 20'000);
    const QDir folder(m_data->path());
    const QStringList kept = folder.entryList({ QStringLiteral("history.db.corrupt-*") })
                                 .filter(QRegularExpression(QStringLiteral("corrupt-[0-9-]+$")));
    QCOMPARE(kept.size(), 1);
    QCOMPARE(QFileInfo(folder.filePath(kept.first())).size(), size);
    QCOMPARE(integrity(file()), QStringLiteral("ok"));
}

void ProxyDurabilityTest::twoEnginesDoNotShareAHistory()
{
    FakeProvider provider(healthy("alpha"));
    ProxyProcess first;
    QVERIFY(start(first, provider));
    ProxyProcess second;
    QVERIFY(start(second, provider));
    QTRY_COMPARE(recording(first), QStringLiteral("recording"));
    const QJsonValue state = second.status()[QLatin1String("recording")];
    QCOMPARE(state[QLatin1String("state")].toString(), QStringLiteral("off"));
    const QString reason = state[QLatin1String("reason")].toString();
    QVERIFY2(reason.contains(QString::number(first.processId())), qPrintable(reason));
    QVERIFY(works(second));
    QVERIFY(works(first));
    QTRY_COMPARE_WITH_TIMEOUT(recordedIds(file()).size(), std::size_t(1), 20'000);
}

QTEST_GUILESS_MAIN(ProxyDurabilityTest)
#include "tst_proxy_durability.moc"
