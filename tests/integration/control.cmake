# SPDX-License-Identifier: GPL-3.0-or-later
signalbox_test(tst_signalboxctl LABEL integration TIMEOUT 120
    SOURCES ${CMAKE_CURRENT_LIST_DIR}/tst_signalboxctl.cpp
    LIBRARIES signalbox_test_support signalbox_adminfile)
target_compile_definitions(tst_signalboxctl PRIVATE SIGNALBOXCTL_PROGRAM="$<TARGET_FILE:signalboxctl>")
add_dependencies(tst_signalboxctl signalboxd signalboxctl)
