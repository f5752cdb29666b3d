# SPDX-License-Identifier: GPL-3.0-or-later
# What the engine tells of each request: the real engine in the test's own process, real sockets around it.
signalbox_test(tst_requestevents LABEL integration
    SOURCES ${CMAKE_CURRENT_LIST_DIR}/tst_requestevents.cpp
    LIBRARIES signalbox_test_support signalbox_engine)
