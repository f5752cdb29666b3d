#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A network between signalboxd and its provider that delays, loses, goes and comes back: network.py SIGNALBOXD

Engine and client live in a network namespace of their own, the provider in another. Between them is a pair of tun
devices whose packets this script passes on, late or not at all, so that no kernel module for that is needed. Exits with
77 where namespaces or tun devices are not to be had.
"""
import fcntl
import heapq
import os
import random
import select
import shutil
import struct
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from engine import Engine  # noqa: E402
from upstream import Upstream  # noqa: E402

NEAR, FAR = "10.77.0.1", "10.77.0.2"
NOT_AVAILABLE = 77
OWN = "SIGNALBOX_OWN_NETWORK"


def unshare():
    """The command that gives a program a network of its own; None if it cannot be had."""
    program = shutil.which("unshare")
    for options in (["--net"], ["--map-root-user", "--net"]):
        command = [program, *options]
        if program and subprocess.run([*command, "true"], stderr=subprocess.DEVNULL, check=False).returncode == 0:
            return command
    return None


def ip(*arguments):
    subprocess.run(["ip", *arguments], check=True)


def open_tun(name, address):
    """A device that IP packets are read from and written to, up and with that address."""
    tun, without_prefix, set_interface = 0x0001, 0x1000, 0x400454CA
    descriptor = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(descriptor, set_interface, struct.pack("16sH14x", name.encode(), tun | without_prefix))
    ip("addr", "add", f"{address}/30", "dev", name)
    ip("link", "set", name, "up")
    ip("link", "set", "lo", "up")
    return descriptor


class Relay(threading.Thread):
    """Passes packets between two devices."""

    def __init__(self, near, far):
        super().__init__(daemon=True)
        self._other = {near: far, far: near}
        self._random = random.Random(1)
        self._waiting = []
        self._count = 0
        self.up, self.delay, self.loss = True, 0.0, 0.0

    def run(self):
        while True:
            left = max(self._waiting[0][0] - time.monotonic(), 0) if self._waiting else None
            for descriptor in select.select(list(self._other), [], [], left)[0]:
                packet = os.read(descriptor, 65536)
                if self.up and self._random.random() >= self.loss:
                    self._count += 1
                    heapq.heappush(self._waiting, (time.monotonic() + self.delay, self._count,
                                                   self._other[descriptor], packet))
            while self._waiting and self._waiting[0][0] <= time.monotonic():
                _, _, descriptor, packet = heapq.heappop(self._waiting)
                os.write(descriptor, packet)


def behind(near):
    """The provider's side, as a process: commands come by stdin, each is answered by a line."""
    relay = Relay(near, open_tun("sbxfar", FAR))
    relay.start()
    print(Upstream(host=FAR).port, flush=True)
    for line in sys.stdin:
        name, *values = line.split()
        if name == "weather":
            relay.delay, relay.loss = (float(value) for value in values)
        else:
            relay.up = name == "up"
        print("done", flush=True)


class Network:
    def __init__(self):
        near = open_tun("sbxnear", NEAR)
        self._process = subprocess.Popen(
            [*unshare(), sys.executable, os.path.abspath(__file__), "--behind", str(near)], pass_fds=[near],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        os.close(near)
        self.port = int(self._process.stdout.readline())

    def tell(self, *words):
        self._process.stdin.write(" ".join(str(word) for word in words) + "\n")
        self._process.stdin.flush()
        self._process.stdout.readline()

    def close(self):
        self._process.stdin.close()
        self._process.wait(timeout=30)


def check(program):
    from limits import until  # matrix, which they use, opens a port: in this network, not the one outside
    from matrix import Report, ask, describe_end, good_provider, provider, request_bytes
    report = Report()
    network = Network()
    far = {**provider("far", network.port), "baseUrl": f"http://{FAR}:{network.port}/v1"}

    def delay_and_loss():
        """TCP mends what is lost; every request and stream is whole, and the provider is not blamed."""
        network.tell("weather", 0.03, 0.02)
        engine = Engine(program, [far])
        try:
            answers = []

            def some():
                for _ in range(8):
                    answers.append(ask(engine.port, request_bytes("m"), 60).kind())
                    answers.append(ask(engine.port, request_bytes("m", stream=True), 60).kind())
            threads = [threading.Thread(target=some) for _ in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            failures = engine.provider("far")["outcomes"]["failure"]
            report.check("delay and loss", ["" if answers == [200] * 64 else f"answers {answers}",
                                            f"blamed {failures} times" if failures else "",
                                            str(engine.wait_idle() or "")])
        finally:
            network.tell("weather", 0, 0)
            report.check("ends cleanly", [describe_end(engine)])

    def gone_in_a_stream():
        """A short break of the network is a pause, not the end of the stream."""
        engine = Engine(program, [far])
        try:
            answers = []
            thread = threading.Thread(
                target=lambda: answers.append(ask(engine.port, request_bytes("fault-paced", stream=True), 60)))
            thread.start()
            time.sleep(0.5)
            network.tell("down")
            time.sleep(1)
            network.tell("up")
            thread.join()
            report.check("network gone in a stream", [
                "" if answers[0].kind() == 200 and b"[DONE]" in answers[0].body else f"ended as {answers[0].kind()}",
                str(engine.wait_idle() or "")])
        finally:
            report.check("ends cleanly", [describe_end(engine)])

    def gone_and_back():
        """Packets vanish, nobody refuses: the other provider answers every request, and the first is used again when its
        network is back."""
        engine = Engine(program, [far, good_provider()], breaker={"threshold": 2, "timeoutMs": 300},
                        timeouts={"connectMs": 500, "responseMs": 1000})
        try:
            def asked():
                return ask(engine.port, request_bytes("m"), 60)
            first = asked().fields.get("x-signalbox-provider")
            network.tell("down")
            away = [asked().kind() for _ in range(12)]
            network.tell("up")
            back = until(lambda: asked().fields.get("x-signalbox-provider") == "far", 30)
            report.check("network gone and back", [
                "" if first == "far" else f"was served by {first} at first",
                "" if away == [200] * 12 else f"while it was away: {away}",
                "" if back else "is not used after it came back", str(engine.wait_idle() or "")])
        finally:
            report.check("ends cleanly", [describe_end(engine)])

    try:
        for part in (delay_and_loss, gone_in_a_stream, gone_and_back):
            part()
    finally:
        network.close()
    print(f"{report.count - report.failed} passed, {report.failed} failed")
    return 1 if report.failed else 0


def main():
    if sys.argv[1] == "--behind":
        return behind(int(sys.argv[2]))
    if os.environ.get(OWN):
        return check(os.path.abspath(sys.argv[1]))
    command = unshare()
    if not command or not shutil.which("ip") or not os.access("/dev/net/tun", os.R_OK | os.W_OK):
        print("network namespaces or tun devices are not available here")
        return NOT_AVAILABLE
    return subprocess.run([*command, sys.executable, os.path.abspath(__file__), *sys.argv[1:]],
                          env={**os.environ, OWN: "1"}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
