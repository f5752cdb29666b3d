#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# run.sh BUILD [SECONDS]: builds the preset "fuzz" and runs every fuzzer for that long, two at once, from the kept corpus. What it finds goes to
# BUILD/fuzz/NAME; an input that breaks a property is named and kept in BUILD/fuzz/NAME-crash-*.
set -euo pipefail
build=$(cd "${1:?usage: run.sh BUILD [SECONDS]}" && pwd)
seconds=${2:-30}
corpus=$(cd "$(dirname "${BASH_SOURCE[0]}")/corpus" && pwd)
(cd "$corpus/../../.." && cmake --build --preset fuzz --target fuzzers)

fuzz() { # NAME
    local found="$build/fuzz/$1"
    mkdir -p "$found"
    if "$build/bin/$1" -max_total_time="$seconds" -timeout=10 -seed=1 -rss_limit_mb=4096 -max_len=16384 -close_fd_mask=1 \
        -artifact_prefix="$build/fuzz/$1-" "$found" "$corpus/${1#fuzz_}" >"$found.log" 2>&1; then
        echo "ok $1: $(grep -aE '^Done|stat::number_of_executed_units' "$found.log" | tail -1), $(ls "$found" | wc -l) new inputs"
    else
        echo "FAIL $1"
        tail -40 "$found.log"
        return 1
    fi
}
export -f fuzz
export build seconds corpus
# The leak check at the end sees Qt's own statics.
export ASAN_OPTIONS=detect_leaks=0:allocator_may_return_null=1
find "$build/bin" -name 'fuzz_*' -type f -printf '%f\n' | sort | xargs -P 2 -I{} bash -c 'fuzz {}'
