# SPDX-License-Identifier: GPL-3.0-or-later
signalbox_test(tst_usagereader LABEL unit
    SOURCES ${CMAKE_CURRENT_LIST_DIR}/tst_usagereader.cpp LIBRARIES signalbox_dialect)
signalbox_test(tst_prices LABEL unit
    SOURCES ${CMAKE_CURRENT_LIST_DIR}/tst_prices.cpp LIBRARIES signalbox_telemetry)
