# SPDX-License-Identifier: GPL-3.0-or-later
"""Processes of the bench: started in their own session, measured by /proc, ended by their process group."""
import json
import os
import pathlib
import signal
import socket
import subprocess
import time


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def nginx_user():
    """Started by root, nginx would otherwise give its workers to a user who may not look into our folder."""
    return "user root;" if os.geteuid() == 0 else ""


def wait_for_port(port, seconds=20):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"nothing listens on port {port}")


class Process:
    """One program with all its children."""

    def __init__(self, command, log, env=None, cwd=None):
        self.log = pathlib.Path(log)
        self.popen = subprocess.Popen([str(part) for part in command], stdin=subprocess.DEVNULL,
                                      stdout=subprocess.PIPE, stderr=open(self.log, "ab"), cwd=cwd,
                                      env={**os.environ, **(env or {})}, start_new_session=True)

    def first_line(self):
        line = self.popen.stdout.readline()
        if not line:
            raise RuntimeError(f"it did not start: {self.log.read_text(errors='replace')[-600:]}")
        return json.loads(line)

    def pids(self):
        found, todo = [], [self.popen.pid]
        while todo:
            pid = todo.pop()
            found.append(pid)
            for children in pathlib.Path(f"/proc/{pid}/task").glob("*/children"):
                try:
                    todo += [int(child) for child in children.read_text().split()]
                except OSError:
                    pass
        return found

    def threads(self):
        """(name, CPU seconds) of every thread, exact to the nanosecond."""
        result = []
        for pid in self.pids():
            for task in pathlib.Path(f"/proc/{pid}/task").glob("*"):
                try:
                    name = (task / "comm").read_text().strip()
                    result.append((name, int((task / "schedstat").read_text().split()[0]) / 1e9))
                except OSError:
                    pass
        return result

    def cpu(self, thread=None):
        return sum(seconds for name, seconds in self.threads() if thread in (None, name))

    def memory(self):
        """Resident bytes of all its processes; what they share counts in each."""
        total = 0
        for pid in self.pids():
            for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
                if line.startswith("VmRSS:"):
                    total += int(line.split()[1]) * 1024
        return total

    def is_alive(self):
        return self.popen.poll() is None

    def stop(self, patience=3):
        if self.is_alive():
            os.killpg(self.popen.pid, signal.SIGTERM)
            try:
                self.popen.wait(patience)
            except subprocess.TimeoutExpired:
                os.killpg(self.popen.pid, signal.SIGKILL)
                self.popen.wait()
        self.popen.stdout.close()

    def kill(self):
        os.killpg(self.popen.pid, signal.SIGKILL)
        self.popen.wait()
        self.popen.stdout.close()
