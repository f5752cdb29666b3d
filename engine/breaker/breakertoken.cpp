// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/breaker/circuitbreaker.h"

#include <utility>

namespace signalbox {

BreakerToken::BreakerToken(BreakerToken &&other) noexcept
    : m_breaker(std::move(other.m_breaker)), m_epoch(other.m_epoch), m_probe(other.m_probe), m_startMs(other.m_startMs),
      m_call(other.m_call), m_kind(other.m_kind), m_marked(other.m_marked), m_done(other.m_done)
{
}

BreakerToken &BreakerToken::operator=(BreakerToken &&other) noexcept
{
    if (this == &other)
        return *this;
    abandon();
    m_breaker = std::move(other.m_breaker);
    m_epoch = other.m_epoch;
    m_probe = other.m_probe;
    m_startMs = other.m_startMs;
    m_call = other.m_call;
    m_kind = other.m_kind;
    m_marked = other.m_marked;
    m_done = other.m_done;
    return *this;
}

BreakerToken::~BreakerToken()
{
    abandon();
}

void BreakerToken::abandon() noexcept
{
    CircuitBreaker *breaker = m_breaker.breaker();
    if (isPending() && breaker)
        breaker->complete(*this, Outcome::Ignored, breaker->m_memory.nowMs);
}

const char *toString(RefusalReason reason) noexcept
{
    switch (reason) {
    case RefusalReason::None:
        return "none";
    case RefusalReason::ForcedOpen:
        return "forced_open";
    case RefusalReason::ForcedClosed:
        return "forced_closed";
    case RefusalReason::Disabled:
        return "disabled";
    case RefusalReason::Throttled:
        return "throttled";
    case RefusalReason::Open:
        return "open";
    case RefusalReason::HalfOpenBusy:
        return "half_open_busy";
    case RefusalReason::PanicBudget:
        return "panic_budget";
    }
    return "";
}

const char *toString(TokenKind kind) noexcept
{
    switch (kind) {
    case TokenKind::Normal:
        return "normal";
    case TokenKind::Probe:
        return "probe";
    case TokenKind::Bypass:
        return "bypass";
    case TokenKind::Panic:
        return "panic";
    }
    return "";
}

const char *toString(CompletionResult result) noexcept
{
    switch (result) {
    case CompletionResult::Counted:
        return "counted";
    case CompletionResult::Neutral:
        return "neutral";
    case CompletionResult::Late:
        return "late";
    case CompletionResult::Duplicate:
        return "dup";
    case CompletionResult::Superseded:
        return "superseded";
    case CompletionResult::Bypass:
        return "bypass";
    }
    return "";
}

} // namespace signalbox
