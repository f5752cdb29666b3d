# SPDX-License-Identifier: GPL-3.0-or-later
# signalboxd from outside: real process, real sockets, scripted providers.
function(signalbox_proxy_test name timeout)
    signalbox_test(${name} LABEL integration TIMEOUT ${timeout}
        SOURCES ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/${name}.cpp LIBRARIES signalbox_test_support)
    add_dependencies(${name} signalboxd)
endfunction()

signalbox_proxy_test(tst_proxy_passthrough 120)
signalbox_proxy_test(tst_proxy_routes 120)
signalbox_proxy_test(tst_proxy_recovery 240)

# The rigs: HTTP parsing and smuggling cases, scripted upstream faults, slow and abusive clients. They measure time, so
# only one of them runs at a time.
find_package(Python3 REQUIRED COMPONENTS Interpreter)
foreach(rig http faults slow)
    add_test(NAME rig_${rig} COMMAND Python3::Interpreter ${CMAKE_SOURCE_DIR}/tests/support/rigs/run_rig.py
        $<TARGET_FILE:signalboxd> ${rig} ${CMAKE_SOURCE_DIR}/tests/data/http_cases.jsonl)
    # The slow rig bounds resident memory; freed blocks that ASan holds back are not ours to count.
    set_tests_properties(rig_${rig} PROPERTIES LABELS integration TIMEOUT 900 COST 1000 RESOURCE_LOCK rig
        ENVIRONMENT "ASAN_OPTIONS=quarantine_size_mb=1;${signalbox_lsan}")
endforeach()
signalbox_proxy_test(tst_proxy_faults 240)
signalbox_proxy_test(tst_proxy_wire 300)
signalbox_proxy_test(tst_proxy_random 180)
signalbox_proxy_test(tst_proxy_safety 180)
signalbox_proxy_test(tst_proxy_limits 180)
signalbox_proxy_test(tst_proxy_config 240)
signalbox_proxy_test(tst_proxy_certificate 120)
signalbox_proxy_test(tst_proxy_durability 600)
target_link_libraries(tst_proxy_durability PRIVATE signalbox_history)
