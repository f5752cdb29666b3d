# SPDX-License-Identifier: GPL-3.0-or-later
"""signalboxd in front of two small providers, one of which always fails, with mixed traffic."""
import contextlib
import http.client
import http.server
import json
import os
import pathlib
import subprocess
import tempfile
import threading
import time

TOKEN = "monitoring-token-0123456789"
CHAT = "/v1/chat/completions"
ANSWER = {"id": "1", "object": "chat.completion", "model": "gpt-x", "usage": {"prompt_tokens": 12, "completion_tokens": 5, "total_tokens": 17},
          "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "hello"}}]}
CHUNK = {"id": "1", "object": "chat.completion.chunk", "model": "gpt-x", "choices": [{"index": 0, "delta": {"content": "hello"}}]}


class Provider(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    broken = False

    def log_message(self, *_):
        pass

    def reply(self, status, content_type, body):
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        self.reply(200, "application/json", b'{"object":"list","data":[]}')

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        if self.broken:
            self.reply(503, "application/json", b'{"error":{"message":"down"}}')
        elif json.loads(body).get("stream"):
            self.reply(200, "text/event-stream", b"data: " + json.dumps(CHUNK).encode() + b"\n\ndata: [DONE]\n\n")
        else:
            self.reply(200, "application/json", json.dumps(ANSWER).encode())


class BrokenProvider(Provider):
    broken = True


@contextlib.contextmanager
def provider(handler):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()


def wait_for(what, condition, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        result = condition()
        if result:
            return result
        time.sleep(0.05)
    raise AssertionError(f"waited {seconds} s in vain for {what}")


@contextlib.contextmanager
def process(command, log, **options):
    with open(log, "wb") as out:
        child = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, **options)
    try:
        yield child
    finally:
        if child.poll() is None:
            child.terminate()
        try:
            child.wait(30)
        except subprocess.TimeoutExpired:
            child.kill()
            raise


def listening_port(log):
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
        with contextlib.suppress(ValueError):
            entry = json.loads(line)
            if isinstance(entry, dict) and entry.get("event") == "listening":
                return int(entry["url"].rsplit(":", 1)[1].strip("/"))
    return None


def ask(port, method, path, body=None, token=TOKEN):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        headers = {"Content-Type": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode("utf-8")
    finally:
        connection.close()


def metrics(port):
    status, text = ask(port, "GET", "/metrics", token=None)
    assert status == 200, (status, text)
    return text


@contextlib.contextmanager
def signalbox(program):
    """Yields the port of a signalboxd with the providers alpha (broken) and beta (well), and a temporary folder."""
    with tempfile.TemporaryDirectory() as name, provider(BrokenProvider) as alpha, provider(Provider) as beta:
        folder = pathlib.Path(name)
        config = folder / "config.json"
        config.write_text(json.dumps({"version": 1, "proxy": {"port": 0, "token": TOKEN}, "health": {"enabled": False}, "providers": [
            {"name": "alpha", "dialect": "openai", "baseUrl": f"http://127.0.0.1:{alpha}/v1", "key": None},
            {"name": "beta", "dialect": "openai", "baseUrl": f"http://127.0.0.1:{beta}/v1", "key": None}]}), encoding="utf-8")
        config.chmod(0o600)
        environment = dict(os.environ)
        for part in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"):
            (folder / part).mkdir(mode=0o700)
            environment[part] = str(folder / part)
        log = folder / "signalboxd.log"
        with process([program, "--config", str(config), "--port", "0"], log, env=environment) as child:
            port = wait_for("signalboxd to listen", lambda: child.poll() is not None or listening_port(log))
            assert child.poll() is None, log.read_text(encoding="utf-8")
            yield port, folder
        assert child.returncode == 0, log.read_text(encoding="utf-8")


def mixed_traffic(port, rounds=12):
    """Plain and streamed answers, failovers, refusals, unknown paths and more models than are told apart."""
    for number in range(rounds):
        for stream in (False, True):
            body = {"model": "gpt-x", "stream": stream, "messages": [{"role": "user", "content": "hi"}]}
            assert ask(port, "POST", CHAT, body)[0] == 200
        ask(port, "POST", CHAT, {"model": "gpt-x", "messages": []}, token="wrong")
        ask(port, "GET", f"/v1/no/such/path/{number}")
        ask(port, "GET", "/v1/models")
        ask(port, "POST", CHAT, {"model": 'strange "model"\\\n' + "x" * number, "messages": []})
    for number in range(80):
        ask(port, "POST", CHAT, {"model": f"model-{number}", "messages": []})
