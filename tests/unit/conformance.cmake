# SPDX-License-Identifier: GPL-3.0-or-later
# The breaker and the score against their conformance vectors.
add_test(NAME conformance_breaker COMMAND signalbox-conformance breaker ${CMAKE_SOURCE_DIR}/tests/data/breaker_traces.json)
add_test(NAME conformance_score COMMAND signalbox-conformance score ${CMAKE_SOURCE_DIR}/tests/data/score_cases.json)
set_tests_properties(conformance_breaker conformance_score PROPERTIES LABELS unit TIMEOUT 60)
