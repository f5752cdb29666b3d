#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs what is missing, builds, and starts Signalbox. Arguments go to the program.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=packaging/common.sh
. "$root/packaging/common.sh"

install_packages build
cd "$root"
[ -e build/release/build.ninja ] || cmake --preset release
cmake --build --preset release
cd - >/dev/null
if [ -n "${DISPLAY:-}" ] || [ -n "${WAYLAND_DISPLAY:-}" ]; then
    exec "$root/build/release/bin/signalbox" "$@"
fi
echo "There is no display here, so this starts signalboxd, the same engine without a window."
exec "$root/build/release/bin/signalboxd" "$@"
