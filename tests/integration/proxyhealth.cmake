# SPDX-License-Identifier: GPL-3.0-or-later
signalbox_test(tst_healthprober LABEL integration
    SOURCES ${CMAKE_CURRENT_LIST_DIR}/tst_healthprober.cpp
    LIBRARIES signalbox_test_support signalbox_health)
signalbox_proxy_test(tst_proxy_strategy 120)
signalbox_proxy_test(tst_proxy_demo 120)
