#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs what is missing, makes one ASan+UBSan build and runs every test. --ci adds the agents from npm,
# formatting, clang with clang-tidy and clazy, the thread sanitizer, the release build with its limits and instruction counts,
# two minutes of soaking, and the fuzzers.
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
if $full; then install_packages build test ci bench; else install_packages build test; fi

section "build with ASan and UBSan"
# The agents' npm packages are large, so only the full check fetches them.
cmake --preset asan "-DSIGNALBOX_BIG_CLIENTS=$($full && echo ON || echo OFF)"
cmake --build --preset asan

section "tests"
# Three, as the rigs mostly wait. On a machine that others keep busy too one may run into a time limit of its own: one or
# two that fail get a second try alone, and are named. More than that is no accident.
if ! ctest --preset asan --parallel 3; then
    failed=$(wc -l <build/asan/Testing/Temporary/LastTestsFailed.log)
    if [ "$failed" -gt 2 ]; then exit 1; fi
    section "$failed failed among others: alone"
    cp build/asan/Testing/Temporary/LastTestsFailed.log build/asan/failed-once.log
    ctest --preset asan --rerun-failed
    echo "FAILED ONCE, then passed alone: $(cut -d: -f2 build/asan/failed-once.log | tr '\n' ' ')"
fi

if $full; then
    section "formatting"
    git ls-files '*.cpp' '*.h' | xargs clang-format --dry-run --Werror

    section "names"
    packaging/names.py engine ui app

    # The sanitizer build says how each source is compiled and has what moc made, so clang needs no build of its own.
    section "clang's warnings in the tests"
    packaging/clangsyntax.py build/asan tests

    section "units for clang-tidy and clazy"
    packaging/units.py build/asan engine app ui >build/asan/units.txt

    section "clang-tidy"
    xargs -P 2 -n 1 clang-tidy -p build/asan/units --quiet --header-filter="^$root/(engine|app|ui)/" \
        --extra-arg=-Wno-unknown-warning-option --extra-arg=-Wshadow 2>/dev/null <build/asan/units.txt

    section "clazy"
    xargs -P 2 -n 2 packaging/clazy.sh build/asan/units <build/asan/units.txt

    section "thread sanitizer"
    cmake --preset tsan
    cmake --build --preset tsan --target tsan_tests
    ctest --preset tsan -L tsan

    section "release build"
    cmake --preset release -DSIGNALBOX_BENCH=ON
    cmake --build --preset release
    build/release/bin/signalboxd --version
    if readelf -d build/release/bin/signalboxd | grep -E 'NEEDED.*Qt6(Gui|Widgets|Charts)'; then
        echo "signalboxd must not link a Gui library" >&2
        exit 1
    fi
    # signalboxctl calls nothing that could be fortified.
    tests/integration/check_hardening.py build/release/bin/signalbox{,d,-conformance}
    valgrind --quiet --error-exitcode=1 --leak-check=full --errors-for-leak-kinds=definite \
        build/release/bin/signalbox-conformance breaker tests/data/breaker_traces.json >/dev/null
    tests/faults/limits.py build/release/bin/signalboxd

    section "instructions per request and event"
    PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=bench/load python3 bench/instructions.py --binaries build/release/bin \
        --baseline bench/instructions.json

    section "soak, sanitized and optimised"
    ASAN_OPTIONS=quarantine_size_mb=1 LSAN_OPTIONS=suppressions=$root/tests/support/lsan.supp:print_suppressions=0 \
        tests/faults/soak.py build/asan/bin/signalboxd 120 &
    soak=$!
    tests/faults/soak.py build/release/bin/signalboxd 120
    wait "$soak"

    section "fuzzers"
    cmake --preset fuzz
    tests/fuzz/run.sh build/fuzz 30
fi
section "all passed"
