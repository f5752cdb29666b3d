#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""packaging/clangsyntax.py BUILD_DIR FOLDER...: reads every source below the folders with clang, as that build compiles it,
without making code, so that its warnings are seen at half the cost."""
import concurrent.futures
import json
import os
import re
import subprocess
import sys


def check(entry):
    command = re.sub(r" -o \S+", "", entry["command"]).replace(" -c ", " -fsyntax-only ")
    command = re.sub(r"^.*?(?= -)", "clang++ -Wno-unknown-warning-option -Wshadow", command, count=1)
    run = subprocess.run(command, shell=True, cwd=entry["directory"], capture_output=True, text=True, check=False)
    return run.returncode, run.stderr


def main():
    build, folders = sys.argv[1], [os.path.join(os.getcwd(), folder) + os.sep for folder in sys.argv[2:]]
    with open(os.path.join(build, "compile_commands.json"), encoding="utf-8") as file:
        entries = [entry for entry in json.load(file)
                   if entry["file"].startswith(tuple(folders)) and os.sep + "build" + os.sep not in entry["file"]]
    failed = False
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for code, said in pool.map(check, entries):
            failed = failed or code != 0
            sys.stderr.write(said)
    print(f"{len(entries)} sources read")
    return 1 if failed or not entries else 0


if __name__ == "__main__":
    sys.exit(main())
