# SPDX-License-Identifier: GPL-3.0-or-later
# Replay and shadow runs: of an engine in the test's own process, and of signalboxd through signalboxctl.
signalbox_test(tst_replay LABEL integration TIMEOUT 400
    SOURCES ${CMAKE_CURRENT_LIST_DIR}/tst_replay.cpp
    LIBRARIES signalbox_test_support signalbox_engine signalbox_history)
signalbox_test(tst_replayctl LABEL integration TIMEOUT 240
    SOURCES ${CMAKE_CURRENT_LIST_DIR}/tst_replayctl.cpp
    LIBRARIES signalbox_test_support signalbox_history)
target_compile_definitions(tst_replayctl PRIVATE SIGNALBOXCTL_PROGRAM="$<TARGET_FILE:signalboxctl>")
add_dependencies(tst_replayctl signalboxd signalboxctl)
