# SPDX-License-Identifier: GPL-3.0-or-later
# A real gnome-keyring on a bus of the test's own.
signalbox_test(tst_keyring LABEL integration TIMEOUT 240
    SOURCES ${CMAKE_CURRENT_LIST_DIR}/tst_keyring.cpp LIBRARIES signalbox_test_support signalbox_config)
add_dependencies(tst_keyring signalboxd)
