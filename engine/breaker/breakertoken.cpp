// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/breaker/circuitbreaker.h"

namespace signalbox {

void BreakerToken::abandon() noexcept
{
    CircuitBreaker *breaker = m_breaker.breaker();
    if (breaker)
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
