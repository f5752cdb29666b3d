#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""packaging/units.py BUILD_DIR FOLDER...: joins the sources below the folders into units of those that are compiled alike,
and prints the units. clang-tidy and clazy then read Qt's headers once a unit, not once a source. Sources that cannot be
read together, because their local names meet, stay apart. BUILD_DIR/units gets the compile commands."""
import concurrent.futures
import json
import os
import re
import subprocess
import sys

LARGEST = 10


def same_flags(entries):
    groups = {}
    for entry in entries:
        flags = re.sub(r" -o \S+| -c \S+", "", entry["command"])
        groups.setdefault(flags, []).append(entry)
    return groups


class Unit:
    def __init__(self, folder, flags, entries):
        self.flags, self.entries = flags, entries
        name = "-".join(os.path.splitext(os.path.basename(entry["file"]))[0] for entry in (entries[0], entries[-1]))
        place = os.path.basename(os.path.dirname(entries[0]["file"]))
        self.path = os.path.join(folder, f"{place}-{name}-{len(entries)}.cpp")
        self.directory = entries[0]["directory"]

    def write(self):
        with open(self.path, "w", encoding="utf-8") as file:
            file.writelines(f'#include "{entry["file"]}"\n' for entry in self.entries)

    def command(self):
        return f"{self.flags} -c {self.path}"

    def readable(self):
        command = re.sub(r"^.*?(?= -)", "clang++ -fsyntax-only -w", self.flags, count=1)
        return subprocess.run(f"{command} {self.path}", shell=True, cwd=self.directory, stderr=subprocess.DEVNULL,
                              check=False).returncode == 0


def settled(folder, flags, entries):
    """The fewest units found by halving until each can be read; a lone source is taken as it is."""
    unit = Unit(folder, flags, entries)
    unit.write()
    if len(entries) == 1 or unit.readable():
        return [unit]
    os.remove(unit.path)
    middle = len(entries) // 2
    return settled(folder, flags, entries[:middle]) + settled(folder, flags, entries[middle:])


def main():
    build, folders = sys.argv[1], [os.path.join(os.getcwd(), folder) + os.sep for folder in sys.argv[2:]]
    with open(os.path.join(build, "compile_commands.json"), encoding="utf-8") as file:
        entries = [entry for entry in json.load(file)
                   if entry["file"].startswith(tuple(folders)) and os.sep + "build" + os.sep not in entry["file"]]
    folder = os.path.join(os.path.abspath(build), "units")
    os.makedirs(folder, exist_ok=True)
    for old in os.listdir(folder):
        os.remove(os.path.join(folder, old))
    wanted = [(folder, flags, alike[start:start + LARGEST]) for flags, alike in same_flags(entries).items()
              for start in range(0, len(alike), LARGEST)]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        units = [unit for found in pool.map(lambda each: settled(*each), wanted) for unit in found]
    with open(os.path.join(folder, "compile_commands.json"), "w", encoding="utf-8") as file:
        json.dump([{"directory": unit.directory, "command": unit.command(), "file": unit.path} for unit in units], file)
    print("\n".join(unit.path for unit in units))
    print(f"{len(entries)} sources in {len(units)} units", file=sys.stderr)
    return 0 if units else 1


if __name__ == "__main__":
    sys.exit(main())
