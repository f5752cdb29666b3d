// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/conformance/breakertrace.h"

#include "engine/base/result.h"
#include "engine/breaker/circuitbreaker.h"

#include <QHash>
#include <QJsonArray>

#include <array>
#include <cmath>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace signalbox::conformance {

namespace {

using PolicyField = void (*)(BreakerPolicy &, const QJsonValue &);

template <auto Member> void setField(BreakerPolicy &policy, const QJsonValue &value)
{
    using Field = std::remove_reference_t<decltype(policy.*Member)>;
    if constexpr (std::is_same_v<Field, double>)
        policy.*Member = value.toDouble();
    else
        policy.*Member = static_cast<Field>(value.toInteger());
}

const QHash<QString, PolicyField> &policyFields()
{
    using P = BreakerPolicy;
    static const QHash<QString, PolicyField> fields {
        { QStringLiteral("T"), setField<&P::failureThreshold> },
        { QStringLiteral("D_base"), setField<&P::openMs> },
        { QStringLiteral("D_max"), setField<&P::maxOpenMs> },
        { QStringLiteral("level_max"), setField<&P::maxLevel> },
        { QStringLiteral("J"), setField<&P::jitterFraction> },
        { QStringLiteral("bucket_ms"), setField<&P::bucketMs> },
        { QStringLiteral("nb"), setField<&P::bucketCount> },
        { QStringLiteral("V"), setField<&P::rateVolume> },
        { QStringLiteral("R_num"), setField<&P::rateNumerator> },
        { QStringLiteral("R_den"), setField<&P::rateDenominator> },
        { QStringLiteral("Vs"), setField<&P::slowVolume> },
        { QStringLiteral("Rs_num"), setField<&P::slowNumerator> },
        { QStringLiteral("Rs_den"), setField<&P::slowDenominator> },
        { QStringLiteral("K"), setField<&P::probeSuccesses> },
        { QStringLiteral("M"), setField<&P::maxProbes> },
        { QStringLiteral("probe_ttl"), setField<&P::probeLifetimeMs> },
        { QStringLiteral("H"), setField<&P::levelDecayMs> },
        { QStringLiteral("cons_ttl"), setField<&P::failureChainMs> },
        { QStringLiteral("ra_cap"), setField<&P::maxRetryAfterMs> },
        { QStringLiteral("thr_base"), setField<&P::throttleBaseMs> },
        { QStringLiteral("thr_max"), setField<&P::throttleMaxMs> },
        { QStringLiteral("hc_min_open"), setField<&P::healthMinOpenMs> },
        { QStringLiteral("hc_fall"), setField<&P::healthFailures> },
        { QStringLiteral("hc_grace"), setField<&P::healthGraceMs> },
        { QStringLiteral("panic_interval"), setField<&P::panicIntervalMs> },
        { QStringLiteral("slowstart"), setField<&P::slowStartMs> },
    };
    return fields;
}

Difference applyPolicy(BreakerPolicy &policy, const QJsonObject &values)
{
    for (auto it = values.begin(); it != values.end(); ++it) {
        const PolicyField field = policyFields().value(it.key());
        if (!field || !it.value().isDouble())
            return QStringLiteral("malformed cfg: %1 %2").arg(it.key(), jsonText(it.value()));
        field(policy, it.value());
    }
    return std::nullopt;
}

QString latin1(const char *text)
{
    return QString::fromLatin1(text);
}

std::optional<Outcome> outcomeNamed(const QString &name)
{
    for (const Outcome outcome : { Outcome::Success, Outcome::Failure, Outcome::Throttled, Outcome::Ignored }) {
        if (name == latin1(toString(outcome)))
            return outcome;
    }
    return std::nullopt;
}

std::optional<BreakerMode> modeNamed(const QString &name)
{
    for (const BreakerMode mode :
         { BreakerMode::Auto, BreakerMode::ForcedOpen, BreakerMode::ForcedClosed, BreakerMode::Disabled }) {
        if (name == latin1(toString(mode)))
            return mode;
    }
    return std::nullopt;
}

Difference differIf(bool different, const QString &got, const QString &want)
{
    return different ? Difference(differs(got, want)) : std::nullopt;
}

Difference malformed()
{
    return QStringLiteral("malformed step");
}

class Replay
{
public:
    Replay(const BreakerPolicy &policy, double jitter)
        : m_breaker(
              policy, [jitter] { return jitter; }, 0)
    {
    }

    Difference run(const QJsonArray &step);

private:
    using Handler = Difference (Replay::*)(const QJsonArray &, qint64);
    static const QHash<QString, Handler> &handlers();

    Difference call(const QJsonArray &step, qint64 t);
    Difference acquire(const QJsonArray &step, qint64 t);
    Difference panic(const QJsonArray &step, qint64 t);
    Difference done(const QJsonArray &step, qint64 t);
    Difference overdue(const QJsonArray &step, qint64 t);
    Difference tick(const QJsonArray &step, qint64 t);
    Difference health(const QJsonArray &step, qint64 t);
    Difference force(const QJsonArray &step, qint64 t);
    Difference tripFor(const QJsonArray &step, qint64 t);
    Difference reset(const QJsonArray &step, qint64 t);
    Difference is(const QJsonArray &step, qint64 t);

    Difference admitted(Admission admission, const QJsonArray &step);
    CompletionResult complete(BreakerToken &token, Outcome outcome, qint64 t, const QJsonObject &how);
    BreakerToken *token(const QJsonArray &step);
    QJsonValue field(const QString &name, qint64 t);

    CircuitBreaker m_breaker;
    std::map<QString, BreakerToken> m_tokens;
    std::vector<BreakerToken> m_forgotten; ///< a name used again must not complete the older call
};

const QHash<QString, Replay::Handler> &Replay::handlers()
{
    static const QHash<QString, Handler> all {
        { QStringLiteral("call"), &Replay::call },
        { QStringLiteral("acq"), &Replay::acquire },
        { QStringLiteral("panic"), &Replay::panic },
        { QStringLiteral("done"), &Replay::done },
        { QStringLiteral("slow"), &Replay::overdue },
        { QStringLiteral("tick"), &Replay::tick },
        { QStringLiteral("health"), &Replay::health },
        { QStringLiteral("force"), &Replay::force },
        { QStringLiteral("trip_for"), &Replay::tripFor },
        { QStringLiteral("reset"), &Replay::reset },
        { QStringLiteral("is"), &Replay::is },
    };
    return all;
}

Difference Replay::run(const QJsonArray &step)
{
    const Handler handler = handlers().value(step.at(0).toString(), nullptr);
    if (!handler || !step.at(1).isDouble())
        return QStringLiteral("malformed step %1").arg(jsonText(step));
    return (this->*handler)(step, step.at(1).toInteger());
}

CompletionResult Replay::complete(BreakerToken &token, Outcome outcome, qint64 t, const QJsonObject &how)
{
    const QJsonValue hint = how[QLatin1String("ra")];
    return m_breaker.complete(token, outcome, t, how[QLatin1String("slow")].toBool(),
                              hint.isDouble() ? std::optional<std::int64_t>(hint.toInteger()) : std::nullopt);
}

BreakerToken *Replay::token(const QJsonArray &step)
{
    const auto it = m_tokens.find(step.at(2).toString());
    return it == m_tokens.end() ? nullptr : &it->second;
}

Difference Replay::call(const QJsonArray &step, qint64 t)
{
    const std::optional<Outcome> outcome = outcomeNamed(step.at(2).toString());
    if (!outcome)
        return malformed();
    Admission admission = m_breaker.acquire(t);
    if (!admission)
        return differs(QStringLiteral("no ") + latin1(toString(admission.refusal)), QStringLiteral("admitted"));
    complete(admission.token, *outcome, t, step.at(3).toObject());
    const QString want = step.at(4).toString();
    const QString got = latin1(toString(m_breaker.state()));
    return differIf(!want.isEmpty() && got != want, got, want);
}

Difference Replay::admitted(Admission admission, const QJsonArray &step)
{
    const QJsonValue want = step.at(3);
    QJsonValue got;
    if (admission) {
        got = latin1(toString(admission.token.kind()));
        BreakerToken &named = m_tokens[step.at(2).toString()];
        m_forgotten.push_back(std::exchange(named, std::move(admission.token)));
    } else {
        QJsonArray refusal { QStringLiteral("no"), latin1(toString(admission.refusal)) };
        if (want.toArray().size() > 2)
            refusal.append(static_cast<qint64>(admission.retryAfterMs));
        got = refusal;
    }
    return differIf(!want.isNull() && !want.isUndefined() && got != want, jsonText(got), jsonText(want));
}

Difference Replay::acquire(const QJsonArray &step, qint64 t)
{
    return admitted(m_breaker.acquire(t), step);
}

Difference Replay::panic(const QJsonArray &step, qint64 t)
{
    return admitted(m_breaker.acquirePanic(t), step);
}

Difference Replay::done(const QJsonArray &step, qint64 t)
{
    BreakerToken *named = token(step);
    const std::optional<Outcome> outcome = outcomeNamed(step.at(3).toString());
    if (!named || !outcome)
        return malformed();
    const QString got = latin1(toString(complete(*named, *outcome, t, step.at(4).toObject())));
    const QString want = step.at(5).toString();
    return differIf(!want.isEmpty() && got != want, got, want);
}

Difference Replay::overdue(const QJsonArray &step, qint64 t)
{
    BreakerToken *named = token(step);
    if (!named)
        return malformed();
    m_breaker.markOverdue(*named, t);
    return std::nullopt;
}

Difference Replay::tick(const QJsonArray &, qint64 t)
{
    m_breaker.tick(t);
    return std::nullopt;
}

Difference Replay::health(const QJsonArray &step, qint64 t)
{
    m_breaker.health(step.at(2).toBool(), t);
    return std::nullopt;
}

Difference Replay::force(const QJsonArray &step, qint64 t)
{
    const std::optional<BreakerMode> mode = modeNamed(step.at(2).toString());
    if (!mode)
        return malformed();
    m_breaker.force(*mode, t);
    return std::nullopt;
}

Difference Replay::tripFor(const QJsonArray &step, qint64 t)
{
    m_breaker.tripFor(step.at(2).toInteger(), t);
    return std::nullopt;
}

Difference Replay::reset(const QJsonArray &, qint64 t)
{
    m_breaker.reset(t);
    return std::nullopt;
}

QJsonValue Replay::field(const QString &name, qint64 atMs)
{
    static const QHash<QString, QJsonValue (*)(CircuitBreaker &, qint64)> fields {
        { QStringLiteral("state"), [](CircuitBreaker &b, qint64) { return QJsonValue(latin1(toString(b.state()))); } },
        { QStringLiteral("mode"), [](CircuitBreaker &b, qint64) { return QJsonValue(latin1(toString(b.mode()))); } },
        { QStringLiteral("cons"),
          [](CircuitBreaker &b, qint64) { return QJsonValue(qint64(b.consecutiveFailures())); } },
        { QStringLiteral("teff"),
          [](CircuitBreaker &b, qint64 t) { return QJsonValue(qint64(b.effectiveThreshold(t))); } },
        { QStringLiteral("n"),
          [](CircuitBreaker &b, qint64 t) { return QJsonValue(qint64(b.windowCounts(t).calls)); } },
        { QStringLiteral("f"),
          [](CircuitBreaker &b, qint64 t) { return QJsonValue(qint64(b.windowCounts(t).failures)); } },
        { QStringLiteral("slow"),
          [](CircuitBreaker &b, qint64 t) { return QJsonValue(qint64(b.windowCounts(t).slow)); } },
        { QStringLiteral("level"), [](CircuitBreaker &b, qint64) { return QJsonValue(b.nextLevel()); } },
        { QStringLiteral("open_until"), [](CircuitBreaker &b, qint64) { return QJsonValue(qint64(b.openUntilMs())); } },
        { QStringLiteral("thr_until"),
          [](CircuitBreaker &b, qint64) { return QJsonValue(qint64(b.throttledUntilMs())); } },
        { QStringLiteral("events"), [](CircuitBreaker &b, qint64) { return QJsonValue(qint64(b.transitionCount())); } },
        { QStringLiteral("epoch"), [](CircuitBreaker &b, qint64) { return QJsonValue(qint64(b.epoch())); } },
        { QStringLiteral("late"), [](CircuitBreaker &b, qint64) { return QJsonValue(qint64(b.lateCount())); } },
        { QStringLiteral("dup"), [](CircuitBreaker &b, qint64) { return QJsonValue(qint64(b.duplicateCount())); } },
        { QStringLiteral("succ"), [](CircuitBreaker &b, qint64) { return QJsonValue(b.probeSuccesses()); } },
        { QStringLiteral("gate"),
          [](CircuitBreaker &b, qint64 t) { return QJsonValue(qint64(b.gateRemainingMs(t))); } },
        { QStringLiteral("weight"), [](CircuitBreaker &b, qint64 t) { return QJsonValue(b.weight(t)); } },
        { QStringLiteral("reason"),
          [](CircuitBreaker &b, qint64) {
              return b.tripReason() ? QJsonValue(latin1(toString(*b.tripReason()))) : QJsonValue(QJsonValue::Null);
          } },
    };
    const auto read = fields.value(name, nullptr);
    return read ? read(m_breaker, atMs) : QJsonValue(QJsonValue::Undefined);
}

Difference Replay::is(const QJsonArray &step, qint64 t)
{
    const QJsonObject want = step.at(2).toObject();
    m_breaker.gateRemainingMs(t); // time goes on even if no field below depends on it
    for (auto it = want.begin(); it != want.end(); ++it) {
        const QJsonValue got = field(it.key(), t);
        if (got.isUndefined())
            return QStringLiteral("unknown field %1").arg(it.key());
        const bool same = got.isDouble() && it.value().isDouble()
            ? std::abs(got.toDouble() - it.value().toDouble()) <= 1e-9
            : got == it.value();
        if (!same)
            return QStringLiteral("%1: ").arg(it.key()) + differs(jsonText(got), jsonText(it.value()));
    }
    return std::nullopt;
}

} // namespace

CaseResult runBreakerTrace(const QJsonObject &trace, const QJsonObject &defaults)
{
    CaseResult result { trace[QLatin1String("id")].toString(), std::nullopt };
    BreakerPolicy policy;
    for (const QJsonObject &values : { defaults, trace[QLatin1String("cfg")].toObject() }) {
        result.difference = applyPolicy(policy, values);
        if (result.difference)
            return result;
    }
    Replay replay(policy, trace[QLatin1String("u")].toDouble());
    int number = 0;
    for (const QJsonValue step : trace[QLatin1String("steps")].toArray()) {
        ++number;
        const Difference difference = replay.run(step.toArray());
        if (difference) {
            result.difference = QStringLiteral("step %1: %2").arg(number).arg(*difference);
            return result;
        }
    }
    return result;
}

} // namespace signalbox::conformance
