#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""check.py FIGURES: the console's figures beside their targets. Ends with 1 where one is missed."""
import json
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    figures = json.load(file)

cpu, blocking, memory = figures["cpu"], figures["blocking"], figures["memory"]
rows = [
    ("CPU of the process, wall visible, % of a core", cpu["wall"]["processPercent"], 5.0),
    ("CPU of the process, minimised, % of a core", cpu["minimised"]["processPercent"], 1.0),
]
for name, what in (("everyPage", "opening every page"), ("loadingAll", "loading the whole log"),
                   ("everyPageWhileReplaying", "every page while a day is replayed")):
    rows.append((f"GUI thread, longest event, {what}, ms", blocking[name]["longestMs"], 50.0))
if memory["minutes"] >= 10:  # before that it tells of caches that fill
    rows.append(("memory, second half, MB an hour", memory["secondHalfMegabytesPerHour"], 6.0))

missed = False
for what, measured, target in rows:
    good = measured <= target
    missed = missed or not good
    print(f"{what:68} {measured:10.2f}  at most {target:5.1f}  {'ok' if good else 'MISSED'}")
replay = blocking["everyPageWhileReplaying"]
print(f"{blocking['requestsHeld']} requests held; {replay['replays']} replays of {replay['replayedCalls']} calls, "
      f"{replay['replayMs']:.0f} ms each")
print("longest events: " + "; ".join(part["during"] for part in blocking.values() if isinstance(part, dict)))
print(f"memory over {memory['minutes']:.0f} min: {memory['firstMegabytes']:.0f}, {memory['halfwayMegabytes']:.0f}, "
      f"{memory['lastMegabytes']:.0f} MB (start, half, end)")
sys.exit(1 if missed else 0)
