# SPDX-License-Identifier: GPL-3.0-or-later
signalbox_test(tst_loopguard LABEL unit
    SOURCES ${CMAKE_CURRENT_LIST_DIR}/tst_loopguard.cpp LIBRARIES signalbox_proxy)
