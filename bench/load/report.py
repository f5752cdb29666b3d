# SPDX-License-Identifier: GPL-3.0-or-later
"""From figures.json to a table with targets, and plots. Also: report.py FOLDER writes them again."""
import json
import math
import pathlib
import statistics
import sys

import plots

OWN = "signalbox"


class Figures:
    """Medians over the rounds, and ratios that are taken within each round."""

    def __init__(self, rows):
        self.values = {}
        self.failures = []
        for row in rows:
            if "failed" in row:
                self.failures.append(row)
            for figure, value in row.get("figures", {}).items():
                if value is not None and not math.isnan(value):
                    self.values.setdefault((row["contender"], row["group"], figure), {})[row["round"]] = value
        self.contenders = list(dict.fromkeys(row["contender"] for row in rows))

    def rounds(self, contender, figure, group=None):
        found = {}
        for (name, of_group, what), values in self.values.items():
            if name == contender and what == figure and group in (None, of_group):
                found |= values
        return found

    def median(self, contender, figure):
        values = self.rounds(contender, figure).values()
        return statistics.median(values) if values else None

    def text(self, contender, figure, scale=1.0, digits=1):
        values = [value * scale for value in self.rounds(contender, figure).values()]
        if not values:
            return ""
        middle = f"{statistics.median(values):,.{digits}f}"
        if len(values) == 1 or f"{min(values):,.{digits}f}" == f"{max(values):,.{digits}f}":
            return middle
        return f"{middle} ({min(values):,.{digits}f} to {max(values):,.{digits}f})"

    def ratio(self, over, under, figure, other_figure=None, group=None):
        """[ratio of each round that has both]"""
        above, below = self.rounds(over, figure, group), self.rounds(under, other_figure or figure, group)
        return [above[i] / below[i] for i in sorted(above) if i in below and below[i] > 0]


class Target:
    def __init__(self, words, limit, values, unit="×", at_least=False):
        self.words, self.limit, self.values, self.unit, self.at_least = words, limit, values, unit, at_least

    def row(self):
        sign = "≥" if self.at_least else "≤"
        wanted = f"{sign} {self.limit:g} {self.unit}"
        if not self.values:
            return f"| {self.words} | {wanted} | not measured | |"
        middle = statistics.median(self.values)
        met = middle >= self.limit if self.at_least else middle <= self.limit
        spread = f"{min(self.values):.2f} to {max(self.values):.2f}"
        return f"| {self.words} | {wanted} | {middle:.2f} {self.unit} ({spread}) | {'met' if met else '**missed**'} |"


def targets(f):
    def nginx(figure):
        return f.ratio(OWN, "nginx", figure)

    def own(figure, scale=1.0):
        return [value * scale for value in f.rounds(OWN, figure).values()]
    recording = [100 * (ratio - 1) for ratio in
                 f.ratio(OWN, "signalbox-unrecorded", "paired64.engineCpu", group="recording")]
    return [
        Target("CPU per small request, 64 connections, of nginx's", 1.5, nginx("small64.cpu")),
        Target("the same with TLS to the provider", 1.5, nginx("tls64.cpu")),
        Target("CPU per stream event, 40 streams, of nginx's", 1.25, nginx("streams40.cpu")),
        Target("CPU per stream event, 40 streams, of HAProxy's", 2, f.ratio(OWN, "haproxy", "streams40.cpu")),
        Target("added latency p50 at 1 connection, of nginx's", 1.5, nginx("sequential.added.p50")),
        Target("added latency p99 at 1 connection, of nginx's", 2, nginx("sequential.added.p99")),
        Target("overhead on a 50 ms answer", 1, own("after50ms.percent"), "%"),
        Target("requests per second, 64 connections, of nginx's", 0.6, nginx("small64.rps"), at_least=True),
        Target("memory per open stream, 1,000 streams", 60, own("held.bytesPerStream", 1 / 1024), "KiB"),
        Target("idle CPU", 0.5, own("idle.cpuPercent"), "%"),
        Target("idle memory", 40, own("idle.rss", 1 / 1e6), "MB"),
        Target("CPU per request, 1,000 connections of 1 connection", 1.15,
               f.ratio(OWN, OWN, "small1000.cpu", "small1.cpu")),
        Target("CPU per request, 100 providers of 1 provider", 1.15,
               f.ratio("signalbox-100-providers", OWN, "paired64.cpu", group="providers")),
        Target("engine thread's CPU per request for recording", 5, recording, "%"),
    ]


TABLES = [
    ("Small chat request (1 KB in, 0.4 KB out)", [
        ("req/s, 1", "small1.rps", 1, 0), ("req/s, 16", "small16.rps", 1, 0), ("req/s, 64", "small64.rps", 1, 0),
        ("req/s, 256", "small256.rps", 1, 0), ("CPU us/request, 1", "small1.cpu", 1, 1),
        ("CPU us/request, 64", "small64.cpu", 1, 1), ("CPU us/request, 1,000", "small1000.cpu", 1, 1),
        ("errors", "small64.errors", 1, 0)]),
    ("Latency added at 1 connection, over direct in the same minute (us)", [
        ("p50", "sequential.added.p50", 1, 1), ("p99", "sequential.added.p99", 1, 1),
        ("p99.9", "sequential.added.p999", 1, 1), ("TLS warm p50", "tlsWarm.added.p50", 1, 1),
        ("TLS cold p50", "tlsCold.added.p50", 1, 1), ("% of a 50 ms answer", "after50ms.percent", 1, 2)]),
    ("Other requests", [
        ("100 KB in: req/s", "upload100k.rps", 1, 0), ("CPU us", "upload100k.cpu", 1, 1),
        ("1 MB out: req/s", "answer1m.rps", 1, 0), ("CPU us", "answer1m.cpu", 1, 1),
        ("a connection each: req/s", "churn.rps", 1, 0), ("CPU us", "churn.cpu", 1, 1),
        ("TLS: req/s", "tls64.rps", 1, 0), ("CPU us", "tls64.cpu", 1, 1)]),
    ("Event streams, 100 events/s each (us)", [
        ("CPU/event, 40", "streams40.cpu", 1, 1), ("first event p50, 40", "streams40.firstByte.p50", 1, 0),
        ("event delay p50, 40", "streams40.delay.p50", 1, 0), ("p99", "streams40.delay.p99", 1, 0),
        ("change of gap p99, 40", "streams40.gapChange.p99", 1, 0), ("CPU/event, 400", "streams400.cpu", 1, 1),
        ("event delay p50, 400", "streams400.delay.p50", 1, 0), ("broken", "streams400.broken", 1, 0)]),
    ("Memory and rest", [
        ("KiB per open stream", "held.bytesPerStream", 1 / 1024, 1), ("RSS with 1,000 streams, MB", "held.rss", 1e-6, 1),
        ("idle RSS, MB", "idle.rss", 1e-6, 1), ("idle CPU, %", "idle.cpuPercent", 1, 2)]),
    ("The preferred provider of two is killed under 200 requests/s, and comes back 2 s later", [
        ("failed requests", "failover.errors", 1, 0), ("worst added, ms", "failover.worst", 1e-3, 1),
        ("added p50 while dead, us", "failover.added.p50", 1, 1), ("until it is used again, s", "failover.recovery", 1, 2)]),
]

PLOTS = [
    ("cpu-per-request", "CPU per small request, 64 connections (us)", "small64.cpu", 1),
    ("requests-per-second", "Small requests per second, 64 connections", "small64.rps", 1),
    ("added-latency", "Latency added at 1 connection, p50 (us)", "sequential.added.p50", 1),
    ("cpu-per-event", "CPU per stream event, 40 streams (us)", "streams40.cpu", 1),
    ("memory-per-stream", "Memory per open stream, 1,000 streams (KiB)", "held.bytesPerStream", 1 / 1024),
]


def table(f, title, columns):
    lines = [f"## {title}", "", "| | " + " | ".join(name for name, *_ in columns) + " |",
             "|---|" + "---|" * len(columns)]
    for contender in f.contenders:
        cells = [f.text(contender, figure, scale, digits) for _, figure, scale, digits in columns]
        if any(cells):
            lines.append(f"| {contender} | " + " | ".join(cells) + " |")
    return lines + [""]


def bottleneck(f):
    direct, fastest = f.median("direct", "small64.rps"), max(
        (f.median(name, "small64.rps") or 0 for name in f.contenders if name != "direct"), default=0)
    if not direct or not fastest:
        return []
    return [f"Without a proxy the same load makes {direct:,.0f} requests/s, {direct / fastest:.1f} × the fastest contender.",
            ""]


def write(folder):
    data = json.loads((folder / "figures.json").read_text())
    f = Figures(data["rows"])
    order = ["direct", "nginx", "haproxy", "caddy", "http-proxy", "opossum", "fastify", "portkey"]
    f.contenders.sort(key=lambda name: (order.index(name) if name in order else len(order), name))
    rounds = 1 + max((row["round"] for row in data["rows"]), default=0)
    lines = ["# Signalbox beside other proxies", "",
             f"Medians of {rounds} rounds with the lowest and the highest; ratios are taken within each round.", ""]
    lines += ["| machine | |", "|---|---|"] + [f"| {key} | {value} |" for key, value in data["machine"].items()] + [""]
    lines += bottleneck(f) + ["## Targets", "", "| | target | measured | |", "|---|---|---|---|"]
    lines += [target.row() for target in targets(f)] + [""]
    for title, columns in TABLES:
        lines += table(f, title, columns)
    for row in f.failures:
        lines.append(f"- {row['contender']} failed in {row['group']}, round {row['round'] + 1}: {row['failed']}")
    for name, title, figure, scale in PLOTS:
        bars = [(contender, f.median(contender, figure) * scale) for contender in f.contenders
                if f.median(contender, figure) is not None]
        if bars:
            (folder / f"{name}.svg").write_text(plots.bars(title, bars, OWN))
            lines.append(f"![{title}]({name}.svg)")
    (folder / "report.md").write_text("\n".join(lines) + "\n")
    return "\n".join(target.row() for target in targets(f)) + f"\n{folder}/report.md"


if __name__ == "__main__":
    print(write(pathlib.Path(sys.argv[1])))
