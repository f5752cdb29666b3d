# SPDX-License-Identifier: GPL-3.0-or-later
add_library(signalbox_test_raw STATIC
    ${CMAKE_SOURCE_DIR}/tests/support/rawserver.cpp ${CMAKE_SOURCE_DIR}/tests/support/rawserver.h
    ${CMAKE_SOURCE_DIR}/tests/support/testcertificates.cpp ${CMAKE_SOURCE_DIR}/tests/support/testcertificates.h)
target_link_libraries(signalbox_test_raw PUBLIC signalbox_options signalbox_transport Qt6::Network Qt6::Test)

foreach(test once body pool timeouts tls tlswire proxies)
    signalbox_test(tst_transport_${test} LABEL integration
        SOURCES ${CMAKE_CURRENT_LIST_DIR}/tst_transport_${test}.cpp LIBRARIES signalbox_test_raw)
endforeach()
