#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A process that is stopped for longer than its time limits, with requests and streams in flight: sleep.py SIGNALBOXD

The time it did not run is not the provider's: what comes meanwhile, and what comes soon afterwards, is used as if nothing
had been. Nobody is blamed, no breaker opens, no other provider is asked, and nothing is left.
"""
import os
import signal
import sys
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from engine import Engine  # noqa: E402
from limits import until  # noqa: E402
from matrix import CUT, Report, Upstream, ask, describe_end, good, good_provider, provider, request_bytes  # noqa: E402

# All but the last are over before the process runs again. Slow calls alone would open the breaker too.
TIMEOUTS = {"defaultMs": 1500, "connectMs": 1000, "tlsMs": 1000, "firstByteMs": 1500, "idleMs": 1500,
            "responseMs": 2500, "slowStreamMs": 1000, "slowTotalMs": 3000, "totalMs": 60000}
BREAKER = {"threshold": 1, "slowMinimumCalls": 2, "slowRatePercent": 10, "timeoutMs": 60000}
BEFORE, ASLEEP = 0.5, 6.0


class Asked:
    """Requests in flight at the same time, each with a name."""

    def __init__(self, port, wanted):
        self.answers = {}
        self._threads = [threading.Thread(target=self._ask, args=(port, name, *one)) for name, one in wanted.items()]
        for thread in self._threads:
            thread.start()

    def _ask(self, port, name, fault, stream):
        self.answers[name] = ask(port, request_bytes(fault, stream), 60)

    def wait(self):
        for thread in self._threads:
            thread.join()
        return self.answers


def sleep(engine):
    time.sleep(BEFORE)
    engine.process.send_signal(signal.SIGSTOP)
    time.sleep(ASLEEP)
    engine.process.send_signal(signal.SIGCONT)


def sockets_in_use(engine):
    """Without those of connections that wait to be used again, which come and go."""
    folder = f"/proc/{engine.process.pid}/fd"

    def is_socket(number):
        try:
            return os.readlink(f"{folder}/{number}").startswith("socket:")
        except FileNotFoundError:
            return False
    idle = sum(p["pool"]["idle"] for p in engine.status()["providers"])
    return sum(map(is_socket, os.listdir(folder))) - idle


def blame(engine):
    """What the sleep must not lead to."""
    status = engine.status()
    bad = next(p for p in status["providers"] if p["name"] == "bad")
    found = {"failures": bad["outcomes"]["failure"], "slow or failed": bad["breaker"]["opened"],
             "failovers": sum(one["count"] for one in status["failovers"])}
    return str({name: count for name, count in found.items() if count} or "")


def left_behind(engine, sockets):
    """What is not as it was before the sleep, when `sockets` were open."""
    problems = []
    if not until(lambda: sockets_in_use(engine) <= sockets):
        problems.append(f"{sockets_in_use(engine)} sockets are open, {sockets} at first")
    if not good(engine.port):
        problems.append("is not served afterwards")
    return problems


def provider_still_there(program, report, upstream):
    engine = Engine(program, [provider("bad", upstream.port), good_provider()], timeouts=TIMEOUTS, breaker=BREAKER)
    try:
        problems = [] if good(engine.port) else ["is not served at first"]
        sockets = sockets_in_use(engine)
        wanted = {}
        for index in range(8):
            wanted[f"stream that ends meanwhile {index}"] = ("fault-paced", True)
            wanted[f"stream that goes on {index}"] = ("fault-slow_stream", True)
            wanted[f"answer meanwhile {index}"] = ("fault-slow_answer", False)
            wanted[f"answer afterwards {index}"] = ("fault-late_answer", False)
        asked = Asked(engine.port, wanted)
        sleep(engine)
        for name, answer in asked.wait().items():
            whole = answer.kind() == 200 and (b"[DONE]" in answer.body or wanted[name][1] is False)
            if not whole:
                problems.append(f"{name}: {answer.kind()} {answer.body[-200:]!r}")
            elif answer.fields.get("x-signalbox-provider") != "bad":
                problems.append(f"{name}: answered by {answer.fields.get('x-signalbox-provider')}")
        problems += [str(engine.wait_idle() or ""), blame(engine)]
        breaker = engine.provider("bad")["breaker"]
        if breaker["state"] != "CLOSED":
            problems.append(f"its breaker is {breaker}")
        problems += left_behind(engine, sockets)
        report.check("asleep, the provider is still there", problems)
    finally:
        report.check("ends cleanly", [describe_end(engine)])


def provider_gone_meanwhile(program, report, upstream):
    """A stream that was lost ends with an error event, not as if it were whole; that failure is the provider's."""
    engine = Engine(program, [provider("bad", upstream.port)], timeouts=TIMEOUTS, breaker={"threshold": 1000})
    try:
        sockets = sockets_in_use(engine)
        asked = Asked(engine.port, {"stream": ("fault-lost_stream", True)})
        sleep(engine)
        answer = asked.wait()["stream"]
        problems = [] if answer.kind() == CUT and b"error" in answer.body else [f"got {answer.kind()} {answer.body!r}"]
        failures = engine.provider("bad")["outcomes"]["failure"]
        problems.append("" if failures == 1 else f"counted {failures} failures")
        problems.append(str(engine.wait_idle() or ""))
        problems += left_behind(engine, sockets)
        report.check("asleep, the provider went meanwhile", problems)
    finally:
        report.check("ends cleanly", [describe_end(engine)])


def main():
    program = os.path.abspath(sys.argv[1])
    report = Report()
    upstream = Upstream()
    for part in (provider_still_there, provider_gone_meanwhile):
        part(program, report, upstream)
    print(f"{report.count - report.failed} passed, {report.failed} failed")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
