# SPDX-License-Identifier: GPL-3.0-or-later
# /metrics with the tools that read it: promtool and a real Prometheus. Their package starts a service, so only the full
# check (packaging/test.sh --ci) installs it.
find_program(PROMTOOL_PROGRAM promtool)
find_program(PROMETHEUS_PROGRAM prometheus)
if(NOT PROMTOOL_PROGRAM OR NOT PROMETHEUS_PROGRAM)
    message(STATUS "prometheus is not installed: no tests with it")
    return()
endif()
find_package(Python3 REQUIRED COMPONENTS Interpreter)
foreach(part monitoring prometheus)
    add_test(NAME check_${part} COMMAND Python3::Interpreter ${CMAKE_CURRENT_LIST_DIR}/check_${part}.py
        $<TARGET_FILE:signalboxd> ${CMAKE_SOURCE_DIR}/resources/monitoring)
    set_tests_properties(check_${part} PROPERTIES LABELS integration TIMEOUT 300
        ENVIRONMENT "PYTHONDONTWRITEBYTECODE=1;UBSAN_OPTIONS=print_stacktrace=1;${signalbox_lsan}")
endforeach()
