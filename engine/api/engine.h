// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/configuring.h"
#include "engine/api/history.h"
#include "engine/api/query.h"
#include "engine/api/replay.h"
#include "engine/api/requestdetails.h"
#include "engine/api/requestevent.h"
#include "engine/api/snapshot.h"
#include "engine/api/stateevent.h"
#include "engine/base/result.h"

#include <QFuture>
#include <QObject>

#include <optional>

namespace signalbox {

/// What an operator can do to one provider.
struct ProviderCommand
{
    enum class Kind { ForceOpen, ForceClosed, NoBreaker, Auto, Reset, TripFor, ProbeNow, Drain, Enable, Disable };
    Kind kind = Kind::Auto;
    QString provider;
    /// TripFor: how long. ForceOpen and Drain: the engine returns to auto or enabled after it, if given.
    std::optional<Milliseconds> duration;
};

/// The thresholds that can be changed while it runs. Unset members stay.
struct SettingsPatch
{
    std::optional<int> breakerThreshold;
    std::optional<Milliseconds> breakerTimeout;
    std::optional<Milliseconds> healthInterval;
};

/// The proxy engine as other threads see it. Calls return at once; the engine's thread answers.
class Engine : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    /// The newest published state. Never null; safe from any thread.
    virtual EngineSnapshotPtr snapshot() const = 0;

    /// Starts listening; the error says why it cannot (port busy: which process, where it can be known).
    virtual QFuture<Status> start() = 0;
    /// Stops accepting, lets requests in flight finish for that long, then cuts them.
    virtual QFuture<Status> stop(Milliseconds drain) = 0;
    /// Applied live and saved to the config file. Fails for a setting that the environment fixes.
    virtual QFuture<Status> applySettings(const SettingsPatch &patch) = 0;
    virtual QFuture<Status> command(const ProviderCommand &command) = 0;
    /// Any one setting by its place in the config file, as text: "breaker.threshold" or "/breaker/threshold" to "7",
    /// "providers.NAME.breaker.threshold" for one provider. Checked by the config loader, saved and applied live;
    /// refused where the environment fixes the value.
    virtual QFuture<Status> setSetting(const QString &key, const QString &value) = 0;

    // The console's editing. Each call is one change: checked by the config loader as a whole, saved atomically,
    // applied live, kept as a version and told as a state event per setting; after an error nothing has changed. Places
    // that the environment fixes are refused.

    /// Any places at once, those that decide about access and keys too.
    virtual QFuture<Status> applyEdits(const QList<SettingEdit> &edits) = 0;
    /// At the end of the failover order.
    virtual QFuture<Status> addProvider(const ProviderDraft &draft) = 0;
    /// `name` is the present one. A key that stays is used at a new origin only after confirmKey().
    virtual QFuture<Status> updateProvider(const QString &name, const ProviderDraft &draft) = 0;
    virtual QFuture<Status> removeProvider(const QString &name) = 0;
    /// In the failover order.
    virtual QFuture<Status> moveProvider(const QString &name, int newIndex) = 0;
    virtual QFuture<Status> setModels(const QString &provider, const std::vector<ModelMapping> &models) = 0;
    virtual QFuture<Status> setStrategy(Strategy strategy) = 0;
    /// Binds the new place before it leaves the old one, whose requests in flight end in peace. If it cannot, the old
    /// one goes on listening and the error says why. Starts listening where that had failed.
    virtual QFuture<Status> rebind(const QString &address, std::uint16_t port) = 0;
    /// Tries the place without leaving the present one or changing anything.
    virtual QFuture<PlaceReport> checkPlace(const QString &address, std::uint16_t port) = 0;
    /// Tools with the old token are refused from then on.
    virtual QFuture<Status> regenerateToken() = 0;

    /// Newest first, 20 at most.
    virtual QFuture<std::vector<ConfigVersion>> configVersions() = 0;
    /// Takes back the newest change that is not taken back yet.
    virtual QFuture<Status> undoConfig() = 0;
    /// The file as it was before that change; itself a change.
    virtual QFuture<Status> restoreConfig(std::uint64_t version) = 0;

    /// Asks for its model list, which costs nothing, within 15 s. With `typedKey`, or the key that the draft names; it
    /// goes to the draft's own origin only and is not kept.
    virtual QFuture<ProbeReport> testProvider(const ProviderDraft &draft, const std::optional<Secret> &typedKey) = 0;
    /// Into the desktop's keyring, never anywhere else: without a keyring an error says so.
    virtual QFuture<Status> storeKey(const QString &entry, const Secret &key) = 0;
    virtual QFuture<Status> deleteKey(const QString &entry) = 0;
    /// Until the engine ends, or the provider's origin changes; goes before its configured key. Empty: no longer.
    virtual QFuture<Status> setSessionKey(const QString &provider, const Secret &key) = 0;
    /// Its key is meant for the base URL it has now.
    virtual QFuture<Status> confirmKey(const QString &provider) = 0;

    /// Ends a request in flight: its client gets an error in its dialect, the provider's connection is closed, the
    /// breaker learns nothing. Fails if there is no such request (any more).
    virtual QFuture<Status> cancelRequest(const QByteArray &id) = 0;

    /// The newest from memory, older ones from the history, read on a thread of its own. Cancelling the future stops
    /// the search.
    virtual QFuture<RequestPage> requests(const RequestQuery &query) = 0;
    virtual QFuture<EventPage> events(const EventQuery &query) = 0;
    /// The newest, about 2,000, oldest first. Kept in memory only; numbered among the requests.
    virtual QFuture<std::vector<RequestEvent>> healthChecks() = 0;
    /// Headers, stream events and the candidates of one of the newest requests, about 2,000; fails for older ones.
    virtual QFuture<Result<RequestDetails>> requestDetails(std::uint64_t sequence) = 0;
    /// The same of several, for an export; without those that are not kept any more.
    virtual QFuture<std::vector<RequestDetails>> requestDetailsOf(const std::vector<std::uint64_t> &sequences) = 0;
    /// What was captured of that request; empty if its provider is not captured.
    virtual QFuture<Result<std::vector<CapturedContent>>> capturedBody(std::uint64_t sequence) = 0;
    /// Deletes all that was recorded, from disk and memory: requests, bodies, events and the figures over time.
    /// Counters since the start, breakers and alarms stay.
    virtual QFuture<Status> deleteHistory() = 0;
    /// Where a request would go now, without sending it or changing anything.
    virtual QFuture<DryRun> dryRun(const RouteQuery &query) = 0;

    /// by: see Alarm::acknowledgedBy.
    virtual QFuture<Status> acknowledgeAlarm(const QString &id, const QString &by) = 0;
    /// Silent for that long; zero ends the silence.
    virtual QFuture<Status> shelveAlarm(const QString &id, Milliseconds duration) = 0;
    /// For charts: ascending, at most query.maxPoints points and the one that the range begins in; stretches in which
    /// nothing happened may be left out. From memory as far as that reaches (10 min by 1 s, 2 h by 10 s, 24 h by 1 min,
    /// since start), else from the history's roll-ups. Where only finished stretches can be joined into one point, its
    /// quantiles are the highest of theirs.
    virtual QFuture<Result<std::vector<SeriesPoint>>> series(const SeriesQuery &query) = 0;
    /// What one provider's breaker was in that time, ascending and without gaps.
    virtual QFuture<Result<std::vector<BreakerSegment>>> breakerTimeline(const QString &provider, std::int64_t sinceMs,
                                                                         std::int64_t untilMs) = 0;

    /// What the draft would have done with recorded traffic, computed on a thread of its own. Cancelling the future
    /// stops it; it then has no result. A draft with a wrong value is an error that names the setting.
    virtual QFuture<Result<ReplayResult>> replay(const ReplayQuery &query) = 0;
    /// Runs the draft live beside the policies in force, and only logs what it would have done (StateEvent::Kind::
    /// Shadow, ProviderSnapshot::shadow). It replaces a run that goes on, ends by itself, and stays through changes of
    /// the configuration. Fails if the draft changes nothing.
    virtual QFuture<Status> startShadow(const PolicyDraft &draft, Milliseconds duration) = 0;
    virtual QFuture<Status> stopShadow() = 0;

    /// The token a tool pastes as its API key; empty if none is required. Not part of the snapshot, so that it is not
    /// logged.
    virtual Secret accessToken() const = 0;

Q_SIGNALS:
    /// About once a second and after every change an operator would notice.
    void snapshotPublished(const signalbox::EngineSnapshotPtr &snapshot);
    void stateChanged(const signalbox::StateEvent &event);
    void requestFinished(const signalbox::RequestEvent &event);
    /// Those of them alone that needed more than one attempt or did not complete.
    void requestHadTrouble(const signalbox::RequestEvent &event);
    /// In the order of their numbers with requestFinished().
    void healthCheckFinished(const signalbox::RequestEvent &event);
};

} // namespace signalbox

Q_DECLARE_METATYPE(signalbox::EngineSnapshotPtr)
