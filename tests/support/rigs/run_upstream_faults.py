#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Upstream-fault runner (stdlib only, loopback): a scripted misbehaving upstream behind the proxy under test.

  run_upstream_faults.py --proxy 127.0.0.1:8080 --upstream 127.0.0.1:18999 [--path /v1/messages] [--header 'Authorization: Bearer x']

The fault is selected by the request path (/f/<mode>), a header X-Fault, or "fault":"<mode>" in the JSON body.
Checked per mode: status, was the end of the body *signalled as clean*, how many copies of the POST the upstream saw,
did foreign bytes leak into this or the next response, does the proxy still work afterwards (canary).
verdict: pass | warn | FAIL
"""
import argparse, json, os, re, socket, struct, sys, threading, time

CRLF = b"\r\n"


def rst(c):
    c.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    c.close()


class Up(threading.Thread):
    def __init__(self, addr):
        super().__init__(daemon=True)
        self.addr = addr
        self.seen = {}
        self.heads = {}
        self.lock = threading.Lock()
        self.trap_hits = []
        self.nth = {}
        self.open()

    def open(self):
        self.ls = socket.socket()
        self.ls.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.ls.bind(self.addr)
        self.ls.listen(128)

    def run(self):
        while True:
            try:
                c, _ = self.ls.accept()
            except OSError:
                time.sleep(0.05)
                continue
            threading.Thread(target=self.serve, args=(c,), daemon=True).start()

    def read_req(self, c, buf, early):
        while b"\r\n\r\n" not in buf:
            d = c.recv(65536)
            if not d:
                return None, b""
            buf += d
        head, _, rest = buf.partition(b"\r\n\r\n")
        m = re.search(rb"(?i)\r\ncontent-length:[ \t]*(\d+)", head)
        if re.search(rb"(?i)\r\nexpect:[ \t]*100-continue", head) and early is None:
            c.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        mode = re.search(rb"/f/([a-z0-9_]+)", head.split(b"\r\n")[0]) or re.search(rb"(?i)\r\nx-fault:[ \t]*([a-z0-9_]+)", head)
        if mode and mode.group(1) == b"early_413":
            return (head, rest, mode.group(1).decode()), b""
        if m:
            n = int(m.group(1))
            while len(rest) < n:
                d = c.recv(65536)
                if not d:
                    return None, b""
                rest += d
            body, rest = rest[:n], rest[n:]
        elif re.search(rb"(?i)\r\ntransfer-encoding:[ \t]*chunked", head):
            while not rest.endswith(b"0\r\n\r\n"):
                d = c.recv(65536)
                if not d:
                    return None, b""
                rest += d
            body, rest = rest, b""
        else:
            body = b""
        if not mode:
            mode = re.search(rb'"fault"\s*:\s*"([a-z0-9_]+)"', body)
        return (head, body, mode.group(1).decode() if mode else "ok_cl"), rest

    def serve(self, c):
        buf = b""
        n = 0
        try:
            while True:
                r, buf = self.read_req(c, buf, None)
                if r is None:
                    c.close()
                    return
                head, body, mode = r
                idm = re.search(rb"(?i)x-case:[ \t]*(\S+)", head) or re.search(rb'"case"\s*:\s*"([^"]+)"', body) or re.search(rb"[?&]case=([^ &]+)", head)
                key = (idm.group(1).decode() if idm else "?", mode)
                with self.lock:
                    self.seen[key] = self.seen.get(key, 0) + 1
                    self.heads[key] = head
                    self.nth.setdefault(key, n)
                if not self.act(c, mode, n, key):
                    return
                n += 1
        except OSError:
            pass

    def act(self, c, mode, n, key):
        S = c.sendall
        ok = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
        ch = ok + b"Transfer-Encoding: chunked\r\n\r\n"
        sse = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-cache\r\nTransfer-Encoding: chunked\r\n\r\n"
        ev = lambda i: b"%x\r\n" % len(b"data: {\"i\":%d}\n\n" % i) + b"data: {\"i\":%d}\n\n" % i + CRLF
        full = ok + b"Content-Length: 11\r\n\r\n{\"ok\":true}"
        if mode == "ok_cl":
            S(full)
        elif mode == "ok_chunked":
            S(ch + b"5\r\n{\"ok\"\r\n6\r\n:true}\r\n0\r\n\r\n")
        elif mode == "ok_close":
            S(ok + b"Connection: close\r\n\r\n{\"ok\":true}")
            c.close()
            return False
        elif mode == "ok_sse":
            S(sse)
            for i in range(3):
                S(ev(i))
                time.sleep(0.1)
            S(b"0\r\n\r\n")
        elif mode == "slow_drip":
            for b in full:
                S(bytes([b]))
                time.sleep(0.01)
        elif mode == "close_nohead":
            c.close()
            return False
        elif mode == "rst_nohead":
            rst(c)
            return False
        elif mode == "close_midhead":
            S(b"HTTP/1.1 200 OK\r\nContent-Le")
            c.close()
            return False
        elif mode == "cl_short":
            S(ok + b"Content-Length: 100\r\n\r\n" + b"x" * 50)
            time.sleep(0.1)
            c.close()
            return False
        elif mode == "cl_short_rst":
            S(ok + b"Content-Length: 100\r\n\r\n" + b"x" * 50)
            time.sleep(0.1)
            rst(c)
            return False
        elif mode == "chunk_trunc":
            S(ch + b"5\r\nhello\r\n")
            time.sleep(0.1)
            c.close()
            return False
        elif mode == "chunk_midchunk":
            S(ch + b"20\r\nhello")
            time.sleep(0.1)
            c.close()
            return False
        elif mode == "chunk_bad_size":
            S(ch + b"5\r\nhello\r\n")
            time.sleep(0.1)
            S(b"zz\r\nworld\r\n0\r\n\r\n")
        elif mode == "chunk_neg":
            S(ch + b"5\r\nhello\r\n")
            time.sleep(0.1)
            S(b"-5\r\nworld\r\n0\r\n\r\n")
        elif mode == "chunk_overflow":
            S(ch + b"5\r\nhello\r\n")
            time.sleep(0.1)
            S(b"ffffffffffffffff5\r\nworld\r\n0\r\n\r\n")
        elif mode == "chunk_nocrlf":
            S(ch + b"5\r\nhelloXX5\r\nworld\r\n0\r\n\r\n")
        elif mode == "sse_rst":
            S(sse)
            S(ev(0))
            S(ev(1))
            time.sleep(0.1)
            rst(c)
            return False
        elif mode == "sse_close":
            S(sse)
            S(ev(0))
            S(ev(1))
            time.sleep(0.1)
            c.close()
            return False
        elif mode == "bad_status":
            S(b"HTTP/9 abc\r\nContent-Length: 0\r\n\r\n")
        elif mode == "http09":
            S(b"<html>no status line</html>\r\n\r\n")
            c.close()
            return False
        elif mode == "ssh_banner":
            S(b"SSH-2.0-OpenSSH_9.2p1 Debian\r\n")
            c.close()
            return False
        elif mode == "hdr_nul":
            S(ok + b"X-A: a\0b\r\nContent-Length: 11\r\n\r\n{\"ok\":true}")
        elif mode == "hdr_barecr":
            S(ok + b"X-A: a\rX-Injected: 1\r\nContent-Length: 11\r\n\r\n{\"ok\":true}")
        elif mode == "hdr_nocolon":
            S(ok + b"NoColonHere\r\nContent-Length: 11\r\n\r\n{\"ok\":true}")
        elif mode == "hdr_space_colon":
            S(ok + b"X-A : 1\r\nContent-Length: 11\r\n\r\n{\"ok\":true}")
        elif mode == "hdr_obsfold":
            S(ok + b"X-A: 1\r\n folded\r\nContent-Length: 11\r\n\r\n{\"ok\":true}")
        elif mode == "dup_cl":
            S(ok + b"Content-Length: 11\r\nContent-Length: 5\r\n\r\n{\"ok\":true}")
        elif mode == "cl_te":
            S(ok + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n{\"ok\":true}\r\n0\r\n\r\n")
        elif mode == "neg_cl":
            S(ok + b"Content-Length: -11\r\n\r\n{\"ok\":true}")
            c.close()
            return False
        elif mode == "extra_after":
            S(full + b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nEVIL")
        elif mode == "early_413":
            S(b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\nConnection: close\r\n\r\nbig")
            time.sleep(0.2)
            c.close()
            return False
        elif mode == "i100":
            S(b"HTTP/1.1 100 Continue\r\n\r\n" + full)
        elif mode == "i103":
            S(b"HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n" + full)
        elif mode == "i101":
            S(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\nEVIL")
            time.sleep(0.2)
            c.close()
            return False
        elif mode == "b204":
            S(b"HTTP/1.1 204 No Content\r\nContent-Length: 4\r\n\r\nEVIL")
        elif mode == "b304":
            S(b"HTTP/1.1 304 Not Modified\r\nContent-Length: 4\r\n\r\nEVIL")
        elif mode == "big_header":
            S(ok + b"X-Big: " + b"a" * 300000 + b"\r\nContent-Length: 11\r\n\r\n{\"ok\":true}")
        elif mode == "many_headers":
            S(ok + b"".join(b"X-%d: v\r\n" % i for i in range(5000)) + b"Content-Length: 11\r\n\r\n{\"ok\":true}")
        elif mode == "trailers":
            S(ch + b"b\r\n{\"ok\":true}\r\n0\r\nX-T: 1\r\nSet-Cookie: evil=1\r\n\r\n")
        elif mode == "keepalive_close":
            S(full)
            c.close()
            return False
        elif mode == "reuse_rst":      # answers on a fresh connection, resets a reused one after reading the request
            if n == 0:
                S(full)
            else:
                rst(c)
                return False
        elif mode == "reuse_fin":
            if n == 0:
                S(full)
            else:
                c.close()
                return False
        elif mode == "redirect":
            S(b"HTTP/1.1 307 Temporary Redirect\r\nLocation: http://localhost:%d/f/trap\r\nContent-Length: 0\r\n\r\n" % self.addr[1])
        elif mode == "trap":
            self.trap_hits.append(self.heads.get(key, b""))
            S(full)
        elif mode in ("s429", "s500", "s503", "s529"):
            S(b"HTTP/1.1 %s X\r\nContent-Type: application/json\r\nRetry-After: 1\r\nContent-Length: 12\r\n\r\n{\"error\":{}}" % mode[1:].encode())
        elif mode == "hang_head":
            time.sleep(12)
            c.close()
            return False
        elif mode == "hang_body":
            S(ok + b"Content-Length: 100\r\n\r\n" + b"x" * 50)
            time.sleep(12)
            c.close()
            return False
        else:
            S(full)
        return True


# mode -> (expected statuses, must_be_clean: True/False/None, max POST copies, note)
E5 = (500, 502, 503, 504)
SPEC = {
    "ok_cl": ((200,), True, 1, ""), "ok_chunked": ((200,), True, 1, ""), "ok_close": ((200,), None, 1, ""), "ok_sse": ((200,), True, 1, ""), "slow_drip": ((200,), True, 1, ""),
    "close_nohead": (E5, True, 1, "no replay of POST"), "rst_nohead": (E5, True, 1, "no replay of POST"), "close_midhead": (E5, True, 1, ""),
    "cl_short": ((200,) + E5, False, 1, "truncation must stay visible"), "cl_short_rst": ((200,) + E5, False, 1, ""),
    "chunk_trunc": ((200,) + E5, False, 1, ""), "chunk_midchunk": ((200,) + E5, False, 1, ""), "chunk_bad_size": ((200,) + E5, False, 1, ""), "chunk_neg": ((200,) + E5, False, 1, ""),
    "chunk_overflow": ((200,) + E5, False, 1, ""), "chunk_nocrlf": ((200,) + E5, False, 1, ""), "sse_rst": ((200,), False, 1, ""), "sse_close": ((200,), False, 1, ""),
    "bad_status": (E5, True, 1, ""), "http09": (E5, True, 1, ""), "ssh_banner": (E5, True, 1, ""),
    "hdr_nul": ((200,) + E5, None, 1, "reject or sanitise"), "hdr_barecr": ((200,) + E5, None, 1, "no X-Injected line"), "hdr_nocolon": ((200,) + E5, None, 1, ""), "hdr_space_colon": ((200,) + E5, None, 1, ""), "hdr_obsfold": ((200,) + E5, None, 1, ""),
    "dup_cl": (E5, True, 1, ""), "cl_te": ((200,) + E5, None, 1, "TE wins or 502"), "neg_cl": (E5, True, 1, ""),
    "extra_after": ((200,) + E5, True, 1, "EVIL must not leak"), "early_413": ((413, 502, 503), True, 1, "response before the body is read"),
    "i100": ((200,), True, 1, ""), "i103": ((200,), True, 1, ""), "i101": (E5 + (101,), None, 1, ""), "b204": ((204,) + E5, None, 1, "EVIL must not leak"), "b304": ((304,) + E5, None, 1, ""),
    "big_header": (E5 + (200,), None, 1, ""), "many_headers": (E5 + (200,), None, 1, ""), "trailers": ((200,), None, 1, ""),
    "keepalive_close": ((200,), True, 1, ""), "reuse_rst": ((200,) + E5, None, 1, "POST on a reused connection: copies = 1 unless provably unsent"), "reuse_fin": ((200,) + E5, None, 1, ""),
    "redirect": ((307, 502), None, 1, "must not be followed with credentials"), "s429": ((429,), True, 1, "status passes"), "s500": ((500,), True, 1, ""), "s503": ((503,), True, 1, ""), "s529": ((529,), True, 1, ""),
}


def recv_all(s, timeout, stop_clean=True):
    buf = b""
    t0 = time.monotonic()
    state = "open"
    ttfb = None
    while time.monotonic() - t0 < timeout:
        s.settimeout(0.2)
        try:
            d = s.recv(65536)
            if not d:
                state = "closed"
                break
            ttfb = ttfb or time.monotonic() - t0
            buf += d
        except socket.timeout:
            if buf and stop_clean and clean_end(buf)[1] is True:
                break
        except OSError:
            state = "reset"
            break
    return buf, state, ttfb, time.monotonic() - t0


def clean_end(buf):
    """-> (status, clean True/False/None(close-delimited), body, head)"""
    pos = 0
    while True:
        m = re.compile(rb"HTTP/1\.[01] (\d{3})").match(buf, pos)
        if not m:
            return 0, False, b"", b""
        st = int(m.group(1))
        e = buf.find(b"\r\n\r\n", pos)
        if e < 0:
            return st, False, b"", b""
        head = buf[pos:e]
        pos = e + 4
        if 100 <= st < 200 and st != 101:
            continue
        break
    body = buf[pos:]
    if st in (204, 304):
        return st, True, body, head
    if re.search(rb"(?i)\r\ntransfer-encoding:[ \t]*chunked", head):
        p, out = 0, b""
        while True:
            q = body.find(b"\r\n", p)
            if q < 0:
                return st, False, out, head
            mm = re.match(rb"([0-9a-fA-F]+)", body[p:q])
            if not mm:
                return st, False, out, head
            n = int(mm.group(1), 16)
            if n == 0:
                return st, body.find(b"\r\n\r\n", q) >= 0 or body[q:q + 4] == b"\r\n\r\n", out, head
            if len(body) < q + 2 + n + 2:
                return st, False, out + body[q + 2:], head
            out += body[q + 2:q + 2 + n]
            p = q + 2 + n + 2
    m = re.search(rb"(?i)\r\ncontent-length:[ \t]*(\d+)", head)
    if m:
        n = int(m.group(1))
        return st, len(body) >= n, body[:n], head
    return st, None, body, head


def post(a, mode, cid, body_extra=b"", timeout=6.0, size=0):
    j = json.dumps({"model": "m", "stream": mode.startswith(("sse", "ok_sse")), "fault": mode, "case": cid, "messages": [], "pad": "p" * size}).encode()
    tgt = a.path if a.path else f"/f/{mode}?case={cid}"
    h = "".join(x + "\r\n" for x in a.header)
    raw = f"POST {tgt} HTTP/1.1\r\nHost: {a.host_value}\r\n{h}Content-Type: application/json\r\nX-Fault: {mode}\r\nX-Case: {cid}\r\nContent-Length: {len(j)}\r\n\r\n".encode() + j
    s = socket.create_connection(a.proxy, timeout=3)
    try:
        s.sendall(raw)
    except OSError:
        pass
    r = recv_all(s, timeout)
    s.close()
    return r


def main():
    ap = argparse.ArgumentParser()
    hp = lambda s: (s.rsplit(":", 1)[0], int(s.rsplit(":", 1)[1]))
    ap.add_argument("--proxy", type=hp, required=True)
    ap.add_argument("--upstream", type=hp, default=("127.0.0.1", 18999))
    ap.add_argument("--path", default="")
    ap.add_argument("--header", action="append", default=[])
    ap.add_argument("--host-value", default=None)
    ap.add_argument("--only", default=None)
    ap.add_argument("--out", default=None)
    ap.add_argument("--slow", action="store_true", help="also hang_head / hang_body (needs proxy timeouts < 10 s)")
    a = ap.parse_args()
    a.host_value = a.host_value or "%s:%d" % a.proxy
    up = Up(a.upstream)
    up.start()
    spec = dict(SPEC)
    if a.slow:
        spec["hang_head"] = ((504, 502, 408), True, 1, "response timeout")
        spec["hang_body"] = ((200,) + E5, False, 1, "body timeout must abort")
    res = []
    tag = "%06x" % (int(time.time() * 10) & 0xFFFFFF)
    for mode, (sts, clean, copies, note) in spec.items():
        if a.only and a.only not in mode:
            continue
        cid = f"{tag}-{mode}"
        for k in range(6 if mode.startswith("reuse_") else 1):
            if mode.startswith("reuse_"):            # repeat until the request really arrives on a reused connection
                cid = f"{tag}-{mode}{k}"
                post(a, "ok_cl", cid + "a", timeout=3)
                time.sleep(0.05)
            buf, state, ttfb, dt = post(a, mode, cid, timeout=14 if mode.startswith("hang") else 6, size=3_000_000 if mode == "early_413" else 0)
            if up.nth.get((cid, mode), 0) > 0:
                break
        else:
            if mode.startswith("reuse_"):
                note = "no reused upstream connection seen; " + note
        st, cl, body, head = clean_end(buf)
        n = up.seen.get((cid, mode), 0)
        time.sleep(0.05)
        if mode == "keepalive_close":
            b2 = post(a, "ok_cl", cid + "n", timeout=4)[0]
        else:
            b2 = post(a, "ok_cl", cid + "n", timeout=4)[0]
        can = clean_end(b2)
        v, why = "pass", []
        if st not in sts:
            v = "FAIL" if (st == 0 and state == "open") else "warn"
            why.append(f"status {st} not in {sts}" + (" (hang)" if state == "open" and st == 0 else ""))
            if st == 0 and state in ("closed", "reset"):
                why.append("connection dropped without an HTTP answer")
        if clean is False and cl is True and st == 200:
            v = "FAIL"
            why.append("truncated/invalid upstream body was delivered as a complete response")
        if clean is False and cl is None and st == 200:
            v = "FAIL" if v != "FAIL" else v
            why.append("close-delimited: client cannot see the truncation")
        if clean is False and st == 200 and state == "open" and cl is False:
            v = "FAIL"
            why.append("client left hanging")
        if n > copies:
            v = "FAIL"
            why.append(f"upstream saw the POST {n} times")
        if b"EVIL" in buf and mode in ("extra_after", "b204", "b304"):
            v = "FAIL"
            why.append("foreign bytes reached the client")
        if b"X-Injected: 1" in head and re.search(rb"\r\nX-Injected", head):
            v = "FAIL"
            why.append("bare CR became a header line")
        if re.search(rb"\r(?!\n)|\0", head):
            v = "FAIL"
            why.append("bare CR/NUL passed to the client")
        if mode == "redirect" and up.trap_hits:
            v = "FAIL"
            why.append("redirect followed" + (" WITH credentials" if re.search(rb"(?i)authorization|x-api-key", up.trap_hits[-1]) else ""))
        if can[0] != 200 or can[2] != b'{"ok":true}':
            v = "FAIL"
            why.append(f"next request damaged: {can[0]} {can[2][:40]!r}")
        r = dict(mode=mode, status=st, clean=cl, conn=state, body=len(body), copies=n, ms=int(dt * 1000), verdict=v, why="; ".join(why), note=note)
        res.append(r)
        print(f"{v:4} {mode:16} status {st:3} clean {str(cl):5} {state:6} body {len(body):4} copies {n} {int(dt*1000):5} ms  {r['why']}")
    # dead upstream, then recovery
    if not a.only:
        up.ls.close()
        time.sleep(0.2)
        t0 = time.time()
        buf, state, _, dt = post(a, "ok_cl", tag + "-dead", timeout=8)
        st = clean_end(buf)[0]
        # idle pooled connections may still answer once
        if st == 200:
            buf, state, _, dt = post(a, "ok_close", tag + "-dead2", timeout=8)
            for _ in range(8):
                buf, state, _, dt = post(a, "ok_close", tag + "-dead3", timeout=8)
                st = clean_end(buf)[0]
                if st != 200:
                    break
        print(f"{'pass' if st in E5 else 'FAIL':4} refused          status {st} {state} {int(dt*1000)} ms")
        res.append(dict(mode="refused", status=st, verdict="pass" if st in E5 else "FAIL"))
        up.open()
        time.sleep(0.3)
        ok, t0 = 0, time.time()
        while time.time() - t0 < 15:
            st = clean_end(post(a, "ok_cl", tag + "-rec", timeout=3)[0])[0]
            if st == 200:
                ok = 1
                break
            time.sleep(0.25)
        print(f"{'pass' if ok else 'warn':4} recovery         after {time.time()-t0:.1f} s")
        res.append(dict(mode="recovery", status=st, verdict="pass" if ok else "warn", s=round(time.time() - t0, 1)))
    if a.out:
        with open(a.out, "w") as f:
            f.writelines(json.dumps(r) + "\n" for r in res)
    from collections import Counter
    c = Counter(r["verdict"] for r in res)
    print(len(res), "modes", dict(c))
    return min(100, c["FAIL"])


if __name__ == "__main__":
    sys.exit(main())
