#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Mixed traffic with faults for a while: soak.py SIGNALBOXD SECONDS [CURVE.csv]

Good and bad calls, streams and aborts from 8 threads at two providers, the first of which keeps failing. Every call
must be answered in its kind; after a quarter of the time memory and files may grow no more. The curve is written as
CSV: seconds, resident KiB, open files, requests.
"""
import os
import random
import sys
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from engine import Engine  # noqa: E402
from matrix import (CUT, PROVIDER, TIMEOUTS, Report, Upstream, ask, connect, describe_end, good_provider,  # noqa: E402
                    provider, request_bytes, reset)

GATE_SECONDS = 0.3  # an answer that begins well is held back for that long at most, which a busy machine may exceed
BEGINS_WELL = ("short_body", "reset_in_body", "cut_chunk")
QUICK = [name for name in PROVIDER if "hang" not in name and name not in ("slow_head", "stalled_stream", "interim_flood")]


class Traffic:
    def __init__(self, engine, seconds):
        self.engine = engine
        self.end = time.monotonic() + seconds
        self.calls = 0
        self.wrong = []
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._run, args=(seed,)) for seed in range(8)]

    def start(self):
        for thread in self._threads:
            thread.start()

    def join(self):
        for thread in self._threads:
            thread.join()

    def _run(self, seed):
        random_source = random.Random(seed)
        while time.monotonic() < self.end:
            problem = self._one(random_source)
            with self._lock:
                self.calls += 1
                if problem:
                    self.wrong.append(problem)

    def _one(self, random_source):
        kind = random_source.random()
        try:
            if kind < 0.1:
                return self._leave(random_source)
            if kind < 0.5:
                name = random_source.choice(QUICK)
                begun = time.monotonic()
                answer = ask(self.engine.port, request_bytes("fault-" + name, PROVIDER[name].stream))
                held_back = time.monotonic() - begun < GATE_SECONDS
                # Rescued faults must not reach the client; the others must have their kind, unless the breaker
                # sent the request to the good provider.
                allowed = (200,) if PROVIDER[name].rescued else (*PROVIDER[name].client, 200)
                if name in BEGINS_WELL and not held_back:
                    allowed = (*allowed, CUT)
                return "" if answer.kind() in allowed else f"{name}: {answer.kind()}"
            stream = kind < 0.75
            answer = ask(self.engine.port, request_bytes("m", stream))
            return "" if answer.status == 200 and answer.whole else f"good call: {answer.kind()}"
        except OSError as error:
            return f"{type(error).__name__}: {error}"

    def _leave(self, random_source):
        data = request_bytes("m", True)
        with connect(self.engine.port) as connection:
            connection.sendall(data[:random_source.randrange(1, len(data) + 1)])
            time.sleep(random_source.random() * 0.02)
            reset(connection)
        return ""


def flat(samples, index, allowance):
    """The second half's median may not pass the second quarter's by more than the allowance."""
    def median(part):
        values = sorted(sample[index] for sample in part)
        return values[len(values) // 2]
    count = len(samples)
    early, late = median(samples[count // 4:count // 2]), median(samples[count // 2:])
    return early, late, late <= early + allowance(early)


def main():
    program, seconds = os.path.abspath(sys.argv[1]), float(sys.argv[2])
    report = Report()
    upstream = Upstream()
    engine = Engine(program, [provider("bad", upstream.port), good_provider()], timeouts=TIMEOUTS,
                    breaker={"threshold": 5, "timeoutMs": 200})
    traffic = Traffic(engine, seconds)
    samples = []
    start = time.monotonic()
    traffic.start()
    while time.monotonic() < traffic.end:
        time.sleep(min(1.0, seconds / 60))
        samples.append((time.monotonic() - start, engine.resident_kib(), engine.open_files(), traffic.calls))
        engine.requests.clear()
    traffic.join()
    if len(sys.argv) > 3:
        with open(sys.argv[3], "w", encoding="ascii") as curve:
            curve.write("seconds,resident_kib,open_files,requests\n")
            curve.writelines(f"{at:.1f},{resident},{files},{calls}\n" for at, resident, files, calls in samples)
    report.check(f"{traffic.calls} calls", traffic.wrong[:5])
    # The 5 min windows and SQLite's cache fill up during the first minutes.
    early, late, ok = flat(samples, 1, lambda value: max(8192, value // 10))
    report.check(f"memory is flat: {early} to {late} KiB", ["" if ok else "it grows"])
    early, late, ok = flat(samples, 2, lambda value: 16)
    report.check(f"files are flat: {early} to {late}", ["" if ok else "they grow"])
    report.check("nothing is left", [str(engine.wait_idle() or "")])
    report.check("ends cleanly", [describe_end(engine)])
    print(f"{report.count - report.failed} passed, {report.failed} failed")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
