# SPDX-License-Identifier: GPL-3.0-or-later
signalbox_test(tst_history LABEL integration TIMEOUT 400
    SOURCES ${CMAKE_CURRENT_LIST_DIR}/tst_history.cpp LIBRARIES signalbox_history)
target_link_libraries(tst_history PRIVATE SQLite::SQLite3)

# A process of its own that records without end, to be killed.
add_executable(signalbox-test-recorder ${CMAKE_CURRENT_LIST_DIR}/recorder.cpp)
target_link_libraries(signalbox-test-recorder PRIVATE signalbox_options signalbox_history)
target_compile_definitions(tst_history PRIVATE RECORDER_PROGRAM="$<TARGET_FILE:signalbox-test-recorder>")
add_dependencies(tst_history signalbox-test-recorder)
