# SPDX-License-Identifier: GPL-3.0-or-later
signalbox_threads_test(tst_boundedqueue SOURCES ${CMAKE_CURRENT_LIST_DIR}/tst_boundedqueue.cpp)
signalbox_threads_test(tst_latestvalue SOURCES ${CMAKE_CURRENT_LIST_DIR}/tst_latestvalue.cpp)
