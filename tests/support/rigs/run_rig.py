#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs one rig through signalboxd: run_rig.py SIGNALBOXD http|faults|slow [CASES]

Picks free ports, starts signalboxd with one provider that is the rig's own upstream, judges the rig's output, ends
signalboxd with SIGTERM and expects exit status 0.
"""
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
GENERATION = "/v1/chat/completions"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def configuration(upstream, rig):
    """One provider. Its breaker is open for the shortest time only: a rig fails on purpose and needs the next answer."""
    return {
        "version": 1,
        "proxy": {"token": None},
        "health": {"enabled": False},
        "breaker": {"threshold": 1000, "timeoutMs": 1},
        "timeouts": {"defaultMs": 4000, "firstByteMs": 4000, "idleMs": 4000, "responseMs": 4000, "totalMs": 8000}
        if rig == "faults" else {},
        "providers": [{"name": "rig", "dialect": "openai", "baseUrl": f"http://127.0.0.1:{upstream}/v1", "key": None}],
    }


def start(program, folder, upstream, rig):
    path = os.path.join(folder, "config.json")
    with open(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
        json.dump(configuration(upstream, rig), file)
    environment = {name: value for name, value in os.environ.items() if name.endswith("_OPTIONS") or name == "PATH"}
    environment.update({name: folder for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")})
    log = open(os.path.join(folder, "log"), "w")
    process = subprocess.Popen([program, "--config", path, "--port", "0"], stdout=subprocess.PIPE, stderr=log,
                               env=environment, cwd=folder, text=True)
    line = json.loads(process.stdout.readline() or "{}")
    if line.get("event") != "listening":
        raise SystemExit("signalboxd does not listen")
    return process, line["url"].removeprefix("http://")


def command(rig, proxy, upstream, pid, cases):
    ends = ["--proxy", proxy, "--upstream", f"127.0.0.1:{upstream}", "--path", GENERATION]
    if rig == "http":
        return ["run_http_cases.py", *ends, "--post", "--cases", cases, "--timeout", "3"]
    if rig == "faults":
        return ["run_upstream_faults.py", *ends]
    return ["run_slow_clients.py", *ends, "--pid", str(pid)]


def complaints(rig, code, text):
    found = [line for line in text.splitlines() if line.startswith(("FAIL", "lax"))]
    if code != 0 and not found:
        found.append(f"the rig ended with {code}")
    if rig == "slow":
        body = re.search(r"^(\w+) slow_body +cut after ([\d.]+) s", text, re.M)
        if not body or body.group(1) != "pass":
            found.append("a slow body was not cut")
    return found


def main():
    program, rig = sys.argv[1:3]
    cases = sys.argv[3] if len(sys.argv) > 3 else ""
    upstream = free_port()
    with tempfile.TemporaryDirectory() as folder:
        process, proxy = start(program, folder, upstream, rig)
        try:
            arguments = command(rig, proxy, upstream, process.pid, cases)
            run = subprocess.run([sys.executable, os.path.join(HERE, arguments[0]), *arguments[1:]],
                                 stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
            print(run.stdout)
            found = complaints(rig, run.returncode, run.stdout)
        finally:
            process.send_signal(signal.SIGTERM)
            ended = process.wait(timeout=30)
        if ended != 0:
            with open(os.path.join(folder, "log"), encoding="utf-8", errors="replace") as log:
                print(log.read()[-8000:])
            found.append(f"signalboxd ended with {ended}")
    for line in found:
        print("not ok:", line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
