# SPDX-License-Identifier: GPL-3.0-or-later
signalbox_test(tst_healthscore LABEL unit
    SOURCES ${CMAKE_CURRENT_LIST_DIR}/tst_healthscore.cpp LIBRARIES signalbox_health)
signalbox_test(tst_selection LABEL unit
    SOURCES ${CMAKE_CURRENT_LIST_DIR}/tst_selection.cpp LIBRARIES signalbox_health)

find_package(Python3 REQUIRED COMPONENTS Interpreter)
add_test(NAME score_random_cases
    COMMAND Python3::Interpreter ${CMAKE_SOURCE_DIR}/tests/support/random_scores.py
        $<TARGET_FILE:signalbox-conformance> 10000 1)
set_tests_properties(score_random_cases PROPERTIES LABELS unit TIMEOUT 300 ENVIRONMENT PYTHONDONTWRITEBYTECODE=1)
