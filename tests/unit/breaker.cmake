# SPDX-License-Identifier: GPL-3.0-or-later
signalbox_test(tst_circuitbreaker LABEL unit
    SOURCES ${CMAKE_CURRENT_LIST_DIR}/tst_circuitbreaker.cpp LIBRARIES signalbox_breaker)
signalbox_test(tst_breakerinvariants LABEL unit
    SOURCES ${CMAKE_CURRENT_LIST_DIR}/tst_breakerinvariants.cpp LIBRARIES signalbox_breaker)

# The C++ and the reference model must agree on every input, so also on random ones.
find_package(Python3 REQUIRED COMPONENTS Interpreter)
add_test(NAME breaker_random_traces
    COMMAND Python3::Interpreter ${CMAKE_SOURCE_DIR}/tests/support/random_breaker_traces.py
        $<TARGET_FILE:signalbox-conformance> 10000 1)
set_tests_properties(breaker_random_traces PROPERTIES LABELS unit TIMEOUT 900 ENVIRONMENT PYTHONDONTWRITEBYTECODE=1)
signalbox_test(tst_breakerlog LABEL unit
    SOURCES ${CMAKE_CURRENT_LIST_DIR}/tst_breakerlog.cpp LIBRARIES signalbox_breaker)
