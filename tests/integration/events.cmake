# SPDX-License-Identifier: GPL-3.0-or-later
# What the engine tells of each request: the real engine in the test's own process, real sockets around it.
foreach(name requestevents inflight enginehistory usage captures)
    signalbox_test(tst_${name} LABEL integration
        SOURCES ${CMAKE_CURRENT_LIST_DIR}/tst_${name}.cpp ${CMAKE_CURRENT_LIST_DIR}/recordedengine.h
        LIBRARIES signalbox_test_support signalbox_engine)
endforeach()
