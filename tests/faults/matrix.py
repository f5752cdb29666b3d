#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything that can go wrong at either end, one at a time: matrix.py SIGNALBOXD

For each fault of a provider: what the client gets with that provider alone and with a good one behind it, what the
breaker counts, what the log calls it, and that a half-open breaker's probe permit comes back. For each abusive client:
that it is cut and that nobody else notices. At the end nothing may be left: requests, connections, permits, files,
memory.
"""
import json
import os
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from engine import Engine  # noqa: E402
from upstream import Listener, Upstream, refused_port, reset  # noqa: E402

TIMEOUTS = {"defaultMs": 1500, "connectMs": 1000, "tlsMs": 1000, "firstByteMs": 1500, "idleMs": 1500,
            "responseMs": 2500, "totalMs": 8000}
BAD_GATEWAY = (502, 503, 504)
CUT = "cut"


class Expected:
    """What one fault leads to."""

    def __init__(self, client, outcome, rescued, stream=False):
        self.client = client if isinstance(client, tuple) else (client,)  # alone: statuses, or CUT
        self.outcome = outcome  # of the attempt at the faulty provider
        self.rescued = rescued  # a good provider behind it answers instead
        self.stream = stream


FAILED = Expected(BAD_GATEWAY, "FAILURE", True)
FAILED_STREAM = Expected(BAD_GATEWAY, "FAILURE", True, stream=True)
BROKEN_STREAM = Expected(CUT, "FAILURE", False, stream=True)
PROVIDER = {
    **{name: FAILED for name in (
        "close", "reset", "half_head", "reset_in_head", "hang_head", "slow_head", "no_status", "http09",
        "control_in_header", "bare_cr", "two_lengths", "negative_length", "huge_header", "many_headers", "switching",
        "interim_flood", "interim_then_hang", "empty", "html", "error_in_200", "chunk_overflow", "short_body",
        "reset_in_body", "bad_chunk", "cut_chunk")},
    "hang_body": Expected(CUT, "FAILURE", False),  # committed 300 ms after its first byte
    "error_event": FAILED_STREAM,
    "empty_stream": FAILED_STREAM,
    "ping_then_hang": Expected((CUT, *BAD_GATEWAY), "FAILURE", None, stream=True),
    "cut_stream": BROKEN_STREAM,
    "reset_stream": BROKEN_STREAM,
    "stalled_stream": BROKEN_STREAM,
    "no_terminal": BROKEN_STREAM,
    "late_error_event": Expected((CUT, 200), "FAILURE", False, stream=True),
    "s400": Expected(400, "IGNORED", False),
    "s401": Expected((401, 502), "IGNORED", True),
    "s404": Expected(404, "IGNORED", False),
    "s408": Expected(408, "FAILURE", True),
    "s429": Expected(429, "THROTTLED", True),
    "s500": Expected(500, "FAILURE", True),
    "s501": Expected(501, "IGNORED", False),
    "s503": Expected(503, "FAILURE", True),
    "s529": Expected(529, "FAILURE", True),
    "redirect": Expected(307, "IGNORED", False),
}


class Report:
    def __init__(self):
        self.failed = 0
        self.count = 0

    def check(self, name, problems):
        self.count += 1
        problems = [problem for problem in problems if problem]
        if problems:
            self.failed += 1
        print(("not ok " + name + ": " + "; ".join(problems)) if problems else "ok " + name, flush=True)


class Answer:
    def __init__(self, raw):
        head, _, body = raw.partition(b"\r\n\r\n")
        lines = head.split(b"\r\n")
        self.status = int(lines[0].split()[1]) if lines[0].startswith(b"HTTP/1.") else 0
        self.fields = {name.strip().lower(): value.strip() for name, _, value in
                       (line.decode("latin-1").partition(":") for line in lines[1:])}
        self.body = body
        if "content-length" in self.fields:
            self.whole = len(body) == int(self.fields["content-length"])
        elif self.fields.get("transfer-encoding") == "chunked":
            self.whole = body.endswith(b"0\r\n\r\n")
        else:
            self.whole = self.status in (204, 304)

    def kind(self):
        return self.status if self.whole else CUT


def request_bytes(model, stream=False, fields="", body=None):
    body = body if body is not None else json.dumps(
        {"model": model, "stream": stream, "messages": [{"role": "user", "content": "x"}]})
    return (f"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{fields}"
            f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n{body}").encode()


def ask(port, data, patience=20):
    with socket.create_connection(("127.0.0.1", port), timeout=patience) as connection:
        connection.sendall(data)
        raw = b""
        try:
            while piece := connection.recv(65536):
                raw += piece
        except ConnectionError:
            pass
    return Answer(raw)


def good(port):
    answer = ask(port, request_bytes("m"))
    return answer.status == 200 and answer.whole


def provider(name, port, scheme="http", **more):
    return {"name": name, "dialect": "openai", "baseUrl": f"{scheme}://127.0.0.1:{port}/v1", "key": None, **more}


GOOD = Upstream()


def good_provider():
    """Never asked for a fault, whatever the client asks for."""
    return provider("good", GOOD.port, models={"*": "m"})


def outcome_of(entry, name):
    attempts = [a for a in (entry or {}).get("attempts", []) if a["provider"] == name]
    return (attempts[0]["outcome"], attempts[0]["reason"]) if attempts else ("none", "")


def check_logged(engine, answer, expected):
    entry = engine.logged(answer.fields.get("x-signalbox-request-id", ""))
    if not entry:
        return "not in the log"
    outcome, reason = outcome_of(entry, "bad")
    if outcome != expected.outcome:
        return f"counted as {outcome}, not {expected.outcome}"
    return "" if reason else "logged without a reason"


def provider_faults(program, report, upstream):
    quiet = {"timeouts": TIMEOUTS, "breaker": {"threshold": 1000, "timeoutMs": 1}}
    alone = Engine(program, [provider("bad", upstream.port)], **quiet)
    pair = Engine(program, [provider("bad", upstream.port), good_provider()], **quiet)
    # One failure opens it and a moment later one probe is let in: a permit that does not come back would show.
    probing = Engine(program, [provider("bad", upstream.port)], timeouts=TIMEOUTS,
                     breaker={"threshold": 1, "timeoutMs": 1})
    try:
        for name, expected in PROVIDER.items():
            first = ask(alone.port, request_bytes("fault-" + name, expected.stream))
            problems = []
            if first.kind() not in expected.client:
                problems.append(f"the client got {first.kind()}, not {expected.client}")
            problems.append(check_logged(alone, first, expected))
            problems.append(str(alone.wait_idle() or ""))
            pair.control("breaker", "bad", "close")  # so that it is asked first, whatever the last fault did
            second = ask(pair.port, request_bytes("fault-" + name, expected.stream))
            rescued = second.fields.get("x-signalbox-provider") == "good" and second.status == 200 and second.whole
            entry = pair.logged(second.fields.get("x-signalbox-request-id", ""))
            if outcome_of(entry, "bad")[0] != expected.outcome:
                problems.append(f"with a second provider the log says {entry}")
            if expected.rescued is not None and rescued != expected.rescued:
                problems.append(f"with a second provider the client got {second.kind()}")
            ask(probing.port, request_bytes("fault-" + name, expected.stream))
            problems.append(recovers(probing))
            report.check("provider " + name, problems)
        for engine, label in ((alone, "alone"), (pair, "pair"), (probing, "probing")):
            report.check("nothing is left: " + label, [str(engine.wait_idle() or "")])
    finally:
        for engine in (alone, pair, probing):
            report.check("ends cleanly", [describe_end(engine)])


def recovers(engine):
    """A breaker that opened on the fault closes again through its probes."""
    end = time.monotonic() + 15
    while time.monotonic() < end:
        if good(engine.port) and engine.provider("bad")["breaker"]["state"] == "CLOSED":
            return ""
        time.sleep(0.02)
    return "does not recover: " + json.dumps(engine.provider("bad")["breaker"])


def describe_end(engine):
    code, said = engine.stop()
    if code != 0 or "Sanitizer" in said or "runtime error" in said:
        return f"exit {code}: {said[-3000:]}"
    return ""


def connection_faults(program, report, upstream):
    """Faults below HTTP: each provider fails, the good one behind it answers."""
    with tempfile.TemporaryDirectory() as folder:
        expired = self_signed(folder, "expired", "20200101000000Z")
        untrusted = self_signed(folder, "untrusted", "20490101000000Z")
        holder, refused = refused_port()
        silent = Listener()
        banner = Listener(lambda c: c.sendall(b"220 smtp ready\r\n"))
        full = Listener(backlog=0)  # its queue is filled below: connecting hangs
        fillers = [socket.socket() for _ in range(4)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(("127.0.0.1", full.port))
        secure = {name: Upstream(tls=context) for name, context in (("expired", expired), ("untrusted", untrusted))}
        cases = {
            "refused": provider("bad", refused),
            "connect hangs": provider("bad", full.port),
            "tls handshake stalls": provider("bad", silent.port, "https"),
            "not tls": provider("bad", banner.port, "https"),
            "certificate expired": provider("bad", secure["expired"].port, "https"),
            "certificate untrusted": provider("bad", secure["untrusted"].port, "https"),
            "name does not exist": {**provider("bad", 1), "baseUrl": "https://no-such-host.invalid/v1"},
        }
        try:
            for name, bad in cases.items():
                engine = Engine(program, [bad, good_provider()], timeouts=TIMEOUTS,
                                breaker={"threshold": 1000, "timeoutMs": 1})
                answer = ask(engine.port, request_bytes("m"))
                problems = [] if answer.status == 200 and answer.whole else [f"the client got {answer.kind()}"]
                entry = engine.logged(answer.fields.get("x-signalbox-request-id", ""))
                outcome, reason = outcome_of(entry, "bad")
                if outcome != "FAILURE":
                    problems.append(f"counted as {outcome} ({reason})")
                problems.append(str(engine.wait_idle() or ""))
                problems.append(describe_end(engine))
                report.check(f"connection {name} [{reason}]", problems)
        finally:
            for thing in (silent, banner, full, *secure.values(), holder, *fillers):
                thing.close()


def self_signed(folder, name, until):
    """A certificate for 127.0.0.1 that ends at that time (UTC)."""
    def file(ending):
        return os.path.join(folder, name + ending)

    def openssl(*arguments):
        subprocess.run(["openssl", *arguments], check=True, cwd=folder, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)

    with open(file(".cnf"), "w", encoding="ascii") as config:
        config.write(f"[ca]\ndefault_ca=d\n[d]\ndatabase={file('.txt')}\nserial={file('.srl')}\nnew_certs_dir={folder}\n"
                     "default_md=sha256\npolicy=p\nx509_extensions=x\n[p]\ncommonName=supplied\n"
                     "[x]\nsubjectAltName=IP:127.0.0.1\n[req]\ndistinguished_name=n\n[n]\n")
    open(file(".txt"), "w", encoding="ascii").close()
    key, certificate = file(".key"), file(".pem")
    openssl("req", "-new", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=127.0.0.1", "-keyout", key, "-out",
            file(".csr"), "-config", file(".cnf"))
    openssl("ca", "-batch", "-selfsign", "-create_serial", "-keyfile", key, "-in", file(".csr"), "-out", certificate,
            "-config", file(".cnf"), "-startdate", "20190101000000Z", "-enddate", until)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


def until_closed(connection, limit):
    """What came until the other side ended it; None if it did not within that time."""
    connection.settimeout(0.5)
    raw, end = b"", time.monotonic() + limit
    while time.monotonic() < end:
        try:
            piece = connection.recv(65536)
        except socket.timeout:
            continue
        except OSError:
            return raw
        if not piece:
            return raw
        raw += piece
    return None


def connect(port):
    return socket.create_connection(("127.0.0.1", port), timeout=20)


def slow_head(port):
    with connect(port) as c:
        c.sendall(b"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\n")
        for index in range(60):
            try:
                c.sendall(b"X-%d: v\r\n" % index)
            except OSError:
                return ""
            time.sleep(0.1)
            if index > 30 and until_closed(c, 0.1) is not None:
                return ""
    return "was not cut"


def slow_body(port):
    with connect(port) as c:
        c.sendall(b"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                  b"Content-Length: 1000\r\n\r\n{")
        return "" if until_closed(c, 20) is not None else "was not cut"


def half_close(port):
    with connect(port) as c:
        c.sendall(request_bytes("m"))
        c.shutdown(socket.SHUT_WR)
        return "" if until_closed(c, 20) is not None else "was not ended"


def garbage(port):
    for data in (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 500, b"\0" * 4096, b"GET / HTTP/9.9\r\n\r\n",
                 b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", os.urandom(4096), b"\r\n" * 5000):
        with connect(port) as c:
            try:
                c.sendall(data)
            except OSError:
                continue
            if until_closed(c, 20) is None:
                return "kept a connection that speaks no HTTP"
    return ""


def header_flood(port):
    with connect(port) as c:
        try:
            c.sendall(b"GET /v1/models HTTP/1.1\r\nHost: localhost\r\n")
            for index in range(5000):
                c.sendall(b"X-%d: " % index + b"v" * 100 + b"\r\n")
        except OSError:
            return ""
        raw = until_closed(c, 20)
    return "" if raw is not None and b" 431 " in raw else "read an endless head"


def pipelined(port):
    one = request_bytes("m").replace(b"Connection: close\r\n", b"")
    with connect(port) as c:
        c.sendall(one * 20 + request_bytes("m"))
        raw = until_closed(c, 30)
    count = (raw or b"").count(b"HTTP/1.1 200 OK")
    return "" if count == 21 else f"answered {count} of 21"


def leaves(after, model, stream):
    def act(port):
        with connect(port) as c:
            data = request_bytes(model, stream)
            c.sendall(data[:after] if after else data)
            if not after:
                c.settimeout(5)
                if stream:
                    c.recv(100)
                else:
                    time.sleep(0.1)
            reset(c)
        return ""
    return act


def many_connections(port):
    held = []
    try:
        for _ in range(600):
            held.append(connect(port))
        return "" if good(port) else "idle connections starve others"
    finally:
        for c in held:
            c.close()


def does_not_read(port):
    with connect(port) as c:
        c.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        c.sendall(request_bytes("m", True))
        time.sleep(0.5)
        return "" if good(port) else "a client that does not read holds others up"


CLIENT = {
    "slow head": slow_head,
    "slow body": slow_body,
    "half-close": half_close,
    "garbage": garbage,
    "endless head": header_flood,
    "pipelining": pipelined,
    "leaves in the head": leaves(40, "m", False),
    "leaves in the body": leaves(-5, "m", False),
    "leaves before the answer": leaves(0, "fault-hang_head", False),
    "leaves in the stream": leaves(0, "fault-stalled_stream", True),
    "600 idle connections": many_connections,
    "does not read": does_not_read,
}


def client_faults(program, report, upstream):
    engine = Engine(program, [provider("bad", upstream.port)], timeouts=TIMEOUTS,
                    limits={"headMs": 3000, "bodyGapMs": 2000},
                    breaker={"threshold": 1000, "timeoutMs": 1})
    try:
        good(engine.port)
        engine.wait_idle()
        failures = engine.provider("bad")["outcomes"]["failure"]
        files = engine.open_files()
        for name, act in CLIENT.items():
            problems = [act(engine.port)]
            if not good(engine.port):
                problems.append("afterwards a good client is not served")
            problems.append(str(engine.wait_idle() or ""))
            report.check("client " + name, problems)
        after = engine.provider("bad")["outcomes"]["failure"]
        report.check("no client counts against a provider",
                     [f"{after - failures} failures" if after != failures else ""])
        left = [engine.open_files()]
        end = time.monotonic() + 15  # a pooled connection or two may stay
        while left[0] > files + 4 and time.monotonic() < end:
            time.sleep(0.2)
            left[0] = engine.open_files()
        report.check("files come back", [f"{files} before, {left[0]} after" if left[0] > files + 4 else ""])
    finally:
        report.check("ends cleanly", [describe_end(engine)])


def memory_stays(program, report, upstream):
    """The same faults again and again: what was taken is given back."""
    engine = Engine(program, [provider("bad", upstream.port)], timeouts=TIMEOUTS,
                    breaker={"threshold": 1000, "timeoutMs": 1})
    quick = [name for name in PROVIDER if "hang" not in name and name not in ("slow_head", "stalled_stream",
                                                                               "interim_flood")]

    def rounds(count):
        def one():
            for _ in range(count):
                for name in quick:
                    ask(engine.port, request_bytes("fault-" + name, PROVIDER[name].stream))
        threads = [threading.Thread(target=one) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        engine.wait_idle()
        return engine.resident_kib()

    try:
        rounds(4)
        before = rounds(4)
        after = rounds(12)
        # The history's page cache and the 5 min windows still fill; a leak of one exchange each would be far more.
        grown = after - before
        report.check(f"memory stays ({before} to {after} KiB)",
                     [f"grew by {grown} KiB in {4 * 12 * len(quick)} faults" if grown > before // 4 else ""])
    finally:
        report.check("ends cleanly", [describe_end(engine)])


def main():
    program = os.path.abspath(sys.argv[1])
    report = Report()
    upstream = Upstream()
    for part in (provider_faults, connection_faults, client_faults, memory_stays):
        part(program, report, upstream)
    print(f"{report.count - report.failed} passed, {report.failed} failed")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
