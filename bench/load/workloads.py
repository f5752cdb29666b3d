# SPDX-License-Identifier: GPL-3.0-or-later
"""What is done to each contender. A workload returns {figure: number}."""
import json
import os
import subprocess
import threading
import time

from upstreams import Streamer

CHAT = "/v1/chat/completions"
BIG = "/v1/completions"


class Tools:
    def __init__(self, site, seconds, quick):
        self.site, self.seconds, self.quick = site, seconds, quick
        self.wrk_program = site.program("usr/bin/wrk")
        self.client_program = site.binaries / "signalbox-bench-client"
        filler = "for (int i = 0; i < n; ++i) sum += values[i]; "
        for name, size, stream in (("small", 1024, False), ("large", 100 * 1024, False), ("stream", 1024, True)):
            body = {"model": "gpt-4o", "stream": True} if stream else {"model": "gpt-4o"}
            body["messages"] = [{"role": "user", "content": filler * (size // len(filler))}]
            # With "stream":true in exactly these bytes, which the streamer looks for.
            (site.folder / f"{name}.json").write_text(json.dumps(body, separators=(",", ":")))

    def body(self, name):
        return self.site.folder / f"{name}.json"

    def wrk(self, contender, connections, body="small", path=CHAT, close=False, seconds=None):
        env = {**os.environ, **self.site.library_env(), "BODY": str(self.body(body))}
        if close:
            env["CLOSE"] = "1"
        if contender.headers_file:
            env["HEADERS"] = str(contender.headers_file)
        run = subprocess.run([self.wrk_program, "-t1", f"-c{connections}", f"-d{seconds or self.seconds}s", "--timeout", "10s",
                              "-s", "small.lua", f"http://127.0.0.1:{contender.port}{path}"],
                             env=env, capture_output=True, text=True, cwd=os.path.dirname(__file__), check=True)
        return json.loads(run.stdout.split("JSON ", 1)[1])

    def client(self, *arguments):
        run = subprocess.run([self.client_program, *map(str, arguments)], capture_output=True, text=True, check=True)
        return run.stdout


def closed_loop(tools, contender, prefix, connections, **how):
    """Requests per second, latency, and CPU per request of the contender (of all its threads, and of the engine's)."""
    tools.wrk(contender, min(connections, 64), seconds=1, **how)
    process = contender.process
    before, engine = (process.cpu(), process.cpu("engine")) if process else (0, 0)
    result = tools.wrk(contender, connections, **how)
    requests = max(1, result["requests"])
    if result["errors"] * 10 > requests:
        raise RuntimeError(f"{prefix}: {result['errors']} of {requests} requests failed")
    figures = {f"{prefix}.rps": result["requests"] / result["seconds"], f"{prefix}.p50": result["p50"],
               f"{prefix}.p99": result["p99"], f"{prefix}.errors": result["errors"]}
    if process:
        figures[f"{prefix}.cpu"] = (process.cpu() - before) / requests * 1e6
        if engine:
            figures[f"{prefix}.engineCpu"] = (process.cpu("engine") - engine) / requests * 1e6
    return figures


def sequential(tools, contender, direct, prefix, requests, close=False):
    """Added latency: the contender and the upstream itself in turns, in random order."""
    output = tools.client("latency", "--target", f"direct:{direct}", "--target", contender.target(), "--requests", requests,
                          "--path", CHAT, "--body", tools.body("small"), "--close", int(close),
                          "--warm-up", min(50, requests))
    both = json.loads(output)
    base, own = both["direct"]["latency"], both[contender.name]["latency"]
    figures = {f"{prefix}.errors": both[contender.name]["errors"], f"{prefix}.direct50": base["p50"]}
    for q in ("p50", "p99", "p999"):
        figures[f"{prefix}.added.{q}"] = own.get(q, float("nan")) - base[q]
    return figures


def plain(tools, contender, upstream):
    figures = {}
    if contender.process:
        figures |= sequential(tools, contender, upstream.plain, "sequential", 500 if tools.quick else 3000)
    for connections in (1, 16, 64, 256, 1000):
        figures |= closed_loop(tools, contender, f"small{connections}", connections)
    figures |= closed_loop(tools, contender, "upload100k", 16, body="large")
    figures |= closed_loop(tools, contender, "answer1m", 4, path=BIG)
    figures |= closed_loop(tools, contender, "churn", 16, close=True)
    return figures


def small_only(prefix):
    def run(tools, contender, _upstream):
        return closed_loop(tools, contender, prefix, 64)
    return run


def tls(tools, contender, _upstream):
    return closed_loop(tools, contender, "tls64", 64)


def tls_latency(prefix):
    """Over a plain direct call: what TLS to the provider costs, with a connection that is there or a new one."""
    def run(tools, contender, upstream):
        if not contender.process:
            return {}
        return sequential(tools, contender, upstream.plain, prefix, 300 if tools.quick else 1500)
    return run


def stream_load(tools, contender, prefix, streams):
    process = contender.process
    before = process.cpu() if process else 0
    output = tools.client("streams", "--target", contender.target(), "--streams", streams, "--spread-ms", 1000,
                          "--path", CHAT, "--body", tools.body("stream"))
    result = json.loads(output.splitlines()[-1])
    events = max(1, result["events"])
    figures = {f"{prefix}.broken": result["streams"] - result["complete"], f"{prefix}.events": result["events"]}
    for what in ("firstByte", "delay", "gapChange"):
        for q in ("p50", "p99", "p999"):
            figures[f"{prefix}.{what}.{q}"] = result[what].get(q, float("nan"))
    if process:
        figures[f"{prefix}.cpu"] = (process.cpu() - before) / events * 1e6
    return figures


def streams(tools, contender, _upstream):
    return stream_load(tools, contender, "streams40", 40) | stream_load(tools, contender, "streams400", 400)


def held_streams(tools, contender, _upstream):
    """Memory per open stream: 1,000 at once, at one event in half a second each."""
    count, process = 1000, contender.process
    if not process:
        return {}
    stream_load(tools, contender, "warm", 20)
    before = process.memory()
    client = subprocess.Popen([tools.client_program, "streams", "--target", contender.target(), "--streams", str(count),
                               "--spread-ms", "2000", "--path", CHAT, "--body", str(tools.body("stream"))],
                              stdout=subprocess.PIPE, text=True)
    opened = json.loads(client.stdout.readline())
    time.sleep(0.5)
    peak = process.memory()
    done = json.loads(client.stdout.readline()) if "open" in opened else opened
    client.wait()
    return {"held.bytesPerStream": (peak - before) / count, "held.rss": peak, "held.broken": done["streams"] - done["complete"]}


def slow_upstream(tools, contender, _upstream):
    """How much of a 50 ms answer is ours."""
    if not contender.process:
        return {}
    port = contender.upstream_ports[0]
    figures = sequential(tools, contender, port, "after50ms", 40 if tools.quick else 200)
    figures["after50ms.percent"] = 100 * figures["after50ms.added.p50"] / figures["after50ms.direct50"]
    return figures


def idle(tools, contender, _upstream):
    if not contender.process:
        return {}
    seconds = 3 if tools.quick else 10
    time.sleep(1)
    before = contender.process.cpu()
    time.sleep(seconds)
    return {"idle.cpuPercent": 100 * (contender.process.cpu() - before) / seconds, "idle.rss": contender.process.memory()}


def failover(tools, contender, _upstream):
    """Two providers; the preferred one is killed and comes back. What callers at 200 requests a second see."""
    first, second = contender.streamers
    seconds = 14
    rows = []
    client = subprocess.Popen([tools.client_program, "paced", "--target", contender.target(), "--per-second", "200",
                               "--seconds", str(seconds), "--path", CHAT, "--body", str(tools.body("small"))],
                              stdout=subprocess.PIPE, text=True)
    reader = threading.Thread(target=lambda: rows.extend(line.split() for line in client.stdout))
    begun = time.monotonic()
    reader.start()
    time.sleep(2)
    first.process.kill()
    killed = time.monotonic() - begun
    time.sleep(2)
    first.__init__(tools.site, first.port, name="a")
    returned = time.monotonic() - begun
    client.wait()
    reader.join()
    calls = [(float(at), float(latency), int(status), who) for at, latency, status, who in rows]
    quiet = sorted(latency for at, latency, _, _ in calls if 0.5 < at < killed - 0.1)
    hurt = [latency for at, latency, _, _ in calls if killed - 0.1 <= at < returned]
    back = [at for at, _, status, who in calls if at > returned and status == 200 and who == "a"]
    errors = sum(status != 200 for _, _, status, _ in calls)
    after_kill = sorted(latency for at, latency, _, who in calls if who == "b" and at < returned)
    normal = quiet[len(quiet) // 2]
    return {"failover.errors": errors, "failover.worst": max(hurt) - normal,
            "failover.added.p50": (after_kill[len(after_kill) // 2] - normal) if after_kill else float("nan"),
            "failover.recovery": (back[0] - returned) if back else float("nan")}


class Group:
    """Workloads that share one start of the contender."""

    def __init__(self, name, run, ports, tls=False, streamers=(), rounds=None, names=()):
        self.name, self.run, self.ports, self.tls = name, run, ports, tls
        self.streamers, self.rounds, self.names = streamers, rounds, names

    def takes(self, kind):
        if (kind.groups and self.name not in kind.groups) or (self.names and kind.name not in self.names):
            return False
        return (not self.tls or kind.does_tls) and (len(self.streamers) < 2 or kind.fails_over)

    def measure(self, tools, kind, upstream):
        running = [Streamer(tools.site, **options) for options in self.streamers]
        contender = None
        try:
            ports = [streamer.port for streamer in running] or [self.ports(upstream)]
            contender = kind(tools.site)
            contender.upstream_ports, contender.streamers = ports, running
            contender.start(ports, self.tls)
            return self.run(tools, contender, upstream)
        finally:
            if contender:
                contender.stop()
            for streamer in running:
                streamer.stop()


def of_plain(upstream):
    return upstream.plain


GROUPS = [
    Group("plain", plain, of_plain),
    Group("recording", small_only("paired64"), of_plain, names=("signalbox", "signalbox-unrecorded")),
    Group("providers", small_only("paired64"), of_plain, names=("signalbox", "signalbox-100-providers")),
    Group("tls", tls, lambda u: u.tls, tls=True),
    Group("tlsWarm", tls_latency("tlsWarm"), lambda u: u.tls, tls=True),
    Group("tlsCold", tls_latency("tlsCold"), lambda u: u.tls_cold, tls=True),
    Group("streams", streams, None, streamers=({"events": 400, "interval_us": 10000},)),
    Group("held", held_streams, None, streamers=({"events": 12, "interval_us": 500000},), rounds=2),
    Group("slow", slow_upstream, None, streamers=({"delay_ms": 50},)),
    Group("failover", failover, None, streamers=({"name": "a"}, {"name": "b"})),
    Group("idle", idle, of_plain),
]
