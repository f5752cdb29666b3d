# SPDX-License-Identifier: GPL-3.0-or-later
# Editing the configuration of a running engine: the real engine in the test's own process, real files and sockets.
foreach(name engineediting enginekeys engineusage configmutations)
    signalbox_test(tst_${name} LABEL integration TIMEOUT 300
        SOURCES ${CMAKE_CURRENT_LIST_DIR}/tst_${name}.cpp ${CMAKE_CURRENT_LIST_DIR}/engineundertest.h
        LIBRARIES signalbox_test_support signalbox_engine)
endforeach()
