#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# packaging/tsan-report.sh [REGEX]: tests whose threads are Qt's, under the thread sanitizer, and what it reports by the
# innermost function of ours. A report and no verdict: Debian's Qt is not instrumented, so that a handover by a posted
# event or a QFuture is invisible, and what was handed over looks unguarded. What is handed over in neither way is a
# defect.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=packaging/common.sh
. "$root/packaging/common.sh"
cd "$root"

tests=(tst_epolldispatcher tst_streamsocket tst_healthprober tst_requestevents tst_enginehistory tst_engineusage)
install_packages build test
cmake --preset tsan >/dev/null
cmake --build --preset tsan --target "${tests[@]}"
reports=$root/build/tsan/reports
rm -rf "$reports"
mkdir -p "$reports"
for test in "${tests[@]}"; do
    [[ $test =~ ${1:-.} ]] || continue
    passed=yes
    TSAN_OPTIONS="exitcode=0 halt_on_error=0 history_size=4 log_path=$reports/$test" QT_QPA_PLATFORM=offscreen \
        timeout 600 "build/tsan/bin/$test" >"$reports/$test.out" 2>&1 || passed=no
    printf '%s: passed: %s, reports: %s\n' "$test" "$passed" "$(cat "$reports/$test".[0-9]* 2>/dev/null | grep -c '^SUMMARY' || true)"
done
packaging/tsanreport.py "$reports"
