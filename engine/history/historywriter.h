// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/history.h"
#include "engine/api/requestevent.h"
#include "engine/api/snapshot.h"
#include "engine/api/stateevent.h"
#include "engine/base/boundedqueue.h"
#include "engine/base/latestvalue.h"
#include "engine/base/result.h"
#include "engine/base/secret.h"
#include "engine/history/rollup.h"

#include <QString>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <variant>

namespace signalbox {

/// Some records of one breaker's input log, as that log packs them.
struct BreakerInputs
{
    QString provider;
    std::int64_t firstMs = 0; ///< wall time of the first record
    QByteArray records;
};

/// A captured body, as it was on the wire until HistorySettings::prepareBody has had it.
struct CapturedBody
{
    using Kind = CapturedContent::Kind;
    std::uint64_t sequence = 0; ///< of the request's event
    QByteArray requestId;
    QString provider;
    Kind kind = Kind::Request;
    QByteArray coding; ///< Content-Encoding, to be undone
    QByteArray body;
    bool complete = true; ///< false: cut at the limit
    qsizetype limitBytes = 0; ///< what is stored at most
    std::vector<Secret> secrets; ///< that must not be stored
    qsizetype waitingBytes = 0; ///< set by the writer
};

/// Where the history is and how long each kind is kept.
struct HistorySettings
{
    QString directory; ///< made with mode 0700 if it is not there
    MetricsConfig keep;
    /// Called on the history thread with each body before it is stored.
    std::function<void(CapturedBody &)> prepareBody = {};
    /// Where the directory is not ours to write to yet: called on the history thread, again and again until it
    /// succeeds. Only then is anything opened; what is recorded before waits in the queue.
    std::function<Status()> claim = {};
    QString unclaimedReason = {}; ///< why not yet, until claim() has said so
    /// By which the age of what is to be deleted is told, in ms since 1970; on the history thread. None: the system's.
    std::function<std::int64_t()> wallClock = {};
};

/// How a provider stood over some seconds, for the roll-ups.
struct ProviderGauges
{
    QString provider;
    std::int64_t atMs = 0; ///< wall time
    GaugeSums sums;
};

/// Keeps what happened, in SQLite. record() is for one thread, the engine's, and never waits: what does not fit into
/// the queue is dropped and counted. A thread of its own writes once a second. When it cannot (disk full, file locked
/// or broken), it says so in state(), keeps trying, and goes on by itself.
class HistoryWriter
{
public:
    static constexpr std::size_t queueCapacity = std::size_t { 1 } << 17;
    static constexpr int rowsPerTransaction = 50'000;

    explicit HistoryWriter(const HistorySettings &settings);
    /// Writes what is queued, then ends.
    ~HistoryWriter();
    HistoryWriter(const HistoryWriter &) = delete;
    HistoryWriter &operator=(const HistoryWriter &) = delete;

    void record(RequestRecord request);
    void record(StateEvent event);
    /// False: it was dropped.
    bool record(BreakerInputs inputs);
    /// Not kept while 64 MiB of bodies wait, because the disk is slow or full.
    void record(CapturedBody body);
    void record(ProviderGauges gauges);

    /// Everything recorded before, in the file and in the queue. Returns when it is done. Any thread but record()'s.
    Status deleteAll();
    /// How long to keep, from now on.
    void setKeep(const MetricsConfig &keep);
    /// Any thread.
    RecordingSnapshot state() const;
    QString path() const { return m_path; }
    /// Returns when everything recorded before is in the file, or cannot be written now. For tests and shutdown.
    void flush();

private:
    using Item =
        std::variant<std::monostate, std::unique_ptr<RequestRecord>, std::unique_ptr<StateEvent>,
                     std::unique_ptr<BreakerInputs>, std::unique_ptr<CapturedBody>, std::unique_ptr<ProviderGauges>>;

    bool put(Item item);
    void run();
    void publish(RecordingState state, const QString &reason, std::uint64_t written, std::uint64_t fileBytes);

    class Session; ///< an open file with its statements
    class Loop; ///< what the thread does

    const QString m_path;
    const std::function<void(CapturedBody &)> m_prepareBody;
    const std::function<Status()> m_claim;
    const std::function<std::int64_t()> m_wallClock;
    BoundedQueue<Item> m_queue;
    LatestValue<MetricsConfig> m_keep;
    LatestValue<RecordingSnapshot> m_state;
    std::uint64_t m_puts = 0;
    std::atomic<qsizetype> m_waitingBodyBytes { 0 };

    std::mutex m_mutex;
    std::condition_variable m_wake;
    std::condition_variable m_flushed;
    std::uint64_t m_flushesWanted = 0;
    std::uint64_t m_flushesDone = 0;
    std::uint64_t m_deletionsWanted = 0;
    std::uint64_t m_deletionsDone = 0;
    QString m_deletionProblem; ///< of the last one; empty: none
    bool m_stopping = false;
    std::thread m_thread;
};

} // namespace signalbox
