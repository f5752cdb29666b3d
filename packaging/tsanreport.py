#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the logs of the thread sanitizer in a folder and counts the reports by what they are and by the innermost
function of ours on either side of them."""
import collections
import pathlib
import re
import sys

OURS = re.compile(r"#\d+ (.+?) \S*?((?:engine|app|tests|ui)/\S+?):(\d+)")
SIDE = re.compile(r"^  (?=\S)", re.M)  # "  Write of size 8 ... by thread T1:", "  Previous read ... by main thread:"


def side(text):
    """'engine/a.cpp: Class::function', or what it was in elsewhere."""
    found = OURS.search(text)
    if found:
        name = re.sub(r"\(.*", "", re.sub(r"<.*?>", "", found[1]))
        return f"{found[2]}: {name}"
    first = re.search(r"#0 (\S+)", text)
    return f"({first[1]})" if first else "(no stack)"


def reports(folder):
    for path in sorted(folder.glob("*.[0-9]*")):
        for text in path.read_text(errors="replace").split("WARNING: ThreadSanitizer: ")[1:]:
            kind = text.split("(", 1)[0].strip()
            yield kind, tuple(side(part) for part in SIDE.split(text)[1:3])


def main():
    counted = collections.Counter(reports(pathlib.Path(sys.argv[1])))
    for (kind, sides), count in counted.most_common():
        print(f"{count:5}  {kind}: " + "  |  ".join(sides))
    print(f"{sum(counted.values())} reports of {len(counted)} kinds")


if __name__ == "__main__":
    main()
