# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# Sourced by run.sh and test.sh: the one list of packages, and how to get them.

packages_for() { # sections...
    awk -v wanted=" $* " '/^\[/ { gsub(/[\[\]]/, ""); on = index(wanted, " " $0 " ") > 0; next } /^#/ || NF == 0 { next } on' \
        "$root/packaging/dependencies.txt"
}

missing_packages() { # sections...
    local name
    for name in $(packages_for "$@"); do
        # Node is as good from elsewhere, and its Debian packages would come beside it.
        case "$name" in
        nodejs) command -v node >/dev/null && continue ;;
        npm) command -v npm >/dev/null && continue ;;
        esac
        dpkg-query -W -f='${Status}' "$name" 2>/dev/null | grep -q 'install ok installed' || echo "$name"
    done
}

install_packages() { # sections...
    if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
        echo "This is no Debian system. Signalbox needs what these Debian 12 packages hold:"
        packages_for "$@" | tr '\n' ' '
        echo
        return 0
    fi
    local missing
    missing=$(missing_packages "$@" | tr '\n' ' ')
    [ -n "$missing" ] || return 0
    echo "Installing Debian packages: $missing"
    local sudo=()
    if [ "$(id -u)" -ne 0 ]; then
        sudo=(sudo)
    fi
    "${sudo[@]}" apt-get update -q
    # shellcheck disable=SC2086
    "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing
}
