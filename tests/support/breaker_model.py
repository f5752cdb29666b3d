# SPDX-License-Identifier: GPL-3.0-or-later
"""Reference model of the recommended adaptive breaker (deterministic, injected time, injected jitter).
All times are integer milliseconds of a monotonic clock. Single threaded model; the C++ version must be
linearizable with respect to it."""
from dataclasses import dataclass, field
CLOSED, OPEN, HALF = "CLOSED", "OPEN", "HALF_OPEN"
AUTO, FORCED_OPEN, FORCED_CLOSED, DISABLED = "AUTO", "FORCED_OPEN", "FORCED_CLOSED", "DISABLED"
OK, FAIL, THR, IGN = "SUCCESS", "FAILURE", "THROTTLED", "IGNORED"

@dataclass
class Cfg:
    T: int = 5                    # CIRCUIT_BREAKER_THRESHOLD
    D_base: int = 60000           # CIRCUIT_BREAKER_TIMEOUT
    D_max: int = 600000
    level_max: int = 10
    J: float = 0.10               # jitter fraction, shortens only, only for level >= 1
    bucket_ms: int = 6000
    nb: int = 10                  # 10 x 6 s = 60 s
    V: int = 20                   # volume floor of the rate rule
    R_num: int = 1; R_den: int = 2    # rate threshold 1/2
    Vs: int = 10                  # volume floor of the slow rule
    Rs_num: int = 4; Rs_den: int = 5  # slow ratio 4/5
    K: int = 2                    # probe successes needed to close
    M: int = 1                    # concurrent probes
    probe_ttl: int = 120000       # an older probe may be replaced
    H: int = 120000               # one back-off level forgotten per H ms of CLOSED time
    cons_ttl: int = 300000        # a failure older than this does not chain
    ra_cap: int = 600000          # cap for Retry-After
    thr_base: int = 1000; thr_max: int = 60000
    hc_min_open: int = 10000; hc_fall: int = 3; hc_grace: int = 30000
    panic_interval: int = 1000
    slowstart: int = 30000

def t_eff(T, n, f):
    """Adaptive consecutive threshold = clamp(ceil(2*T*success_rate), 2, T); exact integer arithmetic."""
    if n < T or 2 * f <= n:
        return T
    return max(min(T, 2), (2 * T * (n - f) + n - 1) // n)

@dataclass
class Tok:
    epoch: int; kind: str; start: int; pid: int = 0; done: bool = False; marked: bool = False

@dataclass
class Dec:
    admit: bool; why: str; retry_after: int = 0; tok: Tok = None

class Breaker:
    def __init__(s, cfg=None, u=lambda: 0.0, now=0):
        s.c = cfg or Cfg(); s.u = u; s.now = now
        s.mode = AUTO; s.st = CLOSED; s.epoch = 1
        s.buckets = {}                     # idx -> [ok, fail, slow]
        s.cons = 0; s.last_fail = None; s.mi = 0
        s.open_until = 0; s.opened_at = 0; s.reason = None; s.open_why = None
        s.next_level = 0; s.closed_at = None   # None: never was open -> no decay needed, no slow start
        s.slots = {}; s.pid = 0; s.succ = 0
        s.thr_until = 0; s.thr_level = 0
        s.hc_fail = 0; s.last_ok = None
        s.last_panic = None; s.panic_in = 0
        s.ev = []; s.tot = {OK: 0, FAIL: 0, THR: 0, IGN: 0}; s.rej = {}; s.late = 0; s.dup = 0
    # ---- time
    def _t(s, now):
        s.now = max(s.now, now); return s.now
    # ---- window
    def _b(s):
        i = s.now // s.c.bucket_ms
        for k in [k for k in s.buckets if k <= i - s.c.nb]: del s.buckets[k]
        return s.buckets.setdefault(i, [0, 0, 0])
    def win(s):
        s._b()
        a = sum(v[0] for v in s.buckets.values()); f = sum(v[1] for v in s.buckets.values())
        return a + f, f, sum(v[2] for v in s.buckets.values())
    def teff(s):
        n, f, _ = s.win(); return t_eff(s.c.T, n, f)
    # ---- transitions
    def _go(s, to, why):
        s.ev.append((s.now, s.st, to, why)); s.st = to; s.epoch += 1
        s.slots = {}; s.succ = 0; s.mi = 0; s.cons = 0; s.last_fail = None; s.panic_in = 0
        if to == CLOSED:
            s.buckets = {}; s.closed_at = s.now; s.hc_fail = 0
    def level_now(s):
        if s.st == CLOSED and s.closed_at is not None:
            return max(0, s.next_level - (s.now - s.closed_at) // s.c.H)
        return s.next_level
    def _trip(s, why, ra=None, until=None, escalate=True):
        lvl = s.level_now()
        if until is None:
            d = min(s.c.D_max, s.c.D_base << lvl)
            if lvl >= 1: d = d - int(d * s.c.J * s.u())
            if ra: d = max(d, min(ra, s.c.ra_cap))
            until = s.now + d
        s._go(OPEN, why); s.opened_at = s.now; s.open_until = until; s.open_why = why
        if escalate: s.next_level = min(lvl + 1, s.c.level_max)
        if why in ("consecutive", "rate", "slow", "health"): s.reason = why
    def _eval(s, ra=None):
        n, f, sl = s.win()
        if s.cons >= t_eff(s.c.T, n, f): return s._trip("consecutive", ra)
        if n >= s.c.V and f * s.c.R_den >= s.c.R_num * n: return s._trip("rate", ra)
        m = n + s.mi
        if m >= s.c.Vs and sl * s.c.Rs_den >= s.c.Rs_num * m: return s._trip("slow", ra)
    # ---- admission
    def _reject(s, why, ra=0):
        s.rej[why] = s.rej.get(why, 0) + 1; return Dec(False, why, ra)
    def acquire(s, now):
        s._t(now)
        if s.mode == FORCED_OPEN: return s._reject("forced_open")
        if s.mode == DISABLED: return Dec(True, "bypass", 0, Tok(s.epoch, "bypass", s.now))
        if s.mode == FORCED_CLOSED: return Dec(True, "normal", 0, Tok(s.epoch, "normal", s.now))
        if s.now < s.thr_until: return s._reject("throttled", s.thr_until - s.now)
        if s.st == CLOSED: return Dec(True, "normal", 0, Tok(s.epoch, "normal", s.now))
        if s.st == OPEN:
            if s.now < s.open_until: return s._reject("open", s.open_until - s.now)
            s._go(HALF, "timeout")
        return s._probe()
    def _probe(s):
        if len(s.slots) >= s.c.M:
            old = min(s.slots, key=lambda k: s.slots[k])
            if s.now - s.slots[old] < s.c.probe_ttl: return s._reject("half_open_busy")
            del s.slots[old]
        s.pid += 1; s.slots[s.pid] = s.now
        return Dec(True, "probe", 0, Tok(s.epoch, "probe", s.now, s.pid))
    def acquire_panic(s, now):
        """Only called by the registry when no provider admitted the request."""
        s._t(now)
        if s.mode != AUTO: return s._reject(s.mode.lower())
        if s.panic_in or (s.last_panic is not None and s.now - s.last_panic < s.c.panic_interval):
            return s._reject("panic_budget")
        s.last_panic = s.now; s.panic_in = 1
        return Dec(True, "panic", 0, Tok(s.epoch, "panic", s.now))
    def gate_remaining(s, now):
        s._t(now); r = max(0, s.thr_until - s.now)
        return max(r, s.open_until - s.now if s.st == OPEN else 0)
    # ---- results
    def _throttle(s, ra):
        if ra is not None:
            s.thr_until = max(s.thr_until, s.now + max(0, min(ra, s.c.ra_cap)))
        elif s.now >= s.thr_until:
            s.thr_until = s.now + min(s.c.thr_max, s.c.thr_base << s.thr_level)
            s.thr_level = min(s.thr_level + 1, 20)
    def slow_mark(s, tok, now):
        """first byte is overdue: count the slow call now, not at completion"""
        s._t(now)
        if tok.done or tok.marked or tok.epoch != s.epoch or s.st != CLOSED: return
        tok.marked = True; s._b()[2] += 1; s.mi += 1
        if s.mode == AUTO: s._eval()
    def complete(s, tok, out, now, slow=False, ra=None):
        s._t(now)
        if tok.done: s.dup += 1; return "dup"
        tok.done = True; s.tot[out] += 1
        if tok.kind == "bypass" or s.mode == DISABLED: return "bypass"
        if out == THR: s._throttle(ra)
        if tok.epoch != s.epoch: s.late += 1; return "late"
        if tok.kind == "panic": s.panic_in = 0
        if tok.kind == "probe":
            if tok.pid not in s.slots: s.late += 1; return "superseded"
            del s.slots[tok.pid]
        if out == OK:
            s.last_ok = s.now
            if s.now >= s.thr_until: s.thr_level = 0
        if tok.marked: s.mi -= 1
        if s.st == CLOSED:
            if out in (THR, IGN):
                return "neutral"
            b = s._b(); b[0 if out == OK else 1] += 1
            if slow and not tok.marked: b[2] += 1
            if out == OK: s.cons = 0
            else:
                s.cons = s.cons + 1 if s.last_fail is not None and s.now - s.last_fail <= s.c.cons_ttl and s.cons else 1
                s.last_fail = s.now
            if s.mode == AUTO and (out == FAIL or slow or tok.marked): s._eval(ra)
            return "counted"
        if s.st == HALF:
            bad = out == FAIL or (out == OK and slow and s.reason == "slow")
            if bad: s._trip("probe_failed", ra); return "counted"
            if out == OK:
                s.succ += 1
                if s.succ >= s.c.K: s._go(CLOSED, "recovered")
                return "counted"
            if out == THR: s._trip("probe_throttled", until=s.thr_until, escalate=False)
            return "neutral"
        if s.st == OPEN and tok.kind == "panic" and out == OK:
            s._go(HALF, "panic_success"); s.succ = 1
            if s.succ >= s.c.K: s._go(CLOSED, "recovered")
        return "counted"
    # ---- other inputs
    def tick(s, now):
        s._t(now)
        if s.mode == AUTO and s.st == OPEN and s.now >= max(s.open_until, s.thr_until): s._go(HALF, "timeout")
    def health(s, ok, now):
        s._t(now)
        if s.mode != AUTO: return
        if s.st == CLOSED:
            s.hc_fail = 0 if ok else s.hc_fail + 1
            if s.hc_fail >= s.c.hc_fall and (s.last_ok is None or s.now - s.last_ok > s.c.hc_grace): s._trip("health")
        elif s.st == OPEN and ok and s.open_why == "health" and s.now - s.opened_at >= s.c.hc_min_open and s.now >= s.thr_until:
            s._go(HALF, "health_ok")
    def force(s, mode, now):
        s._t(now); s._go(CLOSED, "operator_" + mode.lower()); s.mode = mode
        if mode != AUTO: s.closed_at = None
    def trip_for(s, ms, now):
        s._t(now); s._trip("operator", until=s.now + ms, escalate=False)
    def reset(s, now):
        s._t(now); s.mode = AUTO; s._go(CLOSED, "reset"); s.next_level = 0; s.thr_until = 0; s.thr_level = 0; s.closed_at = None
    def view(s):
        """what the operator sees"""
        return s.mode if s.mode != AUTO else s.st
    def weight(s, now):
        s._t(now)
        if s.st != CLOSED or s.closed_at is None: return 1.0 if s.st == CLOSED else 0.0
        return min(1.0, 0.1 + 0.9 * (s.now - s.closed_at) / s.c.slowstart)

class Registry:
    def __init__(s, bs): s.bs = bs      # name -> Breaker, in preference order
    def select(s, now):
        for k, b in s.bs.items():
            d = b.acquire(now)
            if d.admit: return k, d
        for k in sorted((k for k, b in s.bs.items() if b.mode == AUTO), key=lambda k: s.bs[k].gate_remaining(now)):
            d = s.bs[k].acquire_panic(now)
            if d.admit: return k, d
        rem = [b.gate_remaining(now) for b in s.bs.values() if b.mode == AUTO]
        return None, Dec(False, "none", min(rem) if rem else 0)
