# SPDX-License-Identifier: GPL-3.0-or-later
signalbox_test(tst_configloader LABEL unit SOURCES ${CMAKE_CURRENT_LIST_DIR}/tst_configloader.cpp
    LIBRARIES signalbox_config)
signalbox_test(tst_configschema LABEL unit SOURCES ${CMAKE_CURRENT_LIST_DIR}/tst_configschema.cpp
    LIBRARIES signalbox_config)
signalbox_test(tst_configstore LABEL unit SOURCES ${CMAKE_CURRENT_LIST_DIR}/tst_configstore.cpp
    LIBRARIES signalbox_config)
signalbox_test(tst_secrets LABEL unit SOURCES ${CMAKE_CURRENT_LIST_DIR}/tst_secrets.cpp
    LIBRARIES signalbox_config)
signalbox_test(tst_configediting LABEL unit SOURCES ${CMAKE_CURRENT_LIST_DIR}/tst_configediting.cpp
    LIBRARIES signalbox_config)
signalbox_test(tst_breakersettings LABEL unit SOURCES ${CMAKE_CURRENT_LIST_DIR}/tst_breakersettings.cpp
    LIBRARIES signalbox_provider)
signalbox_test(tst_clockjumps LABEL unit SOURCES ${CMAKE_CURRENT_LIST_DIR}/tst_clockjumps.cpp LIBRARIES signalbox_provider)
