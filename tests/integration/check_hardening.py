#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""check_hardening.py PROGRAM...: says which of the compiler's and linker's protections a program lacks."""
import re
import subprocess
import sys


def readelf(program, *options):
    return subprocess.run(["readelf", "-W", *options, program], check=True, capture_output=True, text=True).stdout


def missing(program):
    header = readelf(program, "-h")
    segments = readelf(program, "-l")
    dynamic = readelf(program, "-d")
    symbols = readelf(program, "--dyn-syms")
    if not re.search(r"Type:\s+DYN", header) or "INTERP" not in segments:
        yield "a position-independent executable"
    if "GNU_RELRO" not in segments or not re.search(r"BIND_NOW|FLAGS.*NOW", dynamic):
        yield "full RELRO"
    if not re.search(r"GNU_STACK.*\sRW\s", segments):
        yield "a stack that cannot be executed"
    if "__stack_chk_fail" not in symbols:
        yield "stack protectors"
    if not re.search(r"__\w+_chk\b", symbols.replace("__stack_chk_fail", "")):
        yield "_FORTIFY_SOURCE"
    if re.search(r"R(UN)?PATH", dynamic):
        yield "a clean run path (it names a folder of the build)"


def main():
    failed = False
    for program in sys.argv[1:]:
        lacks = list(missing(program))
        failed = failed or bool(lacks)
        print(f"{'not ok' if lacks else 'ok'} {program}" + "".join(f"\n    lacks {what}" for what in lacks))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
