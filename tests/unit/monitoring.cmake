# SPDX-License-Identifier: GPL-3.0-or-later
# The step detector against its model.
signalbox_test(tst_stepdetector LABEL unit
    SOURCES ${CMAKE_CURRENT_LIST_DIR}/tst_stepdetector.cpp LIBRARIES signalbox_health)

find_package(Python3 REQUIRED COMPONENTS Interpreter)
add_executable(steplines ${CMAKE_SOURCE_DIR}/tests/support/steplines.cpp)
target_link_libraries(steplines PRIVATE signalbox_options signalbox_health)
add_test(NAME steps_random_cases
    COMMAND Python3::Interpreter ${CMAKE_SOURCE_DIR}/tests/support/random_steps.py $<TARGET_FILE:steplines> 1000 1)
set_tests_properties(steps_random_cases PROPERTIES LABELS unit TIMEOUT 120 ENVIRONMENT PYTHONDONTWRITEBYTECODE=1)
