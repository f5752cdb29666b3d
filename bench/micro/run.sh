#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# bench/micro/run.sh [arguments for Google Benchmark]: builds, measures, and compares with the targets.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck source=packaging/common.sh
. "$root/packaging/common.sh"
cd "$root"

install_packages build test bench
cmake --preset bench >/dev/null
cmake --build --preset bench --target signalbox-bench
mkdir -p bench/results
# On disk, as the history is in use: /tmp may be memory.
TMPDIR=$root/build/bench build/bench/bin/signalbox-bench --benchmark_out=bench/results/micro.json "$@"
python3 bench/micro/check.py bench/results/micro.json
