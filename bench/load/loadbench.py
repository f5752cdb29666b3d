# SPDX-License-Identifier: GPL-3.0-or-later
"""The load bench: rounds of every workload over every contender, in random order. Started by run.sh."""
import argparse
import json
import os
import pathlib
import platform
import random
import resource
import subprocess
import sys
import tempfile
import time

import contenders
import report
import upstreams
import workloads


def arguments():
    parser = argparse.ArgumentParser(prog="run.sh")
    parser.add_argument("--quick", action="store_true", help="2 short rounds")
    parser.add_argument("--force", action="store_true", help="measure on a machine that is busy with something else")
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--slow-rounds", type=int, help="of Caddy and the contenders from npm, which take half of the time")
    parser.add_argument("--seconds", type=int, help="of one closed loop")
    parser.add_argument("--only", help="contenders, with commas between them")
    parser.add_argument("--work", help="groups of workloads, with commas between them: "
                        + ",".join(group.name for group in workloads.GROUPS))
    parser.add_argument("--name", default=time.strftime("%Y%m%d-%H%M%S"), help="of the folder below bench/results")
    for path in ("binaries", "unpacked", "peers", "results"):
        parser.add_argument(f"--{path}", type=pathlib.Path, required=True, help=argparse.SUPPRESS)
    return parser.parse_args()


def busy_percent(seconds=2):
    def read():
        numbers = [int(n) for n in pathlib.Path("/proc/stat").read_text().split("\n")[0].split()[1:9]]
        return sum(numbers), numbers[3] + numbers[4]
    total, idle = read()
    time.sleep(seconds)
    total2, idle2 = read()
    return 100 * (1 - (idle2 - idle) / max(1, total2 - total))


def version(command, env=None):
    run = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **(env or {})}, check=False)
    return (run.stdout + run.stderr).strip().splitlines()[0]


def machine(site, busy):
    cpu = [line.split(":")[1].strip() for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines()
           if line.startswith("model name")]
    memory = next(line for line in pathlib.Path("/proc/meminfo").read_text().splitlines() if line.startswith("MemTotal"))
    peers = json.loads((site.peers / "package-lock.json").read_text())["packages"]
    env = site.library_env()
    return {"cpu": cpu[0] if cpu else platform.processor(), "cores": os.cpu_count(), "memory": memory.split(":")[1].strip(),
            "kernel": platform.release(), "busy before": f"{busy:.0f} %",
            "load average": " ".join(f"{value:.2f}" for value in os.getloadavg()),
            "commit": version(["git", "-C", str(pathlib.Path(__file__).parent), "rev-parse", "--short", "HEAD"]),
            "nginx": version([str(site.program("usr/sbin/nginx")), "-v"], env),
            "haproxy": version([str(site.program("usr/sbin/haproxy")), "-v"], env),
            "caddy": version([str(site.program("usr/bin/caddy")), "version"], env), "node": version(["node", "--version"]),
            "from npm": ", ".join(f"{name} {peers['node_modules/' + name]['version']}" for name in
                                  ("http-proxy", "opossum", "@fastify/http-proxy", "@portkey-ai/gateway",
                                   "@hono/node-server", "hono"))}


def chosen(all_things, names):
    return [thing for thing in all_things if not names or thing.name in names.split(",")]


def measure(options, site, upstream):
    quick = options.quick
    rounds = options.rounds or (2 if quick else 5)
    tools = workloads.Tools(site, options.seconds or (1 if quick else 3), quick)
    kinds = chosen(contenders.PEERS + contenders.OURS, options.only)
    rows, begun = [], time.monotonic()
    for number in range(rounds):
        for group in random.sample(workloads.GROUPS, len(workloads.GROUPS)):
            if group not in chosen(workloads.GROUPS, options.work) or (group.rounds and number >= group.rounds):
                continue
            for kind in random.sample(kinds, len(kinds)):
                if not group.takes(kind) or (kind.slow and number >= (options.slow_rounds or rounds)):
                    continue
                try:
                    figures = group.measure(tools, kind, upstream)
                    rows.append({"round": number, "contender": kind.name, "group": group.name, "figures": figures})
                    note = ""
                except (RuntimeError, OSError, ValueError, KeyError, IndexError, subprocess.SubprocessError) as problem:
                    rows.append({"round": number, "contender": kind.name, "group": group.name, "failed": str(problem)})
                    note = f"  FAILED: {problem}"
                print(f"[{time.monotonic() - begun:5.0f} s] round {number + 1}/{rounds} {group.name:10} {kind.name}{note}",
                      flush=True)
    return rows


def main():
    options = arguments()
    options.binaries, options.unpacked, options.peers = (path.resolve() for path in
                                                         (options.binaries, options.unpacked, options.peers))
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(65536, resource.getrlimit(resource.RLIMIT_NOFILE)[1]),) * 2)
    busy = busy_percent()
    if busy > 10 and not options.force:
        sys.exit(f"This machine is busy ({busy:.0f} % of its processors): figures would mean little. --force measures anyway.")
    with tempfile.TemporaryDirectory(prefix="signalbox-bench-") as folder:
        site = contenders.Site(options.binaries, options.unpacked, options.peers, pathlib.Path(folder), None)
        site.ca_file = upstreams.make_certificate(site.folder)
        facts = machine(site, busy)
        upstream = upstreams.NginxUpstream(site)
        try:
            rows = measure(options, site, upstream)
        finally:
            upstream.stop()
    target = options.results / options.name
    target.mkdir(parents=True, exist_ok=True)
    (target / "figures.json").write_text(json.dumps({"machine": facts, "rows": rows}, indent=1) + "\n")
    print(report.write(target))


if __name__ == "__main__":
    main()
