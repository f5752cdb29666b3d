# SPDX-License-Identifier: GPL-3.0-or-later
signalbox_test(tst_requestparser LABEL unit SOURCES ${CMAKE_CURRENT_LIST_DIR}/tst_requestparser.cpp LIBRARIES signalbox_transport)
signalbox_test(tst_httpcases LABEL unit SOURCES ${CMAKE_CURRENT_LIST_DIR}/tst_httpcases.cpp LIBRARIES signalbox_transport)
signalbox_test(tst_responseparser LABEL unit SOURCES ${CMAKE_CURRENT_LIST_DIR}/tst_responseparser.cpp LIBRARIES signalbox_transport)
signalbox_test(tst_streamsocket LABEL unit SOURCES ${CMAKE_CURRENT_LIST_DIR}/tst_streamsocket.cpp LIBRARIES signalbox_transport)
