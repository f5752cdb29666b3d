# SPDX-License-Identifier: GPL-3.0-or-later
signalbox_test(tst_seriesbook LABEL unit
    SOURCES ${CMAKE_CURRENT_LIST_DIR}/tst_seriesbook.cpp LIBRARIES signalbox_history)
signalbox_test(tst_requesttrace LABEL unit
    SOURCES ${CMAKE_CURRENT_LIST_DIR}/tst_requesttrace.cpp LIBRARIES signalbox_engine signalbox_proxy)
