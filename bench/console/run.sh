#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# bench/console/run.sh [--minutes N] [--seconds N]: builds the console with its bench and measures it under Xvfb: CPU with 20
# providers (each state for --seconds, 60), the GUI thread's longest event, and memory of the demo over --minutes (30).
# Figures: bench/results/console.json and console-memory.csv.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck source=packaging/common.sh
. "$root/packaging/common.sh"
cd "$root"

install_packages build test bench
cmake --preset console-bench >/dev/null
cmake --build --preset console-bench --target signalbox-bench-console
mkdir -p bench/results
# On disk, as the history is in use: /tmp may be memory. No session bus: nobody is to be notified.
status=0
env -u DBUS_SESSION_BUS_ADDRESS TMPDIR="$root/build/console-bench" xvfb-run -a -s '-screen 0 1920x1080x24' \
    build/console-bench/bin/signalbox-bench-console --out bench/results "$@" || status=$?
python3 bench/console/check.py bench/results/console.json || status=1
exit "$status"
