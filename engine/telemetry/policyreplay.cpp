// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/telemetry/policyreplay.h"

#include "engine/breaker/breakerlog.h"
#include "engine/breaker/draftbreaker.h"

#include <algorithm>

namespace signalbox {

namespace {

constexpr std::size_t mostListed = 5'000; ///< transitions, bands, stretches
constexpr qsizetype bytesBetweenLooks = 16'384; ///< at `cancelled`
/// Where the draft opens and reality did not, there is no recorded jitter: its mean.
constexpr double expectedJitter = 0.5;

void join(std::vector<ReplayStretch> &stretches, std::int64_t fromMs, std::int64_t toMs)
{
    if (toMs <= fromMs)
        return;
    if (!stretches.empty() && stretches.back().toMs >= fromMs)
        stretches.back().toMs = std::max(stretches.back().toMs, toMs);
    else if (stretches.size() < mostListed)
        stretches.push_back({ fromMs, toMs });
}

void widen(std::optional<ReplayRate> &rate, std::int64_t part, std::int64_t calls)
{
    if (calls <= 0)
        return;
    const double value = static_cast<double>(part) / static_cast<double>(calls);
    if (!rate)
        rate = ReplayRate { value, value };
    rate->lowest = std::min(rate->lowest, value);
    rate->highest = std::max(rate->highest, value);
}

/// Follows one breaker and writes down what it does within the time asked for.
class Track
{
public:
    Track(ReplayRun &run, const ReplaySpan &span) : m_run(run), m_span(span) { }

    void note(const BreakerTransition &transition, std::int64_t atMs)
    {
        changeTo(transition.to, transition.mode, atMs);
        if (atMs < m_span.sinceMs || atMs >= m_span.untilMs)
            return;
        ++m_run.transitionCount;
        m_run.opened += transition.to == BreakerState::Open ? 1 : 0;
        if (m_run.transitions.size() < mostListed) {
            m_run.transitions.push_back({ atMs, transition.from, transition.to, transition.mode,
                                          QString::fromLatin1(toString(transition.reason)),
                                          reasonSentence(transition) });
        }
    }

    void changeTo(BreakerState state, BreakerMode mode, std::int64_t atMs)
    {
        const std::int64_t fromMs = std::max(m_sinceMs, m_span.sinceMs);
        const std::int64_t toMs = std::min(atMs, m_span.untilMs);
        const bool plain = m_state == BreakerState::Closed && m_mode == BreakerMode::Auto;
        if (!plain && fromMs < toMs && m_run.bands.size() < mostListed)
            m_run.bands.push_back({ fromMs, toMs, m_state, m_mode });
        m_state = state;
        m_mode = mode;
        m_sinceMs = atMs;
    }

private:
    ReplayRun &m_run;
    const ReplaySpan &m_span;
    BreakerState m_state = BreakerState::Closed;
    BreakerMode m_mode = BreakerMode::Auto;
    std::int64_t m_sinceMs = 0;
};

class Replay
{
public:
    Replay(const ReplaySpan &span, const std::optional<BreakerPolicy> &draft)
        : m_span(span), m_real(std::nullopt, [] { return expectedJitter; }),
          m_draft(draft, [] { return expectedJitter; }), m_realTrack(m_result.actual, m_span),
          m_draftTrack(m_result.draft, m_span)
    {
        m_real.setObserver([this](const BreakerTransition &t) {
            m_realTrack.note(t, t.atMs + m_wallOffsetMs);
            noteStreak(t.atMs + m_wallOffsetMs, t.consecutiveFailures); // gone after it
        });
        m_draft.setObserver([this](const BreakerTransition &t) { m_draftTrack.note(t, t.atMs + m_wallOffsetMs); });
        makePoints();
    }
    Replay(const Replay &) = delete;
    Replay &operator=(const Replay &) = delete;

    /// False: what comes later is past the time asked for.
    bool read(const QByteArray &chunk);
    ProviderReplay finish();

private:
    void makePoints();
    ReplayPoint *pointAt(std::int64_t wallMs);
    void restart(const BreakerCheckpoint &checkpoint, CheckpointCause cause);
    void take(const BreakerInput &input);
    void passTo(std::int64_t atMs);
    void count(const BreakerInput &input, bool diverted);
    void noteStreak(std::int64_t wallMs, std::int64_t failures);
    void writeLimits();

    const ReplaySpan m_span;
    ProviderReplay m_result;
    DraftBreaker m_real;
    DraftBreaker m_draft;
    Track m_realTrack;
    Track m_draftTrack;
    bool m_running = false; ///< a checkpoint was there, and nothing is missing since
    bool m_counting = false;
    std::int64_t m_wallOffsetMs = 0;
    std::int64_t m_atMs = 0; ///< clock of the last record
    std::int64_t m_lastWallMs = 0; ///< of the last record that was understood; 0: none yet
    std::int64_t m_pointMs = 1;
};

void Replay::makePoints()
{
    const std::int64_t rangeMs = std::max<std::int64_t>(1, m_span.untilMs - m_span.sinceMs);
    const std::int64_t wanted = std::max(1, m_span.maxPoints);
    m_pointMs = (rangeMs + wanted - 1) / wanted;
    for (std::int64_t startMs = m_span.sinceMs; startMs < m_span.untilMs; startMs += m_pointMs) {
        ReplayPoint point;
        point.startMs = startMs;
        point.lengthMs = std::min(m_pointMs, m_span.untilMs - startMs);
        m_result.points.push_back(point);
    }
}

ReplayPoint *Replay::pointAt(std::int64_t wallMs)
{
    if (wallMs < m_span.sinceMs || wallMs >= m_span.untilMs)
        return nullptr;
    return &m_result.points[static_cast<std::size_t>((wallMs - m_span.sinceMs) / m_pointMs)];
}

bool Replay::read(const QByteArray &chunk)
{
    using Item = BreakerLogReader::Item;
    BreakerLogReader reader(chunk);
    if (reader.ok())
        m_wallOffsetMs = reader.wallOffsetMs();
    for (Item item = reader.next(); item != Item::End; item = reader.next()) {
        if (item == Item::Checkpoint) {
            if (reader.checkpoint().memory.nowMs + m_wallOffsetMs >= m_span.untilMs)
                return false;
            restart(reader.checkpoint(), reader.checkpointCause());
            continue;
        }
        if (reader.input().atMs + m_wallOffsetMs >= m_span.untilMs)
            return false;
        if (m_running)
            take(reader.input());
        else
            ++m_result.unusable;
    }
    m_running = m_running && reader.ok(); // else what follows is without its beginning
    return true;
}

void Replay::restart(const BreakerCheckpoint &checkpoint, CheckpointCause cause)
{
    const std::int64_t wallMs = checkpoint.memory.nowMs + m_wallOffsetMs;
    if (m_running && cause == CheckpointCause::Regular)
        return passTo(checkpoint.memory.nowMs);
    if (m_lastWallMs > 0)
        join(m_result.notRecorded, std::max(m_lastWallMs, m_span.sinceMs), std::min(wallMs, m_span.untilMs));
    if (m_result.recordedFromMs == 0)
        m_result.recordedFromMs = std::max(wallMs, m_span.sinceMs);
    // The breaker did not go from one state to the other: it is a new one, or was not watched.
    m_real.restart(checkpoint);
    m_draft.restart(checkpoint);
    m_realTrack.changeTo(checkpoint.memory.state, checkpoint.memory.mode, wallMs);
    m_draftTrack.changeTo(checkpoint.memory.state, checkpoint.memory.mode, wallMs);
    m_running = true;
    m_atMs = checkpoint.memory.nowMs;
    m_lastWallMs = wallMs;
    writeLimits();
}

void Replay::writeLimits()
{
    for (auto *side : { &m_real, &m_draft }) {
        const BreakerPolicy &policy = side->breaker().policy();
        ReplayRun &run = side == &m_real ? m_result.actual : m_result.draft;
        run.minimumCalls = policy.rateVolume;
        if (policy.rateDenominator > 0)
            run.failureRateLimit =
                static_cast<double>(policy.rateNumerator) / static_cast<double>(policy.rateDenominator);
    }
}

/// The real breaker let nothing through from the last record to this one, and the draft would have: nobody knows.
void Replay::passTo(std::int64_t atMs)
{
    CircuitBreaker &real = m_real.breaker();
    CircuitBreaker &draft = m_draft.breaker();
    const bool shut = real.mode() == BreakerMode::ForcedOpen ||
        (real.mode() == BreakerMode::Auto && real.state() == BreakerState::Open);
    const bool draftShut = draft.mode() != BreakerMode::ForcedOpen && draft.state() != BreakerState::Closed;
    if (!draftShut && (shut || m_atMs < real.throttledUntilMs())) {
        const std::int64_t fromMs = shut ? m_atMs : std::max(m_atMs, draft.throttledUntilMs());
        const std::int64_t toMs = shut ? atMs : std::min(atMs, real.throttledUntilMs());
        join(m_result.unknown, std::max(fromMs + m_wallOffsetMs, m_span.sinceMs),
             std::min(toMs + m_wallOffsetMs, m_span.untilMs));
    }
    m_draft.advance(atMs);
    m_atMs = atMs;
    m_lastWallMs = atMs + m_wallOffsetMs;
}

void Replay::take(const BreakerInput &input)
{
    if (!m_counting && input.atMs + m_wallOffsetMs >= m_span.sinceMs) {
        m_counting = true;
        m_real.clearCounts();
        m_draft.clearCounts();
    }
    passTo(input.atMs);
    const DraftCounts before = m_draft.counts();
    m_real.take(input, m_real.breaker());
    m_draft.take(input, m_real.breaker());
    if (!m_counting)
        return;
    ++m_result.records;
    if (input.kind == BreakerInput::Kind::Complete && m_draft.counts().calls != before.calls)
        count(input, m_draft.counts().diverted != before.diverted);
    else if (input.kind == BreakerInput::Kind::Policy)
        writeLimits();
}

void Replay::count(const BreakerInput &input, bool diverted)
{
    ReplayPoint *point = pointAt(input.atMs + m_wallOffsetMs);
    if (!point)
        return;
    point->succeeded += input.outcome == Outcome::Success ? 1 : 0;
    point->failed += input.outcome == Outcome::Failure ? 1 : 0;
    point->throttled += input.outcome == Outcome::Throttled ? 1 : 0;
    point->ignored += input.outcome == Outcome::Ignored ? 1 : 0;
    point->slow += input.slow ? 1 : 0;
    point->diverted += diverted ? 1 : 0;
    const WindowCounts real = m_real.breaker().windowCounts(input.atMs);
    const WindowCounts draft = m_draft.breaker().windowCounts(input.atMs);
    widen(point->actualRate, real.failures, real.calls);
    widen(point->draftRate, draft.failures, draft.calls);
    widen(point->actualSlowRate, real.slow, real.calls + m_real.breaker().overdueInFlight());
    point->mostCalls = std::max(point->mostCalls, static_cast<std::uint32_t>(real.calls));
    noteStreak(input.atMs + m_wallOffsetMs, m_real.breaker().consecutiveFailures());
}

void Replay::noteStreak(std::int64_t wallMs, std::int64_t failures)
{
    if (ReplayPoint *point = pointAt(wallMs))
        point->mostInARow = std::max(point->mostInARow, static_cast<std::uint32_t>(failures));
}

ProviderReplay Replay::finish()
{
    if (m_running)
        passTo(std::max(m_atMs, m_span.untilMs - m_wallOffsetMs));
    else if (m_lastWallMs > 0)
        join(m_result.notRecorded, std::max(m_lastWallMs, m_span.sinceMs), m_span.untilMs);
    m_realTrack.changeTo(BreakerState::Closed, BreakerMode::Auto, m_span.untilMs);
    m_draftTrack.changeTo(BreakerState::Closed, BreakerMode::Auto, m_span.untilMs);
    if (m_counting) {
        m_result.requests = m_real.counts().calls;
        m_result.diverted = m_draft.counts().diverted;
        m_result.failuresAvoided = m_draft.counts().failuresAvoided;
        m_result.goodDiverted = m_draft.counts().goodDiverted;
    }
    return std::move(m_result);
}

} // namespace

Result<ProviderReplay> replayPolicy(const std::vector<QByteArray> &chunks, const ReplaySpan &span,
                                    const std::optional<BreakerPolicy> &draft, const std::function<bool()> &cancelled)
{
    Replay replay(span, draft);
    qsizetype sinceLook = 0;
    for (const QByteArray &chunk : chunks) {
        if (!replay.read(chunk))
            break;
        sinceLook += chunk.size();
        if (sinceLook < bytesBetweenLooks)
            continue;
        sinceLook = 0;
        if (cancelled && cancelled())
            return Error { QStringLiteral("The replay was cancelled."), {} };
    }
    return replay.finish();
}

} // namespace signalbox
