# SPDX-License-Identifier: GPL-3.0-or-later
"""Reference of the step detector: a two-sided Page-Hinkley test on ln(latency) with clipped deviations,
from a mean that is robust by the same clip.

The textbook form: m(t) = sum of (x - mean - delta); a step up is m(t) - min m > lambda. The C++ keeps the difference
itself, which is the same number: it starts again from zero whenever it falls below.
"""
import math

DELTA, LAMBDA, CLIP, WARM_UP = 0.1, 6.0, 2.0, 20


def clipped(deviation):
    return max(-CLIP, min(CLIP, deviation))


def steps(values):
    """(index, "slower" or "faster") of every step; the test starts over after each."""
    found, count, mean = [], 0, 0.0
    low = high = up = down = 0.0
    for index, ms in enumerate(values):
        if not (math.isfinite(ms) and ms > 0):
            continue
        x = math.log(ms)
        count += 1
        mean = x if count == 1 else mean + clipped(x - mean) / count
        if count <= WARM_UP:
            continue
        deviation = clipped(x - mean)
        up += deviation - DELTA
        down += -deviation - DELTA
        low, high = min(low, up), min(high, down)
        slower, faster = up - low > LAMBDA, down - high > LAMBDA
        if slower or faster:
            found.append((index, "slower" if slower else "faster"))
            count = 0
            low = high = up = down = 0.0
    return found
