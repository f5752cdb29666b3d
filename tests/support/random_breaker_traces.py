#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Replays random traces of the reference model (breaker_model.py) through signalbox-conformance.

usage: random_breaker_traces.py CONFORMANCE [TRACES] [SEED]

Every answer and every visible field of the model after every step becomes an expectation. Prints the first traces that
differ and exits 1 if any does. The same seed gives the same traces.
"""
import json
import os
import random
import subprocess
import sys
import tempfile
from dataclasses import asdict

import breaker_model as model

PER_FILE = 1000
OUTCOMES = (model.OK, model.FAIL, model.THR, model.IGN)
MODES = (model.AUTO, model.AUTO, model.FORCED_OPEN, model.FORCED_CLOSED, model.DISABLED)
PAUSES = ((0, 0), (1, 50), (50, 1500), (1500, 8000), (8000, 70000), (70000, 400000), (400000, 900000))


def random_cfg(rng):
    """Mostly the defaults, often a few small numbers so that rare rules come up early."""
    cfg = {}
    if rng.random() < 0.5:
        cfg["T"] = rng.randint(1, 9)
    if rng.random() < 0.3:
        cfg["V"] = rng.randint(2, 12)
        cfg["R_num"], cfg["R_den"] = rng.choice(((1, 2), (1, 3), (3, 4), (1, 1)))
    if rng.random() < 0.3:
        cfg["Vs"] = rng.randint(1, 6)
        cfg["Rs_num"], cfg["Rs_den"] = rng.choice(((4, 5), (1, 2), (1, 1)))
    if rng.random() < 0.3:
        cfg["K"], cfg["M"] = rng.randint(1, 4), rng.randint(1, 3)
    if rng.random() < 0.2:
        cfg["D_base"] = rng.choice((100, 5000, 61234))
        cfg["D_max"] = rng.choice((100000, 600000, 1234567))
    if rng.random() < 0.1:
        cfg["bucket_ms"], cfg["nb"] = rng.choice(((1000, 5), (10000, 6), (500, 30), (6000, 1)))
    if rng.random() < 0.1:
        cfg["level_max"] = rng.choice((0, 1, 3, 80))
    if rng.random() < 0.1:
        cfg["thr_base"], cfg["thr_max"] = rng.choice(((1, 1000), (5000, 3600000), (700, 700)))
    for key, values in (("J", (0.0, 0.33, 1.0)), ("probe_ttl", (100, 5000)), ("H", (1000, 30000)), ("cons_ttl", (50, 5000)),
                        ("ra_cap", (1000, 90000)), ("hc_min_open", (0, 60000)), ("hc_fall", (1, 2)), ("hc_grace", (0, 5000)),
                        ("panic_interval", (0, 10000)), ("slowstart", (1, 7000))):
        if rng.random() < 0.08:
            cfg[key] = rng.choice(values)
    return cfg


class Trace:
    def __init__(self, number, seed):
        self.rng = rng = random.Random(f"{seed}/{number}")
        self.cfg = random_cfg(rng)
        self.u = rng.choice((0.0, 0.5, 0.999, round(rng.random(), 6)))
        self.breaker = model.Breaker(model.Cfg(**self.cfg), lambda: self.u)
        self.t = 0
        self.tokens = {}
        self.steps = []
        self.names = 0
        # A trace leans to one kind of provider, else long runs of one outcome would be rare.
        self.weights = rng.choice(((6, 2, 1, 1), (2, 6, 1, 1), (1, 9, 0, 0), (3, 3, 3, 1), (9, 1, 0, 1)))
        self.slow_share = rng.choice((0.0, 0.1, 0.8))
        self.id = f"R{seed}-{number}"

    def pause(self):
        low, high = self.rng.choices(PAUSES, (3, 8, 8, 4, 3, 1, 0.3))[0]
        self.t += self.rng.randint(low, high)
        if self.rng.random() < 0.15:
            border = self.rng.choice(self.borders())
            if border - self.t < 1000000:
                self.t = max(self.t, border + self.rng.randint(-1, 1))
        return self.t if self.rng.random() < 0.97 else max(0, self.t - self.rng.randint(1, 2000))

    def borders(self):
        """The instants at which a rule begins or ceases to hold."""
        b, c = self.breaker, self.breaker.c
        borders = [b.open_until, b.thr_until, b.opened_at + c.hc_min_open, (self.t // c.bucket_ms + c.nb) * c.bucket_ms]
        borders += [start + c.probe_ttl for start in b.slots.values()]
        borders += [since + wait for since, wait in ((b.last_panic, c.panic_interval), (b.last_fail, c.cons_ttl), (b.last_ok, c.hc_grace),
                                                     (b.closed_at, c.H), (b.closed_at, c.slowstart)) if since is not None]
        return [border for border in borders if border >= self.t] or [self.t]

    def how(self):
        how = {}
        if self.rng.random() < self.slow_share:
            how["slow"] = True
        if self.rng.random() < 0.2:
            how["ra"] = self.rng.choice((-5, 0, 1, 900, 2000, 30000, 700000, 86400000))
        return how

    def outcome(self):
        return self.rng.choices(OUTCOMES, self.weights)[0]

    def answer(self, name, decision, with_wait=True):
        if decision.admit:
            self.tokens[name] = decision.tok
            return decision.tok.kind
        return ["no", decision.why, decision.retry_after] if with_wait else ["no", decision.why]

    def new_name(self):
        self.names += 1
        return f"k{self.names}"

    def step_acq(self, t):
        name = self.new_name()
        self.steps.append(["acq", t, name, self.answer(name, self.breaker.acquire(t))])

    def step_panic(self, t):
        name = self.new_name()
        decision = self.breaker.acquire_panic(t)
        self.steps.append(["panic", t, name, self.answer(name, decision, False)])
        if decision.admit and self.rng.random() < 0.4:      # the next one, as early as allowed or a little earlier
            result = self.breaker.complete(self.tokens.pop(name), model.IGN, t)
            self.steps.append(["done", t, name, model.IGN, {}, result])
            self.t = max(self.t, self.breaker.last_panic + self.breaker.c.panic_interval - self.rng.randint(0, 1))
            name = self.new_name()
            self.steps.append(["panic", self.t, name, self.answer(name, self.breaker.acquire_panic(self.t), False)])

    def step_call(self, t):
        decision = self.breaker.acquire(t)
        if not decision.admit:
            name = self.new_name()
            self.steps.append(["acq", t, name, self.answer(name, decision)])
            return
        outcome, how = self.outcome(), self.how()
        self.breaker.complete(decision.tok, outcome, t, how.get("slow", False), how.get("ra"))
        self.steps.append(["call", t, outcome, how, self.breaker.st])

    def step_done(self, t):
        if self.tokens:
            name = self.rng.choice(list(self.tokens)[-6:])
            outcome, how = self.outcome(), self.how()
            result = self.breaker.complete(self.tokens[name], outcome, t, how.get("slow", False), how.get("ra"))
            self.steps.append(["done", t, name, outcome, how, result])
            if self.rng.random() < 0.9:
                del self.tokens[name]

    def step_slow(self, t):
        if self.tokens:
            name = self.rng.choice(list(self.tokens))
            self.breaker.slow_mark(self.tokens[name], t)
            self.steps.append(["slow", t, name])

    def step_tick(self, t):
        self.breaker.tick(t)
        self.steps.append(["tick", t])

    def step_health(self, t):
        ok = self.rng.random() < 0.4
        b = self.breaker
        if b.st == model.OPEN and b.open_why == "health" and self.rng.random() < 0.5:
            ok, self.t = True, max(self.t, b.opened_at + b.c.hc_min_open - self.rng.randint(0, 1))
            t = self.t
        self.breaker.health(ok, t)
        self.steps.append(["health", t, ok])

    def step_operator(self, t):
        kind = self.rng.choice(("force", "force", "trip_for", "reset"))
        if kind == "force":
            mode = self.rng.choice(MODES)
            self.breaker.force(mode, t)
            self.steps.append(["force", t, mode])
        elif kind == "trip_for":
            ms = self.rng.choice((0, 1, 5000, 7200000))
            self.breaker.trip_for(ms, t)
            self.steps.append(["trip_for", t, ms])
        else:
            self.breaker.reset(t)
            self.steps.append(["reset", t])

    def check(self, t):
        b = self.breaker
        weight, gate, (n, f, slow) = b.weight(t), b.gate_remaining(t), b.win()
        self.steps.append(["is", t, {
            "state": b.st, "mode": b.mode, "cons": b.cons, "teff": b.teff(), "n": n, "f": f, "slow": slow, "level": b.next_level,
            "open_until": b.open_until, "thr_until": b.thr_until, "events": len(b.ev), "reason": b.reason, "late": b.late,
            "weight": weight, "gate": gate, "epoch": b.epoch, "succ": b.succ, "dup": b.dup}])

    def build(self):
        kinds = (self.step_acq, self.step_panic, self.step_call, self.step_done, self.step_slow, self.step_tick, self.step_health,
                 self.step_operator)
        operator = self.rng.choice((0, 0, 1))
        for _ in range(self.rng.randint(20, 70)):
            t = self.pause()
            self.rng.choices(kinds, (5, 1.5, 12, 5, 1.5, 1, 2, operator))[0](t)
            self.check(t)
        return {"id": self.id, "cfg": self.cfg, "u": self.u, "steps": self.steps}, self.breaker


def run(conformance, traces, directory):
    path = os.path.join(directory, "traces.json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump({"defaults": asdict(model.Cfg()), "traces": traces}, file)
    done = subprocess.run([conformance, "breaker", path], stdout=subprocess.PIPE, text=True, check=False)
    lines = done.stdout.splitlines()
    bad = [line for line in lines if not line.startswith("ok ")]
    if len(lines) != len(traces) or done.returncode != min(len(bad), 100):
        bad.append(f"{len(lines)} results of {len(traces)} traces, exit status {done.returncode}")
    return bad


def main():
    conformance = sys.argv[1]
    total = int(sys.argv[2]) if len(sys.argv) > 2 else 10000
    seed = sys.argv[3] if len(sys.argv) > 3 else "1"
    bad, seen = [], {}
    with tempfile.TemporaryDirectory() as directory:
        for start in range(0, total, PER_FILE):
            built = [Trace(i, seed).build() for i in range(start, min(total, start + PER_FILE))]
            bad += run(conformance, [trace for trace, _ in built], directory)
            for _, breaker in built:
                for event in breaker.ev:
                    seen[event[3]] = seen.get(event[3], 0) + 1
                for why, count in breaker.rej.items():
                    seen["no " + why] = seen.get("no " + why, 0) + count
    for line in bad[:20]:
        print(line)
    print(f"{total} traces, {len(bad)} differ; seen:", ", ".join(f"{why} {count}" for why, count in sorted(seen.items())))
    # Every transition and refusal there is must have come up, or the traces prove less than they say.
    wanted = {"consecutive", "rate", "slow", "health", "probe_failed", "probe_throttled", "operator", "timeout", "health_ok",
              "panic_success", "recovered", "reset", "operator_auto", "operator_forced_open", "operator_forced_closed",
              "operator_disabled", "no forced_open", "no forced_closed", "no disabled", "no throttled", "no open",
              "no half_open_busy", "no panic_budget"}
    missing = wanted - set(seen) if total >= 10000 else set()
    if missing:
        print("never seen:", ", ".join(sorted(missing)))
    return 1 if bad or missing else 0


if __name__ == "__main__":
    sys.exit(main())
