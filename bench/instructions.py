# SPDX-License-Identifier: GPL-3.0-or-later
"""Started by instructions.sh. Each figure is the difference of two runs, one with more work than the other, so that start
and end do not count."""
import argparse
import json
import pathlib
import re
import subprocess
import sys
import tempfile

from processes import Process, wait_for_port, free_port

TOLERANCE = 1.10
REQUESTS = 1000
PROMPTS = 200  # of 100 KB, as agents send them
STREAMS, EVENTS = 4, 250
CHAT = "/v1/chat/completions"


class Work:
    def __init__(self, options, folder):
        self.options, self.folder, self.serial = options, folder, 0
        for name, extra, words in (("small", "", 80), ("prompt", "", 8500), ("stream", '"stream":true,', 80)):
            (folder / f"{name}.json").write_text('{"model":"gpt-4o",' + extra + '"messages":[{"role":"user","content":"'
                                                 + "lorem ipsum " * words + '"}]}')
        self.upstream = Process([options.binaries / "signalbox-bench-upstream", "--events", EVENTS, "--interval-us", 20000],
                                folder / "upstream.log")
        self.upstream_port = self.upstream.first_line()["port"]

    def client(self, port, *arguments):
        run = subprocess.run([self.options.binaries / "signalbox-bench-client", *map(str, arguments), "--path", CHAT,
                              "--target", f"signalbox:{port}"], capture_output=True, text=True, check=True)
        return json.loads(run.stdout.splitlines()[-1])

    def instructions(self, requests=0, prompts=0, streams=0):
        """Of one whole run of signalboxd."""
        self.serial += 1
        folder = self.folder / str(self.serial)
        folder.mkdir()
        config = folder / "config.json"
        config.write_text(json.dumps({
            "version": 1, "proxy": {"token": None}, "health": {"enabled": False},
            "providers": [{"name": "p", "dialect": "openai", "baseUrl": f"http://127.0.0.1:{self.upstream_port}/v1",
                           "key": None}]}))
        config.chmod(0o600)
        data = folder / "data"
        port = free_port()
        output = folder / "callgrind.out"
        engine = Process(["valgrind", "--tool=callgrind", f"--callgrind-out-file={output}", "--separate-threads=no",
                          self.options.binaries / "signalboxd", "--config", config, "--port", port, "--data-dir", data],
                         folder / "log", {"XDG_RUNTIME_DIR": str(folder), "HOME": str(folder)})
        try:
            wait_for_port(port, 60)
            # The same beginning for every run: connections, caches, the first write to the history.
            self.client(port, "latency", "--requests", 50, "--warm-up", 0, "--body", self.folder / "small.json")
            for body, count in (("small", requests), ("prompt", prompts)):
                if count:
                    result = self.client(port, "latency", "--requests", count, "--warm-up", 0, "--body",
                                         self.folder / f"{body}.json")
                    assert result["signalbox"]["errors"] == 0, result
            if streams:
                result = self.client(port, "streams", "--streams", streams, "--spread-ms", 20, "--body",
                                     self.folder / "stream.json")
                assert result["complete"] == streams, result
        finally:
            engine.stop(30)
        totals = re.search(r"^(?:summary|totals): (\d+)", output.read_text(), re.M)
        if self.options.keep:
            self.options.keep.mkdir(parents=True, exist_ok=True)
            (self.options.keep / f"callgrind.out.{self.serial}").write_bytes(output.read_bytes())
        return int(totals.group(1))

    def figures(self):
        base = self.instructions()
        request = (self.instructions(requests=REQUESTS) - base) / REQUESTS
        prompt = (self.instructions(prompts=PROMPTS) - base) / PROMPTS
        event = (self.instructions(streams=STREAMS) - base) / (STREAMS * EVENTS)
        return {"request": round(request), "prompt": round(prompt), "event": round(event)}


def main():
    parser = argparse.ArgumentParser(prog="instructions.sh")
    parser.add_argument("--update", action="store_true", help="store what is measured as the new baseline")
    parser.add_argument("--keep", type=pathlib.Path, help="folder for callgrind's files, for callgrind_annotate")
    parser.add_argument("--binaries", type=pathlib.Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--baseline", type=pathlib.Path, required=True, help=argparse.SUPPRESS)
    options = parser.parse_args()
    options.binaries = options.binaries.resolve()
    with tempfile.TemporaryDirectory(prefix="signalbox-instructions-") as folder:
        work = Work(options, pathlib.Path(folder))
        try:
            figures = work.figures()
        finally:
            work.upstream.stop()
    if options.update:
        options.baseline.write_text(json.dumps(figures, indent=1) + "\n")
    baseline = json.loads(options.baseline.read_text())
    worse = 0
    for name, value in figures.items():
        ratio = value / baseline.get(name, value)
        worse += ratio > TOLERANCE
        print(f"instructions per {name:8} {value:10,} baseline {baseline.get(name, value):10,} {100 * (ratio - 1):+6.1f} %"
              f"{'  more than 10 % above' if ratio > TOLERANCE else ''}")
    sys.exit(1 if worse else 0)


if __name__ == "__main__":
    main()
