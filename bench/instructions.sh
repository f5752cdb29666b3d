#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# bench/instructions.sh [--update]: instructions of signalboxd (all its threads) per small request and per stream event, by
# callgrind. Unlike times they repeat on a busy machine. Fails if one is more than 10 % above bench/instructions.json.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=packaging/common.sh
. "$root/packaging/common.sh"
cd "$root"

install_packages build bench
cmake --preset bench >/dev/null
cmake --build --preset bench --target signalboxd signalbox-bench-upstream signalbox-bench-client
exec env PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=bench/load python3 bench/instructions.py --binaries build/bench/bin \
    --baseline bench/instructions.json "$@"
