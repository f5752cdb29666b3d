#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Slow / abusive client runner (stdlib only, loopback).
  run_slow_clients.py --proxy H:P --upstream H:P [--pid PROXY_PID] [--path /v1/messages] [--header 'Authorization: Bearer x'] [--limit 20]
Prints one line per check; numbers are meant to be compared with nginx/haproxy (see security_reliability.md).
"""
import argparse, os, re, socket, statistics, sys, threading, time

ap = argparse.ArgumentParser()
hp = lambda s: (s.rsplit(":", 1)[0], int(s.rsplit(":", 1)[1]))
ap.add_argument("--proxy", type=hp, required=True)
ap.add_argument("--upstream", type=hp, default=("127.0.0.1", 18999))
ap.add_argument("--pid", type=int, default=0)
ap.add_argument("--path", default="")
ap.add_argument("--header", action="append", default=[])
ap.add_argument("--limit", type=float, default=20, help="seconds a slow header/body client may survive")
ap.add_argument("--idle", type=int, default=300)
ap.add_argument("--big", type=int, default=64, help="MiB the upstream tries to push at a client that does not read")
ap.add_argument("--only", default="")
a = ap.parse_args()
HV = "%s:%d" % a.proxy
EXTRA = "".join(h + "\r\n" for h in a.header)
ST = dict(closed={}, sent={}, got={})


def rss(pid=None):
    try:
        tot = 0
        pids = [pid or a.pid]
        for p in os.listdir("/proc"):
            if p.isdigit():
                try:
                    if int(open(f"/proc/{p}/stat").read().rsplit(")", 1)[1].split()[1]) == a.pid:
                        pids.append(int(p))
                except OSError:
                    pass
        for p in pids:
            tot += int(re.search(r"VmRSS:\s+(\d+)", open(f"/proc/{p}/status").read()).group(1))
        return tot
    except (OSError, AttributeError, ValueError):
        return 0


def fds():
    try:
        return len(os.listdir(f"/proc/{a.pid}/fd"))
    except OSError:
        return 0


def upstream():
    ls = socket.socket()
    ls.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    ls.bind(a.upstream)
    ls.listen(256)
    while True:
        c, _ = ls.accept()
        threading.Thread(target=serve, args=(c,), daemon=True).start()


def serve(c):
    buf = b""
    try:
        while True:
            while b"\r\n\r\n" not in buf:
                d = c.recv(65536)
                if not d:
                    return
                buf += d
            head, _, rest = buf.partition(b"\r\n\r\n")
            m = re.search(rb"(?i)\r\nx-mode:[ \t]*(\w+)", head)
            mode = m.group(1).decode() if m else "ok"
            n = int((re.search(rb"(?i)\r\ncontent-length:[ \t]*(\d+)", head) or [0, 0])[1])
            ST["got"][mode] = ST["got"].get(mode, 0) + 1
            while len(rest) < n:
                d = c.recv(65536)
                if not d:
                    ST["closed"][mode] = time.monotonic()
                    return
                rest += d
            buf = rest[n:]
            if mode == "big":
                c.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
                blk = b"10000\r\n" + b"x" * 65536 + b"\r\n"
                c.settimeout(25)
                for i in range(a.big * 16):
                    c.sendall(blk)
                    ST["sent"][mode] = (i + 1) * 65536
                c.sendall(b"0\r\n\r\n")
            elif mode == "stream":
                c.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
                c.setblocking(False)
                for i in range(400):
                    try:
                        c.send(b"d\r\ndata: tick 1\n\n"[:3] + b"data: tick1\n\n" + b"\r\n")
                        if c.recv(1) == b"":
                            raise ConnectionResetError
                    except BlockingIOError:
                        pass
                    time.sleep(0.02)
                return
            else:
                c.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\nok")
    except OSError:
        pass
    finally:
        ST["closed"].setdefault("stream" if "mode" in dir() and mode == "stream" else "x", time.monotonic())
        try:
            c.close()
        except OSError:
            pass


def req(mode="ok", body=b"{}", extra="", path=None):
    return (f"POST {path or a.path or '/x'} HTTP/1.1\r\nHost: {HV}\r\n{EXTRA}X-Mode: {mode}\r\n{extra}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n").encode() + body


def conn(t=5):
    s = socket.create_connection(a.proxy, timeout=t)
    s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return s


def one(t=5):
    t0 = time.monotonic()
    try:
        s = conn(t)
        s.sendall(req())
        s.settimeout(t)
        d = s.recv(4096)
        s.close()
        return (time.monotonic() - t0) * 1000 if b" 200 " in d[:20] else -1
    except OSError:
        return -1


def pct(v, p):
    v = sorted(v)
    return v[min(len(v) - 1, int(len(v) * p))] if v else -1


def show(name, ok, txt):
    print(f"{'pass' if ok else 'FAIL':4} {name:14} {txt}", flush=True)
    return 0 if ok else 1


def drip(first, piece):
    s = conn()
    s.sendall(first)
    t0 = time.monotonic()
    got = b""
    while time.monotonic() - t0 < a.limit + 5:
        try:
            s.settimeout(0.4)
            d = s.recv(4096)
            got += d
            if not d or got:
                break
        except socket.timeout:
            pass
        except OSError:
            break
        try:
            s.sendall(piece)
        except OSError:
            break
    dt = time.monotonic() - t0
    s.close()
    return dt, got[:12].decode("latin1")


def main():
    threading.Thread(target=upstream, daemon=True).start()
    time.sleep(0.2)
    base = [one() for _ in range(50)]
    if min(base) < 0:
        print("baseline request failed", base[:3])
        return 101
    bad = 0
    r0, f0 = rss(), fds()
    want = lambda n: not a.only or a.only in n
    print(f"base: p50 {statistics.median(base):.2f} ms, RSS {r0} KiB, fds {f0}")
    if want("slow_headers"):
        dt, g = drip(f"POST /x HTTP/1.1\r\nHost: {HV}\r\n".encode(), b"X-a: b\r\n")
        bad += show("slow_headers", dt <= a.limit, f"cut after {dt:.1f} s, answer {g!r} (limit {a.limit:.0f})")
    if want("slow_body"):
        dt, g = drip(req(mode="slowbody", body=b"")[:-4].replace(b"Content-Length: 0", b"Content-Length: 100000") + b"\r\n\r\n", b"x")
        print(f"{'pass' if dt <= a.limit + 4 else 'warn'} slow_body      cut after {dt:.1f} s, answer {g!r}; upstream request started: {ST['got'].get('slowbody', 0)} (a streaming proxy may pass it on; bound it by total time or minimum rate: nginx and haproxy do not)", flush=True)
    if want("idle_conns"):
        cs = []
        fail = 0
        for _ in range(a.idle):
            try:
                cs.append(conn(2))
            except OSError:
                fail += 1
        lat = [one() for _ in range(100)]
        okc = [x for x in lat if x >= 0]
        txt = f"{len(cs)} idle connections open ({fail} refused); {len(okc)}/100 normal requests ok, p99 {pct(okc, .99):.1f} ms; RSS +{rss() - r0} KiB, fds {fds()}"
        bad += show("idle_conns", len(okc) == 100, txt)
        for s in cs:
            s.close()
    if want("slow_reader"):
        r1 = rss()
        s = socket.socket()
        s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        s.connect(a.proxy)
        s.sendall(req("big"))
        time.sleep(3)
        lat = [one() for _ in range(50)]
        okc = [x for x in lat if x >= 0]
        d = rss() - r1
        sent = ST["sent"].get("big", 0)
        bad += show("slow_reader", d < 16384 and len(okc) == 50, f"upstream could push {sent / 1048576:.1f} of {a.big} MiB, RSS +{d} KiB; others {len(okc)}/50 ok p99 {pct(okc, .99):.1f} ms")
        s.close()
    if want("disconnect"):
        ts = []
        for _ in range(5):
            ST["closed"].pop("stream", None)
            s = conn()
            s.sendall(req("stream"))
            s.settimeout(3)
            s.recv(4096)
            time.sleep(0.1)
            t0 = time.monotonic()
            s.close()
            while "stream" not in ST["closed"] and time.monotonic() - t0 < 6:
                time.sleep(0.005)
            ts.append((ST["closed"].get("stream", t0 + 9) - t0) * 1000)
            time.sleep(0.1)
        bad += show("disconnect", max(ts) < 1000, f"upstream saw the cancel after {['%.0f' % x for x in ts]} ms")
    if want("half_close"):
        s = conn()
        s.sendall(req())
        s.shutdown(socket.SHUT_WR)
        s.settimeout(4)
        try:
            g = s.recv(4096)[:15]
        except OSError as e:
            g = repr(e).encode()
        print(f"info half_close     after FIN from the client: {g!r}")
    if want("endless_header"):
        for nm, first, piece in (("endless_header", f"GET /x HTTP/1.1\r\nHost: {HV}\r\n".encode(), b"X-a: " + b"b" * 4000 + b"\r\n"), ("endless_value", f"GET /x HTTP/1.1\r\nHost: {HV}\r\nX: ".encode(), b"b" * 4096), ("endless_line", b"GET /", b"a" * 4096)):
            s = conn()
            s.sendall(first)
            n, g = len(first), b""
            s.settimeout(0.01)
            while n < 32 << 20:
                try:
                    s.sendall(piece)
                    n += len(piece)
                    if n % (64 << 10) < 4100:
                        g = s.recv(4096)
                        break
                except socket.timeout:
                    pass
                except OSError:
                    break
            if not g:
                try:
                    s.settimeout(1)
                    g = s.recv(4096)
                except OSError:
                    pass
            s.close()
            bad += show(nm, n < 4 << 20, f"stopped after {n / 1024:.0f} KiB, answer {g[:12]!r}; RSS +{rss() - r0} KiB")
    if want("churn"):
        t0 = time.monotonic()
        for i in range(2000):
            try:
                s = conn(2)
                if i % 3 == 0:
                    s.sendall(b"GET / HT")
                if i % 3 == 1:
                    s.sendall(req()[:60])
                s.close()
            except OSError:
                pass
        dt = time.monotonic() - t0
        time.sleep(1)
        lat = [one() for _ in range(50)]
        bad += show("churn", min(lat) >= 0 and (not a.pid or fds() <= f0 + 40), f"2000 aborted connections in {dt:.1f} s; afterwards 50/50 ok={min(lat) >= 0}, fds {f0} -> {fds()}, RSS +{rss() - r0} KiB")
    lat = [one() for _ in range(50)]
    print(f"end:  p50 {statistics.median(lat):.2f} ms, RSS {rss()} KiB (start {r0}), fds {fds()} (start {f0})")
    return bad


sys.exit(main())
