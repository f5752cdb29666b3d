#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the system takes away, and gives back: limits.py SIGNALBOXD

Few file descriptors, a stopped process, a provider that goes and comes, and, for a build without sanitizers, little
memory. Each time: a clear refusal or a wait, and full service afterwards.
"""
import contextlib
import os
import resource
import signal
import socket
import sqlite3
import sys
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from engine import Engine  # noqa: E402
from matrix import Report, Upstream, ask, connect, describe_end, good, provider, request_bytes  # noqa: E402


def until(condition, patience=20):
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.1)
    return False


def served(port):
    try:
        return good(port)
    except OSError:
        return False


def few_files(program, report, upstream):
    """Connections past the descriptors wait in the kernel's queue; nothing spins, and all is well when they go."""
    engine = Engine(program, [provider("bad", upstream.port)],
                    prepare=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64)))
    try:
        problems = [] if served(engine.port) else ["is not served at all"]
        held = [connect(engine.port) for _ in range(200)]
        time.sleep(1)
        before = engine.cpu_seconds()
        time.sleep(3)
        share = (engine.cpu_seconds() - before) / 3
        if share > 0.5:
            problems.append(f"spins: {share:.0%} of a core")
        if engine.process.poll() is not None:
            problems.append("ended")
        for connection in held:
            connection.close()
        if not until(lambda: served(engine.port)):
            problems.append("is not served after they left")
        report.check("few descriptors", problems)
    finally:
        report.check("ends cleanly", [describe_end(engine)])


def stopped_and_continued(program, report, upstream):
    """As after a machine's sleep: requests that waited are answered, and the provider is not blamed."""
    engine = Engine(program, [provider("bad", upstream.port)])
    try:
        good(engine.port)
        engine.process.send_signal(signal.SIGSTOP)
        answers = []
        threads = [threading.Thread(target=lambda: answers.append(ask(engine.port, request_bytes("m")).status))
                   for _ in range(5)]
        for thread in threads:
            thread.start()
        time.sleep(4)
        engine.process.send_signal(signal.SIGCONT)
        for thread in threads:
            thread.join()
        outcomes = engine.provider("bad")["outcomes"]
        report.check("stopped and continued", [
            "" if answers == [200] * 5 else f"answers {answers}",
            f"blamed the provider {outcomes['failure']} times" if outcomes["failure"] else "",
            str(engine.wait_idle() or "")])
    finally:
        report.check("ends cleanly", [describe_end(engine)])


def provider_gone_and_back(program, report, upstream):
    """Refused at once while it is away, served by the first request after its breaker's wait."""
    mine = Upstream()
    port = mine.port
    engine = Engine(program, [provider("bad", port)], breaker={"threshold": 2, "timeoutMs": 300})
    try:
        problems = [] if served(engine.port) else ["is not served at first"]
        mine.close()
        # Connections that are open still work; the provider's process is gone only when they are.
        statuses = [ask(engine.port, request_bytes("fault-close")).status for _ in range(4)]
        if not all(status in (502, 503) for status in statuses):
            problems.append(f"while it was away: {statuses}")
        revived = Upstream(port=port)
        if not until(lambda: served(engine.port)):
            problems.append("is not served after it came back")
        revived.close()
        report.check("provider gone and back", problems)
    finally:
        report.check("ends cleanly", [describe_end(engine)])


def recording(engine):
    return engine.status()["recording"]


def no_data_folder(program, report, upstream):
    """With a file in the place of the data folder: served without recording, which is told; recorded as soon as it can
    be, with what happened meanwhile."""
    engine = Engine(program, [provider("bad", upstream.port)],
                    prepare=lambda: open("signalbox", "w", encoding="ascii").close())
    try:
        def alarm():
            return next((a["state"] for a in engine.status()["alarms"] if a["rule"] == "recording_stopped"), "none")
        folder = os.path.join(engine.folder.name, "signalbox")
        problems = [] if served(engine.port) else ["is not served without its folder"]
        first = recording(engine)
        if first["state"] != "stopped" or folder not in first["reason"]:
            problems.append(f"recording is told to be {first}")
        if not until(lambda: alarm() == "active"):
            problems.append("no alarm")
        os.remove(folder)
        if not until(lambda: recording(engine)["state"] == "recording"):
            problems.append(f"does not record afterwards: {recording(engine)}")
        if not until(lambda: alarm() in ("cleared", "none")):
            problems.append(f"the alarm is {alarm()} afterwards")
        if not served(engine.port):
            problems.append("is not served afterwards")
        if not until(lambda: requests_in(folder) == 2):
            problems.append(f"recorded {requests_in(folder)} of 2 requests")
        report.check("no data folder at first", problems)
    finally:
        report.check("ends cleanly", [describe_end(engine)])


def requests_in(folder):
    with contextlib.closing(sqlite3.connect(f"file:{folder}/history.db?mode=ro", uri=True)) as database:
        return database.execute("SELECT count(*) FROM requests").fetchone()[0]


def little_memory(program, report, upstream):
    """Bodies that do not fit are refused with 503; the process lives."""
    gigabyte = 1 << 30
    engine = Engine(program, [provider("bad", upstream.port)], limits={"allBodiesBytes": 8 << 20},
                    prepare=lambda: resource.setrlimit(resource.RLIMIT_AS, (gigabyte, gigabyte)))
    try:
        body = b'{"model":"m","pad":"' + b"x" * (6 << 20)
        head = (b"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                b"Content-Length: %d\r\n\r\n" % (len(body) + 2))
        held, statuses = [], []
        for _ in range(8):  # each holds 6 MiB and waits with its last bytes
            connection = connect(engine.port)
            held.append(connection)
            try:
                connection.sendall(head + body)
            except OSError:
                pass
            connection.settimeout(0.5)
            try:
                statuses.append(int(connection.recv(200).split()[1]))
            except (socket.timeout, OSError, IndexError):
                pass
        for connection in held:
            connection.close()
        report.check("little memory", [
            "" if 503 in statuses else f"nothing was refused: {statuses}",
            "" if engine.process.poll() is None else "ended",
            "" if until(lambda: served(engine.port)) else "is not served afterwards",
            str(engine.wait_idle() or "")])
    finally:
        report.check("ends cleanly", [describe_end(engine)])


def is_sanitized(program):
    with open(program, "rb") as file:
        return b"__asan_init" in file.read()


def main():
    program = os.path.abspath(sys.argv[1])
    report = Report()
    upstream = Upstream()
    parts = [few_files, stopped_and_continued, provider_gone_and_back, no_data_folder]
    if not is_sanitized(program):  # a sanitizer's shadow does not fit into any limit
        parts.append(little_memory)
    for part in parts:
        part(program, report, upstream)
    print(f"{report.count - report.failed} passed, {report.failed} failed")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
