#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares random latencies in the reference step detector (step_model.py) with ours.

usage: random_steps.py STEPLINES [SERIES] [SEED]
"""
import random
import subprocess
import sys

import step_model as model


def series(rng):
    level, noise, values = 10 ** rng.uniform(1, 4), rng.choice((0.0, 0.1, 0.3, 0.8)), []
    for _ in range(rng.randint(1, 6)):
        drift = rng.choice((1.0, 1.0, rng.uniform(0.95, 1.05)))
        for _ in range(rng.randint(1, 120)):
            level = min(max(level * drift, 1e-3), 1e7)
            value = level * rng.lognormvariate(0, noise)
            values.append(rng.choice((0.0, -1.0, float("nan"), value * 500)) if rng.random() < 0.02 else value)
        level *= rng.choice((1, 2, 4, 0.5, 0.25, rng.uniform(0.1, 10)))
    return values


def main():
    total = int(sys.argv[2]) if len(sys.argv) > 2 else 1000
    seed = sys.argv[3] if len(sys.argv) > 3 else "1"
    cases = [series(random.Random(f"{seed}/{number}")) for number in range(total)]
    text = "".join(" ".join(repr(value) for value in case) + "\n" for case in cases)
    done = subprocess.run([sys.argv[1]], input=text, stdout=subprocess.PIPE, text=True, check=True)
    lines = done.stdout.splitlines()
    wanted = [" ".join(f"{index}:{word}" for index, word in model.steps(case)) for case in cases]
    bad = [number for number in range(total) if number >= len(lines) or lines[number] != wanted[number]]
    for number in bad[:10]:
        print(f"series {seed}/{number}: wanted '{wanted[number]}', got '{lines[number:number + 1]}'")
    print(f"{total} series, {sum(line.count(':') for line in wanted)} steps, {len(bad)} differ")
    return 1 if bad or len(lines) != total else 0


if __name__ == "__main__":
    sys.exit(main())
