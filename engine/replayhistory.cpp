// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/replayhistory.h"

#include "engine/breaker/breakerlog.h"
#include "engine/history/historyreader.h"
#include "engine/policydraft.h"
#include "engine/provider/provider.h"
#include "engine/samplerecording.h"
#include "engine/telemetry/policyreplay.h"

#include <QDateTime>
#include <QElapsedTimer>
#include <QFileInfo>

#include <algorithm>
#include <limits>

namespace signalbox {

namespace {

constexpr std::int64_t slackMs = 120'000; ///< a chunk may be kept a little later than it was due
constexpr int mostPoints = 10'000;

using Chunks = std::map<QString, std::vector<QByteArray>>;

Result<QStringList> wantedProviders(const ReplayQuery &query, const Config &config, const Chunks &chunks)
{
    QStringList names;
    for (const ProviderConfig &provider : config.providers)
        names.append(provider.name);
    for (const auto &[name, recorded] : chunks) {
        if (!names.contains(name))
            names.append(name);
    }
    for (const QString &name : query.providers) {
        if (!names.contains(name))
            return Error { QStringLiteral("There is no provider named '%1'.").arg(name.left(64)), name };
    }
    return query.providers.isEmpty() ? names : query.providers;
}

/// Of the time asked for, and of enough before it that a checkpoint is among them.
Result<Chunks> recordedInputs(const ReplayQuery &query, const ReplayResult &span, const QString &path,
                              const std::function<bool()> &cancelled)
{
    if (!QFileInfo::exists(path))
        return Chunks(); // the first start, a moment ago
    Result<HistoryReader> reader = HistoryReader::open(path);
    if (!reader)
        return reader.error();
    // Where the wall clock was set back, the newest chunks are numbered past now.
    const std::int64_t untilMs = query.untilMs > 0 ? span.untilMs : std::numeric_limits<std::int64_t>::max();
    return reader.value().breakerInputs(span.sinceMs - checkpointIntervalMs - slackMs, untilMs, cancelled);
}

QString missingText(const ReplayResult &result)
{
    if (result.requests >= usefulReplayRequests)
        return {};
    return QStringLiteral("Needs recorded traffic: %1 of about %2 requests so far.")
        .arg(result.requests)
        .arg(usefulReplayRequests);
}

/// One provider's part; false: it was cancelled.
bool addReplay(ReplayResult &result, const QString &name, const std::vector<QByteArray> &chunks, int maxPoints,
               const std::optional<BreakerPolicy> &draft, const std::function<bool()> &cancelled)
{
    const ReplaySpan span { result.sinceMs, result.untilMs, std::clamp(maxPoints, 1, mostPoints) };
    Result<ProviderReplay> replayed = replayPolicy(chunks, span, draft, cancelled);
    if (!replayed)
        return false;
    ProviderReplay &replay = replayed.value();
    replay.provider = name;
    replay.sentence = replaySentence(replay);
    result.requests += replay.requests;
    result.providers.push_back(std::move(replay));
    return true;
}

Result<ReplayResult> replaySample(const ReplayQuery &query, const Config &config,
                                  const std::function<bool()> &cancelled)
{
    ReplayResult result;
    result.untilMs = QDateTime::currentMSecsSinceEpoch();
    result.sinceMs = result.untilMs - sampleLengthMs;
    const auto draft = query.draft.all ? std::optional(toPolicy(*query.draft.all)) : std::nullopt;
    for (const auto &[name, chunks] : sampleRecording(toPolicy(config.breaker), result.untilMs)) {
        if (!addReplay(result, name, chunks, query.maxPoints, draft, cancelled))
            return Error { QStringLiteral("The replay was cancelled."), {} };
    }
    return result;
}

} // namespace

Result<ReplayResult> replayHistory(const ReplayQuery &query, const ReplaySources &sources,
                                   const std::function<bool()> &cancelled)
{
    QElapsedTimer timer;
    timer.start();
    if (query.sample) {
        Result<ReplayResult> sample = replaySample(query, *sources.config, cancelled);
        if (sample)
            sample.value().computedMs = static_cast<double>(timer.nsecsElapsed()) / 1e6;
        return sample;
    }
    if (sources.historyPath.isEmpty())
        return Error { QStringLiteral("Nothing is recorded, so there is nothing to replay."), {} };
    const auto settings = resolveDraft(query.draft, *sources.config, sources.configPath);
    if (!settings)
        return settings.error();
    ReplayResult result;
    const std::int64_t nowMs = QDateTime::currentMSecsSinceEpoch();
    result.sinceMs = query.sinceMs;
    result.untilMs = query.untilMs > 0 ? std::min(query.untilMs, nowMs) : nowMs;
    if (result.sinceMs >= result.untilMs)
        return Error { QStringLiteral("The replay must begin before it ends."), {} };
    const Result<Chunks> chunks = recordedInputs(query, result, sources.historyPath, cancelled);
    if (!chunks)
        return chunks.error();
    const Result<QStringList> names = wantedProviders(query, *sources.config, chunks.value());
    if (!names)
        return names.error();
    for (const QString &name : names.value()) {
        const auto recorded = chunks.value().find(name);
        const auto draft = settings.value().find(name);
        const bool changes = !query.draft.isEmpty() && draft != settings.value().end();
        if (!addReplay(result, name, recorded == chunks.value().end() ? std::vector<QByteArray>() : recorded->second,
                       query.maxPoints, changes ? std::optional(toPolicy(draft->second)) : std::nullopt, cancelled))
            return Error { QStringLiteral("The replay was cancelled."), {} };
    }
    result.sentence = missingText(result);
    result.computedMs = static_cast<double>(timer.nsecsElapsed()) / 1e6;
    return result;
}

} // namespace signalbox
