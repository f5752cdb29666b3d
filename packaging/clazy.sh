#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# packaging/clazy.sh BUILD_DIR FILE...: Qt mistakes in our own code; fails if there is one.
set -euo pipefail
build=$1
shift
# qstring-ref is Qt 5's; the overload helpers of connect() are the compiler's business.
findings=$(clazy-standalone -p "$build" --extra-arg=-Wno-unknown-warning-option --checks=level0,no-qstring-ref,connect-by-name,detaching-temporary,incorrect-emit,rule-of-two-soft,virtual-signal \
    --header-filter="^$PWD/(engine|app|ui)/" "$@" 2>&1 | grep -E '\[-Wclazy|: error:' | sort -u) || true
[ -z "$findings" ] || { echo "$findings"; exit 1; }
