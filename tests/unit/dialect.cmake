# SPDX-License-Identifier: GPL-3.0-or-later
foreach(name clientkind keymask route requestfacts headers ssescanner answerjudge bodydecoder providerwords usagechunk)
    signalbox_test(tst_dialect_${name} LABEL unit
        SOURCES ${CMAKE_CURRENT_LIST_DIR}/tst_dialect_${name}.cpp LIBRARIES signalbox_dialect)
endforeach()
target_link_libraries(tst_dialect_bodydecoder PRIVATE ZLIB::ZLIB)
