#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# bench/load/run.sh [--quick] [--force] [--only A,B] [--work A,B] [--rounds N]: Signalbox beside other proxies, all on 127.0.0.1.
# Installs what is missing, builds, measures, and writes a report to bench/results/.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck source=packaging/common.sh
. "$root/packaging/common.sh"
cd "$root"

install_packages build test bench
cmake --preset bench >/dev/null
cmake --build --preset bench --target signalboxd signalbox-bench-upstream signalbox-bench-client

# The peers are unpacked, not installed: their Debian packages would start services.
unpacked=$root/build/bench/peers
if [ ! -x "$unpacked/usr/bin/wrk" ] || [ packaging/dependencies.txt -nt "$unpacked/unpacked" ]; then
    mkdir -p "$unpacked/packages"
    # apt drops its rights for a download, so the folder must be everyone's or it warns.
    (cd "$unpacked/packages" && rm -f ./*.deb && packages_for bench-peers | xargs apt-get download -q)
    for package in "$unpacked"/packages/*.deb; do dpkg-deb -x "$package" "$unpacked"; done
    touch "$unpacked/unpacked"
fi
peers=$root/build/bench/node-peers
mkdir -p "$peers"
cp bench/load/peers/* "$peers/"
[ "$peers/node_modules/.package-lock.json" -nt bench/load/peers/package-lock.json ] || (cd "$peers" && npm ci --no-audit --no-fund)

exec env PYTHONDONTWRITEBYTECODE=1 python3 bench/load/loadbench.py --binaries "$root/build/bench/bin" --unpacked "$unpacked" \
    --peers "$peers" --results "$root/bench/results" "$@"
