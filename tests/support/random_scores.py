#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares random inputs of the reference score (score_model.py) with signalbox-conformance.

usage: random_scores.py CONFORMANCE [CASES] [SEED]
"""
import json
import os
import random
import subprocess
import sys
import tempfile

import score_model as model


def latency(rng):
    p50 = 10 ** rng.uniform(0, 5.2)
    return [rng.choice((0, 1, rng.randint(1, 5000))), p50, p50 * rng.uniform(1, 6)]


def random_input(rng):
    kw = {}
    if rng.random() < 0.9:
        kw["ok"], kw["fail"] = rng.randint(0, 10 ** rng.randint(0, 6)), rng.randint(0, 10 ** rng.randint(0, 4))
    if rng.random() < 0.8:
        kw["lat"] = {name: latency(rng) for name in ("ttfb", "total") if rng.random() < 0.7}
    if rng.random() < 0.7:
        kw["gate"] = rng.choice(list(model.GATE))
    if rng.random() < 0.7:
        kw["probe_n"] = rng.randint(0, 10)
        kw["probe_ok"] = rng.randint(0, kw["probe_n"])
    if rng.random() < 0.6:
        kw["closed"] = rng.choice((0.0, 1.0, rng.random()))
    if rng.random() < 0.8:
        level, factor = 10 ** rng.uniform(1, 4), rng.choice((1.0, 1.05, 1.2, 0.9, rng.uniform(0.5, 2)))
        kw["med"] = [rng.choice((None, 0, level)) if rng.random() < 0.15 else level * factor ** i * rng.choice((1, rng.uniform(0.8, 1.3)))
                     for i in range(rng.randint(0, 10))]
    return kw


def main():
    conformance = sys.argv[1]
    total = int(sys.argv[2]) if len(sys.argv) > 2 else 10000
    seed = sys.argv[3] if len(sys.argv) > 3 else "1"
    cases = []
    for number in range(total):
        kw = random_input(random.Random(f"{seed}/{number}"))
        values = dict(zip(("score", "S", "R", "A", "T", "slope", "tau"), model.score(**kw)))
        cases.append({"name": f"S{seed}-{number}", "input": kw, **values})
    with tempfile.TemporaryDirectory() as directory:
        path = os.path.join(directory, "cases.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump({"cases": cases}, file)
        done = subprocess.run([conformance, "score", path], stdout=subprocess.PIPE, text=True, check=False)
    lines = done.stdout.splitlines()
    bad = [line for line in lines if not line.startswith("ok ")]
    for line in bad[:20]:
        print(line)
    print(f"{total} cases, {len(lines)} answered, {len(bad)} differ")
    return 1 if bad or len(lines) != total or done.returncode else 0


if __name__ == "__main__":
    sys.exit(main())
