# SPDX-License-Identifier: GPL-3.0-or-later
"""Reference of the recommended health score; every formula in IEEE double, checked against 50-digit Decimal."""
import math
from decimal import Decimal as D, getcontext
getcontext().prec = 50
W = (0.40, 0.25, 0.20, 0.15)
KAPPA = 2.0
TARGET = {"ttfb": (500.0, 10000.0), "total": (2000.0, 60000.0)}   # (good, bad) in ms
GATE = {"CLOSED": 1.0, "HALF_OPEN": 0.5, "OPEN": 0.0, "THROTTLED": 0.0, "FORCED_OPEN": 0.0}
HOR, Q, MIN_PTS = 5.0, 4.0, 4          # forecast horizon (min), slow-down that scores 0, points needed
def clamp01(x): return 0.0 if not x > 0 else 1.0 if x > 1 else x      # NaN -> 0
def f_success(ok, fail): return (ok + KAPPA) / (ok + fail + KAPPA)
def r_lat(x, cls):
    g, b = TARGET[cls]
    if not x > g: return 1.0
    if x >= b: return 0.0
    return math.log(b / x) / math.log(b / g)
def f_response(lat, S):     # {cls: (n, p50, p95)} of SUCCESSFUL calls
    N = sum(v[0] for v in lat.values())
    if not N: return 0.5 * S
    return sum(n * (0.5 * r_lat(p50, c) + 0.5 * r_lat(p95, c)) for c, (n, p50, p95) in lat.items()) / N
def f_avail(gate, probe_ok, probe_n, closed_frac):
    ap = probe_ok / probe_n if probe_n else closed_frac
    return GATE[gate] * (0.5 * ap + 0.5 * closed_frac)
def theil_sen(pts):
    sl = sorted((pts[j][1] - pts[i][1]) / (pts[j][0] - pts[i][0]) for i in range(len(pts)) for j in range(i + 1, len(pts)))
    m = len(sl); return sl[m // 2] if m % 2 else 0.5 * (sl[m // 2 - 1] + sl[m // 2])
def kendall(pts):
    m = len(pts); s = sum((pts[j][1] > pts[i][1]) - (pts[j][1] < pts[i][1]) for i in range(m) for j in range(i + 1, m))
    return s / (m * (m - 1) / 2)
def trend(medians, S=1.0):      # per 30 s bucket, oldest first, None = empty bucket; at most 10
    pts = [(0.5 * i, math.log(x)) for i, x in enumerate(medians) if x]
    if len(pts) < MIN_PTS: return S, 0.0, 0.0
    b, tau = theil_sen(pts), kendall(pts)
    return 1.0 - clamp01(max(0.0, tau) * b * HOR / math.log(Q)), b, tau
def score(ok=0, fail=0, lat=None, gate="CLOSED", probe_ok=0, probe_n=0, closed=1.0, med=()):
    S = f_success(ok, fail); R = f_response(lat or {}, S); A = f_avail(gate, probe_ok, probe_n, closed); Tr, b, tau = trend(list(med), S)
    return 100.0 * (W[0] * S + W[1] * R + W[2] * A + W[3] * Tr), S, R, A, Tr, b, tau
flat = [800] * 10
CASES = [
 ("H01 unknown provider, no data", dict()),
 ("H02 perfect", dict(ok=100, lat={"ttfb": (100, 300, 450)}, probe_ok=10, probe_n=10, med=[300] * 10)),
 ("H04 typical good LLM", dict(ok=98, fail=2, lat={"ttfb": (80, 700, 2100), "total": (18, 4000, 15000)}, probe_ok=10, probe_n=10, med=[690, 720, 700, 710, 695, 705, 700, 690, 715, 700])),
 ("H05 slow but reliable", dict(ok=60, lat={"ttfb": (60, 4000, 9000)}, probe_ok=10, probe_n=10, med=[4000] * 10)),
 ("H07 one failure as the first call", dict(fail=1)),
 ("H08 latency doubles every 5 min (steady)", dict(ok=50, lat={"ttfb": (50, 1000, 1900)}, probe_ok=10, probe_n=10, med=[800 * 2 ** (i / 10) for i in range(10)])),
 ("H10 flat with one 60 s outlier bucket", dict(ok=50, lat={"ttfb": (50, 800, 1500)}, probe_ok=10, probe_n=10, med=[800, 800, 800, 800, 60000, 800, 800, 800, 800, 800])),
 ("H11 improving", dict(ok=50, lat={"ttfb": (50, 1000, 1900)}, probe_ok=10, probe_n=10, med=[1600 * 2 ** (-i / 10) for i in range(10)])),
 ("H13 throttled, otherwise perfect", dict(ok=100, lat={"ttfb": (100, 300, 450)}, gate="THROTTLED", probe_ok=10, probe_n=10, med=[300] * 10)),
 ("H14 only non-streaming, at the 'bad' edge", dict(ok=5, lat={"total": (5, 60000, 60000)}, med=[60000] * 4)),
 ("H16 three points only: no trend", dict(ok=3, lat={"ttfb": (3, 500, 500)}, med=[100, 1000, 10000])),
]
def dec_check(kw):     # independent high precision evaluation
    ok, fail = D(kw.get("ok", 0)), D(kw.get("fail", 0)); S = (ok + 2) / (ok + fail + 2)
    def r(x, c):
        g, b = map(lambda v: D(int(v)), TARGET[c]); x = D(x)
        return D(1) if x <= g else D(0) if x >= b else (b / x).ln() / (b / g).ln()
    lat = kw.get("lat") or {}; N = sum(v[0] for v in lat.values())
    R = sum(D(n) * (r(p, c) + r(q, c)) / 2 for c, (n, p, q) in lat.items()) / N if N else S / 2
    cl = D(str(kw.get("closed", 1.0))); g = D(str(GATE[kw.get("gate", "CLOSED")]))
    ap = D(kw.get("probe_ok", 0)) / D(kw["probe_n"]) if kw.get("probe_n") else cl
    A = g * (ap + cl) / 2
    pts = [(D(i) / 2, D(x).ln()) for i, x in enumerate(kw.get("med", ())) if x]
    Tr = S
    if len(pts) >= 4:
        sl = sorted((pts[j][1] - pts[i][1]) / (pts[j][0] - pts[i][0]) for i in range(len(pts)) for j in range(i + 1, len(pts)))
        m = len(sl); b = sl[m // 2] if m % 2 else (sl[m // 2 - 1] + sl[m // 2]) / 2
        mm = len(pts); tau = D(sum((pts[j][1] > pts[i][1]) - (pts[j][1] < pts[i][1]) for i in range(mm) for j in range(i + 1, mm))) / D(mm * (mm - 1) // 2)
        Tr = D(1) - min(D(1), max(D(0), max(D(0), tau) * b * 5 / D(4).ln()))
    return 100 * (D("0.40") * S + D("0.25") * R + D("0.20") * A + D("0.15") * Tr)
out = []

if __name__ == "__main__":      # prints every example with its factors
    for name, kw in CASES:
        h, S, R, A, Tr, b, tau = score(**kw)
        assert abs(h - float(dec_check(kw))) < 1e-9, name
        print(f"{h:13.9f}  S={S:.9f} R={R:.9f} A={A:.9f} T={Tr:.9f}  {name}")
