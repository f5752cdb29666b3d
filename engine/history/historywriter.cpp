// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/history/historywriter.h"

#include "engine/base/clock.h"
#include "engine/history/historyschema.h"
#include "engine/history/retentionclock.h"
#include "engine/history/rollup.h"

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <algorithm>

namespace signalbox {

namespace {

using namespace std::chrono_literals;

constexpr auto commitInterval = 1s;
constexpr auto retryInterval = 2s;
constexpr auto cleaningInterval = 10s;
constexpr qsizetype mostWaitingBodyBytes = qsizetype { 64 } << 20;
constexpr int rowsPerCleaning = 20'000; ///< so that a cleaning never holds up the writing for long

template <typename Kind> std::unique_ptr<Kind> boxed(Kind value)
{
    return std::make_unique<Kind>(std::move(value));
}

} // namespace

/// Statements finalise before the database closes, so the order of the members matters.
class HistoryWriter::Session
{
public:
    static Result<std::unique_ptr<Session>> open(const QString &path)
    {
        Result<Database> database = openHistory(path);
        if (!database)
            return database.error();
        auto session = std::unique_ptr<Session>(new Session(std::move(database).value(), path));
        if (const Status status = session->prepare(); !status)
            return status.error();
        return session;
    }

    bool write(const std::vector<Item> &items, const std::vector<std::pair<RollupKey, QByteArray>> &rollups)
    {
        if (!m_database.execute("BEGIN IMMEDIATE"))
            return fail();
        for (const Item &item : items) {
            if (!std::visit([this](const auto &kind) { return insert(kind); }, item))
                return fail();
        }
        for (const auto &[key, numbers] : rollups) {
            if (!m_rollup.bind(1, static_cast<std::int64_t>(key.span))
                     .bind(2, key.startMs)
                     .bindText(3, key.provider)
                     .bindBytes(4, numbers)
                     .run())
                return fail();
        }
        return m_database.execute("COMMIT") ? true : fail();
    }

    /// Deletes what is older than it is to be kept, a bounded number of rows at a time.
    bool clean(const MetricsConfig &keep, std::int64_t nowMs)
    {
        const auto before = [nowMs](Milliseconds age) { return (nowMs - age.count()) * 1000; };
        bool good = remove("requests", before(keep.retentionMs)) &&
            remove("captures", before(keep.captureRetentionMs)) && remove("states", before(keep.stateRetentionMs)) &&
            remove("breaker_inputs", before(keep.stateRetentionMs));
        const std::array ages { keep.secondsRetentionMs, keep.minutesRetentionMs, keep.hoursRetentionMs };
        for (const RollupSpan span : rollupSpans)
            good = good && removeRollups(span, before(ages[static_cast<std::size_t>(span)]) / 1000);
        good = good && enforceSize(keep.maxMegabytes);
        return good && bool(m_database.execute("PRAGMA incremental_vacuum(2000)"));
    }

    void restore(RollupTable &table)
    {
        const std::int64_t nowMs = QDateTime::currentMSecsSinceEpoch();
        Result<Statement> rows =
            m_database.prepare("SELECT provider, numbers FROM rollups WHERE span = ?1 AND start = ?2");
        for (const RollupSpan span : rollupSpans) {
            const std::int64_t startMs = nowMs - nowMs % lengthMs(span);
            if (!rows)
                return;
            rows.value().bind(1, static_cast<std::int64_t>(span)).bind(2, startMs);
            while (rows.value().step()) {
                if (const auto rollup = unpackRollup(rows.value().bytes(1)))
                    table.restore({ span, startMs, rows.value().text(0) }, *rollup);
            }
            rows.value().reset();
        }
    }

    std::uint64_t fileBytes()
    {
        return static_cast<std::uint64_t>(m_database.integer("PRAGMA page_count") *
                                          m_database.integer("PRAGMA page_size"));
    }
    const QString &reason() const { return m_reason; }
    bool isCorrupt() const { return m_problem == DatabaseProblem::Corrupt; }

private:
    Session(Database database, QString path) : m_database(std::move(database)), m_path(std::move(path))
    {
        m_lastId = std::max({ m_database.integer("SELECT max(id) FROM requests"),
                              m_database.integer("SELECT max(id) FROM states"),
                              m_database.integer("SELECT max(id) FROM breaker_inputs"),
                              m_database.integer("SELECT max(id) FROM captures") });
    }

    Status prepare()
    {
        const std::array<std::pair<Statement *, const char *>, 5> all { {
            { &m_request, "INSERT INTO requests VALUES(?1, ?2)" },
            { &m_state, "INSERT INTO states VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)" },
            { &m_inputs, "INSERT INTO breaker_inputs VALUES(?1, ?2, ?3)" },
            { &m_rollup, "INSERT OR REPLACE INTO rollups VALUES(?1, ?2, ?3, ?4)" },
            { &m_capture, "INSERT INTO captures VALUES(?1, ?2, ?3, ?4, ?5, ?6)" },
        } };
        for (const auto &[statement, sql] : all) {
            Result<Statement> prepared = m_database.prepare(sql);
            if (!prepared)
                return prepared.error();
            *statement = std::move(prepared).value();
        }
        return ok();
    }

    /// Whatever the clock did, nothing is lost or reordered.
    std::int64_t idAt(std::int64_t wanted) { return m_lastId = std::max(m_lastId + 1, wanted); }

    bool insert(const std::monostate &) { return true; }
    bool insert(const std::unique_ptr<RequestRecord> &request)
    {
        return m_request.bind(1, idAt(static_cast<std::int64_t>(request->sequence)))
            .bindBytes(2, request->packed)
            .run();
    }
    bool insert(const std::unique_ptr<StateEvent> &event)
    {
        return m_state.bind(1, idAt(static_cast<std::int64_t>(event->sequence)))
            .bind(2, static_cast<std::int64_t>(event->kind))
            .bind(3, event->at.toMSecsSinceEpoch())
            .bindText(4, event->provider)
            .bindText(5, event->before)
            .bindText(6, event->after)
            .bindText(7, event->reason)
            .run();
    }
    bool insert(const std::unique_ptr<ProviderGauges> &) { return true; } // a part of the roll-ups
    bool insert(const std::unique_ptr<BreakerInputs> &inputs)
    {
        return m_inputs.bind(1, idAt(inputs->firstMs * 1000))
            .bindText(2, inputs->provider)
            .bindBytes(3, inputs->records)
            .run();
    }
    bool insert(const std::unique_ptr<CapturedBody> &body)
    {
        return m_capture.bind(1, idAt(static_cast<std::int64_t>(body->sequence)))
            .bindBytes(2, body->requestId)
            .bindText(3, body->provider)
            .bind(4, static_cast<std::int64_t>(body->kind))
            .bindBytes(5, body->body)
            .bind(6, body->complete ? 1 : 0)
            .run();
    }

    bool remove(const char *table, std::int64_t beforeUs)
    {
        const QByteArray sql = QByteArray("DELETE FROM ") + table + " WHERE id IN (SELECT id FROM " + table +
            " WHERE id < ?1 ORDER BY id LIMIT " + QByteArray::number(rowsPerCleaning) + ")";
        Result<Statement> statement = m_database.prepare(sql.constData());
        return statement && statement.value().bind(1, beforeUs).run() ? true : fail();
    }

    bool removeRollups(RollupSpan span, std::int64_t beforeMs)
    {
        Result<Statement> statement = m_database.prepare("DELETE FROM rollups WHERE span = ?1 AND start < ?2");
        return statement && statement.value().bind(1, static_cast<std::int64_t>(span)).bind(2, beforeMs).run() ? true
                                                                                                               : fail();
    }

    /// Over the limit the oldest of the bulk goes first: requests, then the breakers' inputs.
    bool enforceSize(int maxMegabytes)
    {
        const auto limit = static_cast<std::int64_t>(maxMegabytes) << 20;
        const std::int64_t used =
            (m_database.integer("PRAGMA page_count") - m_database.integer("PRAGMA freelist_count")) *
            m_database.integer("PRAGMA page_size");
        if (used <= limit)
            return true;
        for (const char *table : { "captures", "requests", "breaker_inputs" }) {
            const QByteArray sql = QByteArray("SELECT count(*) FROM (SELECT id FROM ") + table + " LIMIT 1)";
            if (m_database.integer(sql.constData()) > 0)
                return remove(table, std::numeric_limits<std::int64_t>::max());
        }
        return true;
    }

    bool fail()
    {
        m_problem = m_database.problem();
        m_reason = QStringLiteral("%1: %2").arg(m_path, m_database.problemText());
        m_database.execute("ROLLBACK");
        return false;
    }

    Database m_database;
    QString m_path;
    Statement m_request;
    Statement m_state;
    Statement m_inputs;
    Statement m_rollup;
    Statement m_capture;
    std::int64_t m_lastId = 0;
    DatabaseProblem m_problem = DatabaseProblem::None;
    QString m_reason;
};

/// Everything here runs on the history thread.
class HistoryWriter::Loop
{
public:
    explicit Loop(HistoryWriter &owner) : m_owner(owner) { }

    /// One round: takes what is queued and writes it. True: there may be more at once.
    bool round(bool last)
    {
        if (!m_session && !reopen(last))
            return false;
        collect();
        if (!write())
            return false;
        cleanSometimes();
        m_owner.publish(RecordingState::Recording, {}, m_written, m_session->fileBytes());
        return m_owner.m_queue.size() >= rowsPerTransaction / 2;
    }

    /// The file goes, so that its space comes back at once and nothing can be read out of free pages. Empty: it went
    /// well; else what stands in the way.
    QString deleteAll()
    {
        Item item;
        while (m_owner.m_queue.take(item))
            release(item);
        for (const Item &waiting : m_items)
            release(waiting);
        m_items.clear();
        m_rollups.clear();
        m_table = {};
        m_session.reset();
        m_retryAt = {};
        if (const Status claimed = claim(); !claimed)
            return claimed.error().reason;
        for (const QLatin1String suffix : { QLatin1String(), QLatin1String("-wal"), QLatin1String("-shm") }) {
            QFile file(m_owner.m_path % suffix);
            if (file.exists() && !file.remove())
                return QStringLiteral("%1 cannot be deleted: %2").arg(file.fileName(), file.errorString());
        }
        return {};
    }

private:
    using Clock = std::chrono::steady_clock;

    void release(const Item &item)
    {
        if (const auto *body = std::get_if<std::unique_ptr<CapturedBody>>(&item))
            m_owner.m_waitingBodyBytes -= (*body)->waitingBytes;
    }

    void collect()
    {
        // What a failed transaction left is written first.
        Item item;
        while (m_items.size() < rowsPerTransaction && m_owner.m_queue.take(item)) {
            if (const auto *gauges = std::get_if<std::unique_ptr<ProviderGauges>>(&item)) {
                m_table.add((*gauges)->provider, (*gauges)->atMs, (*gauges)->sums);
                continue;
            }
            if (const auto *body = std::get_if<std::unique_ptr<CapturedBody>>(&item); body && m_owner.m_prepareBody)
                m_owner.m_prepareBody(**body);
            if (const auto *request = std::get_if<std::unique_ptr<RequestRecord>>(&item))
                m_table.add(**request);
            m_items.push_back(std::move(item));
        }
        for (auto &change : m_table.takeChanges())
            m_rollups.push_back(std::move(change));
    }

    bool write()
    {
        if (m_items.empty() && m_rollups.empty())
            return true;
        if (!m_session->write(m_items, m_rollups))
            return stop();
        m_written += m_items.size();
        for (const Item &item : m_items)
            release(item);
        m_items.clear();
        m_rollups.clear();
        return true;
    }

    bool stop()
    {
        const QString reason = m_session->reason();
        const bool corrupt = m_session->isCorrupt();
        m_session.reset();
        if (corrupt)
            setAside();
        m_retryAt = Clock::now() + retryInterval;
        m_owner.publish(RecordingState::Stopped, reason, m_written, 0);
        return false;
    }

    Status claim()
    {
        if (m_isClaimed || !m_owner.m_claim)
            return ok();
        Status claimed = m_owner.m_claim();
        m_isClaimed = static_cast<bool>(claimed);
        return claimed;
    }

    bool reopen(bool last)
    {
        if (!last && Clock::now() < m_retryAt)
            return false;
        if (const Status claimed = claim(); !claimed) {
            m_retryAt = Clock::now() + retryInterval;
            m_owner.publish(RecordingState::Stopped, claimed.error().reason, m_written, 0);
            return false;
        }
        QDir().mkpath(QFileInfo(m_owner.m_path).path());
        QFile::setPermissions(QFileInfo(m_owner.m_path).path(), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
        Result<std::unique_ptr<Session>> session = Session::open(m_owner.m_path);
        if (!session) {
            if (isBroken())
                setAside();
            m_retryAt = Clock::now() + retryInterval;
            const QString &reason = session.error().reason;
            const bool named = reason.contains(m_owner.m_path);
            m_owner.publish(RecordingState::Stopped,
                            named ? reason : QString(m_owner.m_path % QLatin1String(": ") % reason), m_written, 0);
            return false;
        }
        m_session = std::move(session).value();
        m_session->restore(m_table);
        return true;
    }

    bool isBroken() const
    {
        Result<Database> database = Database::open(m_owner.m_path, Database::Access::ReadOnly);
        if (!database)
            return false;
        const Status status = database.value().execute("SELECT count(*) FROM sqlite_schema");
        return !status && database.value().problem() == DatabaseProblem::Corrupt;
    }

    /// A broken file is kept for whoever can save something of it.
    void setAside()
    {
        const QString to = m_owner.m_path % QLatin1String(".corrupt-") %
            QDateTime::currentDateTimeUtc().toString(QStringLiteral("yyyyMMdd-HHmmss"));
        QFile::rename(m_owner.m_path, to);
        for (const QLatin1String suffix : { QLatin1String("-wal"), QLatin1String("-shm") })
            QFile::rename(m_owner.m_path % suffix, to % suffix);
    }

    void cleanSometimes()
    {
        if (Clock::now() < m_cleanAt)
            return;
        m_cleanAt = Clock::now() + cleaningInterval;
        if (!m_session->clean(*m_owner.m_keep.read(), m_retention.nowMs(m_owner.m_wallClock(), m_clock.nowMs())))
            m_cleanAt = Clock::now() + retryInterval;
    }

    HistoryWriter &m_owner;
    std::unique_ptr<Session> m_session;
    RollupTable m_table;
    std::vector<Item> m_items;
    std::vector<std::pair<RollupKey, QByteArray>> m_rollups;
    bool m_isClaimed = false;
    SystemClock m_clock;
    RetentionClock m_retention;
    Clock::time_point m_retryAt;
    Clock::time_point m_cleanAt = Clock::now() + cleaningInterval;
    std::uint64_t m_written = 0;
};

HistoryWriter::HistoryWriter(const HistorySettings &settings)
    : m_path(settings.directory % QLatin1String("/history.db")), m_prepareBody(settings.prepareBody),
      m_claim(settings.claim),
      m_wallClock(settings.wallClock ? settings.wallClock : [] { return QDateTime::currentMSecsSinceEpoch(); }),
      m_queue(queueCapacity)
{
    m_keep.publish(std::make_shared<const MetricsConfig>(settings.keep));
    publish(m_claim ? RecordingState::Stopped : RecordingState::Recording, settings.unclaimedReason, 0, 0);
    m_thread = std::thread([this] { run(); });
}

HistoryWriter::~HistoryWriter()
{
    {
        const std::scoped_lock lock(m_mutex);
        m_stopping = true;
    }
    m_wake.notify_one();
    m_thread.join();
}

bool HistoryWriter::put(Item item)
{
    const bool kept = m_queue.put(std::move(item));
    // Between two commits the thread sleeps; a burst wakes it before the queue is full. A lost wake-up only delays it.
    constexpr std::uint64_t looks = 4096;
    if (++m_puts % looks == 0 && m_queue.size() > queueCapacity / 4)
        m_wake.notify_one();
    return kept;
}

void HistoryWriter::record(RequestRecord request)
{
    put(boxed(std::move(request)));
}

void HistoryWriter::record(StateEvent event)
{
    put(boxed(std::move(event)));
}

bool HistoryWriter::record(BreakerInputs inputs)
{
    return put(boxed(std::move(inputs)));
}

void HistoryWriter::record(CapturedBody body)
{
    body.waitingBytes = body.body.size();
    if (m_waitingBodyBytes + body.waitingBytes > mostWaitingBodyBytes)
        return;
    m_waitingBodyBytes += body.waitingBytes;
    put(boxed(std::move(body)));
}

void HistoryWriter::record(ProviderGauges gauges)
{
    put(boxed(std::move(gauges)));
}

void HistoryWriter::setKeep(const MetricsConfig &keep)
{
    m_keep.publish(std::make_shared<const MetricsConfig>(keep));
}

RecordingSnapshot HistoryWriter::state() const
{
    RecordingSnapshot state = *m_state.read();
    state.droppedEvents = m_queue.dropped();
    state.queueDepth = m_queue.size();
    return state;
}

void HistoryWriter::publish(RecordingState state, const QString &reason, std::uint64_t written, std::uint64_t fileBytes)
{
    auto snapshot = std::make_shared<RecordingSnapshot>();
    snapshot->state = state;
    snapshot->reason = reason;
    snapshot->writtenEvents = written;
    snapshot->queueCapacity = queueCapacity;
    snapshot->fileBytes = fileBytes;
    m_state.publish(std::move(snapshot));
}

void HistoryWriter::flush()
{
    std::unique_lock lock(m_mutex);
    const std::uint64_t mine = ++m_flushesWanted;
    m_wake.notify_one();
    m_flushed.wait(lock, [&] { return m_flushesDone >= mine; });
}

Status HistoryWriter::deleteAll()
{
    std::unique_lock lock(m_mutex);
    const std::uint64_t mine = ++m_deletionsWanted;
    m_wake.notify_one();
    m_flushed.wait(lock, [&] { return m_deletionsDone >= mine; });
    return m_deletionProblem.isEmpty() ? ok() : Status(Error { m_deletionProblem, m_path });
}

void HistoryWriter::run()
{
    Loop loop(*this);
    std::unique_lock lock(m_mutex);
    for (;;) {
        const std::uint64_t flushes = m_flushesWanted;
        const std::uint64_t deletions = m_deletionsWanted;
        const bool deletes = deletions > m_deletionsDone;
        const bool last = m_stopping;
        lock.unlock();
        const QString problem = deletes ? loop.deleteAll() : QString();
        bool more = true;
        while (more || ((last || flushes > m_flushesDone) && m_queue.size() > 0)) {
            more = loop.round(last);
            if (!more && m_state.read()->state != RecordingState::Recording)
                break;
        }
        lock.lock();
        m_flushesDone = flushes;
        if (deletes) {
            m_deletionsDone = deletions;
            m_deletionProblem = problem;
        }
        m_flushed.notify_all();
        if (last)
            return;
        if (!m_stopping && m_flushesWanted == flushes && m_deletionsWanted == deletions)
            m_wake.wait_for(lock, commitInterval);
    }
}

} // namespace signalbox
