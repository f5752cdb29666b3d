#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs what is missing, makes one ASan+UBSan build and runs every test. --ci adds the formatting check and the release build.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=packaging/common.sh
. "$root/packaging/common.sh"
cd "$root"

full=false
for argument in "$@"; do
    case "$argument" in
    --ci) full=true ;;
    *)
        echo "usage: packaging/test.sh [--ci]" >&2
        exit 2
        ;;
    esac
done

section() { printf '\n== %s (%d s)\n' "$*" "$SECONDS"; }

section "packages"
if $full; then install_packages build test ci; else install_packages build test; fi

section "build with ASan and UBSan"
cmake --preset asan
cmake --build --preset asan

section "tests"
ctest --preset asan --parallel 2

if $full; then
    section "formatting"
    git ls-files '*.cpp' '*.h' | xargs clang-format --dry-run --Werror

    section "release build"
    cmake --preset release
    cmake --build --preset release
    build/release/bin/signalboxd --version
    if readelf -d build/release/bin/signalboxd | grep -E 'NEEDED.*Qt6(Gui|Widgets|Charts)'; then
        echo "signalboxd must not link a Gui library" >&2
        exit 1
    fi
fi
section "all passed"
