# SPDX-License-Identifier: GPL-3.0-or-later
"""A provider that does every wrong thing. The model's name in a request says which: "fault-NAME"; any other model is
answered well. Faults of the connection itself have listeners of their own."""
import json
import re
import socket
import ssl
import struct
import threading
import time

JSON_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
STREAM_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
ANSWER = json.dumps({"id": "c1", "object": "chat.completion", "model": "m", "choices": [
    {"index": 0, "message": {"role": "assistant", "content": "hello"}, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 3, "completion_tokens": 1, "total_tokens": 4}}).encode()


def chunk(data):
    return b"%x\r\n%s\r\n" % (len(data), data)


def event(index, finish=None):
    choice = {"index": 0, "delta": {"content": f"w{index} "}, "finish_reason": finish}
    return chunk(b"data: " + json.dumps({"id": "c1", "model": "m", "choices": [choice]}).encode() + b"\n\n")


def sized(status, body, fields=b""):
    return b"HTTP/1.1 %s\r\nContent-Type: application/json\r\n%sContent-Length: %d\r\n\r\n%s" % (
        status, fields, len(body), body)


def reset(connection):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


class Hangup(Exception):
    """The fault ended the connection."""


# A fault sends what it sends; the connection goes on if it returns.
def _close(c, *parts):
    for part in parts:
        c.sendall(part)
    if parts:
        time.sleep(0.05)  # so that what was sent is read before the end
    raise Hangup


def _reset(c, *parts):
    for part in parts:
        c.sendall(part)
    if parts:
        time.sleep(0.05)
    reset(c)
    raise Hangup


def _hang(c, *parts):
    for part in parts:
        c.sendall(part)
    c.settimeout(30)
    while c.recv(65536):  # until the other side gives up
        pass
    raise Hangup


def _drip(c, data, pause):
    for byte in data:
        c.sendall(bytes([byte]))
        time.sleep(pause)


def _paced(c, events, pause):
    c.sendall(STREAM_HEAD)
    for index in range(events):
        c.sendall(event(index))
        time.sleep(pause)
    c.sendall(event(events, "stop") + chunk(b"data: [DONE]\n\n") + b"0\r\n\r\n")


def _later(c, seconds):
    time.sleep(seconds)
    c.sendall(sized(b"200 OK", ANSWER))


def _lost(c, seconds):
    """The provider's machine goes down in the middle of a stream."""
    c.sendall(STREAM_HEAD + event(0) + event(1))
    time.sleep(seconds)
    _reset(c)


def _error(status, kind):
    return sized(status, json.dumps({"error": {"message": kind, "type": kind, "code": kind}}).encode())


FAULTS = {
    "close": _close,
    "reset": _reset,
    "half_head": lambda c: _close(c, b"HTTP/1.1 200 OK\r\nContent-Le"),
    "reset_in_head": lambda c: _reset(c, b"HTTP/1.1 200 OK\r\nContent-Le"),
    "hang_head": _hang,
    "slow_head": lambda c: _drip(c, b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 4000, 0.02),
    "hang_body": lambda c: _hang(c, JSON_HEAD + b"Content-Length: 100\r\n\r\n{\"a"),
    "short_body": lambda c: _close(c, JSON_HEAD + b"Content-Length: 100\r\n\r\n{\"a"),
    "reset_in_body": lambda c: _reset(c, JSON_HEAD + b"Content-Length: 100\r\n\r\n{\"a"),
    "bad_chunk": lambda c: _hang(c, JSON_HEAD + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{\"\r\nzz\r\n"),
    "chunk_overflow": lambda c: _hang(c, JSON_HEAD + b"Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n"),
    "cut_chunk": lambda c: _close(c, JSON_HEAD + b"Transfer-Encoding: chunked\r\n\r\n20\r\n{\"a"),
    "no_status": lambda c: _close(c, b"SSH-2.0-OpenSSH_9.2\r\n"),
    "http09": lambda c: _close(c, b"<html>hello</html>"),
    "control_in_header": lambda c: _close(c, JSON_HEAD + b"X-A: a\0b\r\nContent-Length: 2\r\n\r\n{}"),
    "bare_cr": lambda c: _close(c, JSON_HEAD + b"X-A: a\rX-B: b\r\nContent-Length: 2\r\n\r\n{}"),
    "two_lengths": lambda c: _close(c, JSON_HEAD + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}"),
    "negative_length": lambda c: _close(c, JSON_HEAD + b"Content-Length: -2\r\n\r\n{}"),
    "huge_header": lambda c: _close(c, JSON_HEAD + b"X-A: " + b"a" * 300_000 + b"\r\nContent-Length: 2\r\n\r\n{}"),
    "many_headers": lambda c: _close(c, JSON_HEAD + b"".join(b"X-%d: v\r\n" % i for i in range(3000)) +
                                     b"Content-Length: 2\r\n\r\n{}"),
    "switching": lambda c: _close(c, b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"),
    "interim_flood": lambda c: _hang(c, b"HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n" * 20_000),
    "interim_then_hang": lambda c: _hang(c, b"HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n"),
    "empty": lambda c: c.sendall(sized(b"200 OK", b"")),
    "html": lambda c: c.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 13\r\n\r\n<html></html>"),
    "error_in_200": lambda c: c.sendall(_error(b"200 OK", "overloaded_error")),
    "error_event": lambda c: c.sendall(
        STREAM_HEAD + chunk(b'data: {"error":{"message":"busy","type":"overloaded_error"}}\n\n') + chunk(b"")),
    "empty_stream": lambda c: c.sendall(STREAM_HEAD + b"0\r\n\r\n"),
    "ping_then_hang": lambda c: _hang(c, STREAM_HEAD + chunk(b": ping\n\n")),
    "cut_stream": lambda c: _close(c, STREAM_HEAD, event(0), event(1)),
    "reset_stream": lambda c: _reset(c, STREAM_HEAD, event(0), event(1)),
    "stalled_stream": lambda c: _hang(c, STREAM_HEAD, event(0), event(1)),
    "paced": lambda c: _paced(c, 25, 0.1),  # no fault: there is time for one of something else
    "slow_stream": lambda c: _paced(c, 20, 0.45),
    "slow_answer": lambda c: _later(c, 2),
    "late_answer": lambda c: _later(c, 7.5),
    "lost_stream": lambda c: _lost(c, 2),
    "no_terminal": lambda c: c.sendall(STREAM_HEAD + event(0) + event(1) + b"0\r\n\r\n"),
    "late_error_event": lambda c: c.sendall(
        STREAM_HEAD + event(0) + chunk(b'data: {"error":{"message":"busy","type":"server_error"}}\n\n') + b"0\r\n\r\n"),
    "s400": lambda c: c.sendall(_error(b"400 Bad Request", "invalid_request_error")),
    "s401": lambda c: c.sendall(_error(b"401 Unauthorized", "authentication_error")),
    "s404": lambda c: c.sendall(_error(b"404 Not Found", "not_found")),
    "s408": lambda c: c.sendall(_error(b"408 Request Timeout", "timeout")),
    "s429": lambda c: c.sendall(sized(b"429 Too Many Requests", b'{"error":{"message":"slow"}}', b"Retry-After: 0\r\n")),
    "s500": lambda c: c.sendall(_error(b"500 Internal Server Error", "server_error")),
    "s501": lambda c: c.sendall(_error(b"501 Not Implemented", "server_error")),
    "s503": lambda c: c.sendall(_error(b"503 Service Unavailable", "server_error")),
    "s529": lambda c: c.sendall(_error(b"529 Overloaded", "overloaded_error")),
    "redirect": lambda c: c.sendall(b"HTTP/1.1 307 X\r\nLocation: http://127.0.0.2:9/\r\nContent-Length: 0\r\n\r\n"),
}
EARLY = {  # answered before the request's body was read
    "early_413": lambda c: _close(c, sized(b"413 Too Large", b'{"error":{"message":"large"}}', b"Connection: close\r\n")),
    "early_reset": _reset,
}


class Upstream:
    """Listens on a port of its host until closed."""

    def __init__(self, tls=None, port=0, host="127.0.0.1"):
        """port: one that was had before."""
        self._tls = tls
        self._listener = socket.create_server((host, port), backlog=512)
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        # Waiting in accept() keeps the port open: wake it.
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        try:
            if self._tls:
                connection = self._tls.wrap_socket(connection, server_side=True)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            buffer = b""
            while True:
                buffer = self._one(connection, buffer)
        except (OSError, Hangup, ssl.SSLError):
            pass
        finally:
            connection.close()

    def _one(self, connection, buffer):
        while b"\r\n\r\n" not in buffer:
            piece = connection.recv(65536)
            if not piece:
                raise Hangup
            buffer += piece
        head, _, body = buffer.partition(b"\r\n\r\n")
        early = re.search(rb"(?im)^x-fault: (\w+)", head)
        if early and early[1].decode() in EARLY:
            EARLY[early[1].decode()](connection)
        length = re.search(rb"(?im)^content-length: *(\d+)", head)
        length = int(length[1]) if length else 0
        while len(body) < length:
            piece = connection.recv(262144)
            if not piece:
                raise Hangup
            body += piece
        body, rest = body[:length], body[length:]
        fault = re.search(rb'"model":\s*"fault-(\w+)"', body)
        if fault:
            FAULTS[fault[1].decode()](connection)
        elif b'"stream": true' in body or b'"stream":true' in body:
            connection.sendall(STREAM_HEAD)
            for index in range(5):
                connection.sendall(event(index))
                time.sleep(0.005)
            connection.sendall(event(5, "stop") + chunk(b"data: [DONE]\n\n") + b"0\r\n\r\n")
        else:
            connection.sendall(sized(b"200 OK", ANSWER))
        return rest


class Listener:
    """A port that accepts connections and does one thing to each: for faults below HTTP."""

    def __init__(self, act=None, backlog=512):
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=backlog)
        self.port = self._socket.getsockname()[1]
        self._held = []
        if act:
            threading.Thread(target=self._accept, args=(act,), daemon=True).start()

    def _accept(self, act):
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self._held.append(connection)  # silence is not the end of the connection
            try:
                act(connection)
            except OSError:
                pass

    def close(self):
        self._socket.close()
        for connection in self._held:
            connection.close()


def refused_port():
    """A port that nobody listens on: bound, so that nobody else takes it."""
    holder = socket.socket()
    holder.bind(("127.0.0.1", 0))
    return holder, holder.getsockname()[1]
