# SPDX-License-Identifier: GPL-3.0-or-later
signalbox_test(tst_epolldispatcher LABEL unit
    SOURCES ${CMAKE_CURRENT_LIST_DIR}/tst_epolldispatcher.cpp LIBRARIES signalbox_base Qt6::Network)
