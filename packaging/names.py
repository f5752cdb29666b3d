#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""names.py FOLDER...: says which classes are defined twice under one name. Two files that never meet compile, and the linker
silently takes one destructor or table for both."""
import collections
import pathlib
import re
import sys

DEFINITION = re.compile(r"(?:template <.*> )?(?:class|struct|enum(?: class)?) (\w+(?:::\w+)*)\b(?!.*;$)")


def definitions(file):
    """Of a file's namespaces; those without a name are the file's own."""
    spaces = []
    for number, line in enumerate(file.read_text().splitlines(), 1):
        if opened := re.match(r"namespace (?:(\S+) )?\{", line):
            spaces.append(opened[1])
        elif line.startswith("} // namespace"):
            spaces.pop()
        elif None not in spaces and (found := DEFINITION.match(line)):
            yield "::".join([*spaces, found[1]]), f"{file}:{number}"


places = collections.defaultdict(list)
for folder in sys.argv[1:]:
    for file in sorted(pathlib.Path(folder).rglob("*")):
        if file.suffix in (".h", ".cpp"):
            for name, place in definitions(file):
                places[name].append(place)
twice = {name: where for name, where in places.items() if len(where) > 1}
for name, where in twice.items():
    print(f"{name} is defined in {' and '.join(where)}")
if not places:
    print("no class found")
sys.exit(1 if twice or not places else 0)
