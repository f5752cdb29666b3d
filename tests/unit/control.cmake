# SPDX-License-Identifier: GPL-3.0-or-later
signalbox_test(tst_filter LABEL unit
    SOURCES ${CMAKE_CURRENT_LIST_DIR}/tst_filter.cpp LIBRARIES signalbox_api)
signalbox_test(tst_runtimefile LABEL unit SOURCES ${CMAKE_CURRENT_LIST_DIR}/tst_runtimefile.cpp LIBRARIES signalbox_adminfile)
