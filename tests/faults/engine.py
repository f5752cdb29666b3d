# SPDX-License-Identifier: GPL-3.0-or-later
"""A signalboxd of its own for a test: configuration, start, what it says, end. Loopback and kernel-picked ports only."""
import http.client
import json
import os
import signal
import subprocess
import tempfile
import threading
import time


class Engine:
    def __init__(self, program, providers, prepare=None, **sections):
        """providers: the configuration's list; sections: its other members; prepare: runs in the child before it
        starts, to set limits."""
        self.folder = tempfile.TemporaryDirectory()
        self.requests = []  # what --log-requests says, in order
        self.complaints = []  # every other line
        self._arrived = threading.Condition()
        configuration = {"version": 1, "proxy": {"token": None}, "health": {"enabled": False}, "providers": providers}
        configuration.update(sections)
        self.config = os.path.join(self.folder.name, "config.json")
        with open(os.open(self.config, os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="utf-8") as file:
            json.dump(configuration, file)
        environment = {name: value for name, value in os.environ.items() if name.endswith("_OPTIONS") or name == "PATH"}
        environment.update({name: self.folder.name for name in
                            ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR")})
        self._program, self._environment = program, environment
        self.process = subprocess.Popen(
            [program, "--config", self.config, "--port", "0", "--log-requests"], stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, env=environment, cwd=self.folder.name, text=True, preexec_fn=prepare)
        self.port = None
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        with self._arrived:
            self._arrived.wait_for(lambda: self.port or self.process.poll() is not None, timeout=60)
        if not self.port:
            raise RuntimeError("signalboxd does not listen: " + "".join(self.complaints))

    def _read(self):
        for line in self.process.stdout:
            try:
                said = json.loads(line)
            except ValueError:
                said = {}
            with self._arrived:
                if said.get("event") == "listening":
                    self.port = int(said["url"].rsplit(":", 1)[1])
                elif said.get("event") == "request":
                    self.requests.append(said)
                else:
                    self.complaints.append(line)
                self._arrived.notify_all()
        with self._arrived:
            self._arrived.notify_all()

    def logged(self, request_id, patience=10):
        """The log entry of a request; None if there is none."""
        def found():
            return next((entry for entry in self.requests if entry["id"] == request_id), None)
        with self._arrived:
            self._arrived.wait_for(found, timeout=patience)
            return found()

    def wait_logged(self, count, patience=20):
        with self._arrived:
            return self._arrived.wait_for(lambda: len(self.requests) >= count, timeout=patience)

    def status(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.request("GET", "/status", headers={"Connection": "close"})
        return json.loads(connection.getresponse().read())

    def control(self, *arguments):
        """signalboxctl, which lies beside signalboxd."""
        subprocess.run([os.path.join(os.path.dirname(self._program), "signalboxctl"), *arguments], check=True,
                       env=self._environment, stdout=subprocess.DEVNULL, timeout=60)

    def provider(self, name):
        return next(p for p in self.status()["providers"] if p["name"] == name)

    def open_files(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def resident_kib(self):
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as file:
            return next(int(line.split()[1]) for line in file if line.startswith("VmRSS:"))

    def cpu_seconds(self):
        with open(f"/proc/{self.process.pid}/stat", encoding="ascii") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def wait_idle(self, patience=20):
        """Until nothing is in flight and no client but the asker is connected; what is left if that never comes."""
        left = {}
        end = time.monotonic() + patience
        while time.monotonic() < end:
            status = self.status()
            left = {"in flight": status["inFlight"], "connections": status["listener"]["connections"] - 1}
            for provider in status["providers"]:
                left[provider["name"] + " in flight"] = provider["inFlight"]
                left[provider["name"] + " active"] = provider["pool"]["active"] + provider["pool"]["waiting"]
            if not any(left.values()):
                return {}
            time.sleep(0.1)
        return {name: count for name, count in left.items() if count}

    def stop(self):
        """The exit status and what was said besides requests."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=60)
        self._reader.join(timeout=10)
        self.folder.cleanup()
        return code, "".join(self.complaints)
