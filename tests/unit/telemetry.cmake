# SPDX-License-Identifier: GPL-3.0-or-later
signalbox_test(tst_prometheus LABEL unit
    SOURCES ${CMAKE_CURRENT_LIST_DIR}/tst_prometheus.cpp LIBRARIES signalbox_telemetry)
signalbox_test(tst_statusjson LABEL unit
    SOURCES ${CMAKE_CURRENT_LIST_DIR}/tst_statusjson.cpp LIBRARIES signalbox_telemetry)
foreach(name alarmengine metricsaggregator trendwords webhook)
    signalbox_test(tst_${name} LABEL unit
        SOURCES ${CMAKE_CURRENT_LIST_DIR}/tst_${name}.cpp LIBRARIES signalbox_telemetry)
endforeach()
signalbox_test(tst_policyreplay LABEL unit TIMEOUT 300
    SOURCES ${CMAKE_CURRENT_LIST_DIR}/tst_policyreplay.cpp LIBRARIES signalbox_provider signalbox_telemetry)
