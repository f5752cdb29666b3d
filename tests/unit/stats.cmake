# SPDX-License-Identifier: GPL-3.0-or-later
signalbox_test(tst_stats LABEL unit SOURCES ${CMAKE_CURRENT_LIST_DIR}/tst_stats.cpp LIBRARIES signalbox_stats)
signalbox_test(tst_gaprecorder LABEL unit SOURCES ${CMAKE_CURRENT_LIST_DIR}/tst_gaprecorder.cpp LIBRARIES signalbox_stats)
