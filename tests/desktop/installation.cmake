# SPDX-License-Identifier: GPL-3.0-or-later
# cmake -DBUILD=DIR -DID=APPLICATION_ID -P installation.cmake: installs into a new directory and looks for every file.
set(prefix ${BUILD}/installed)
file(REMOVE_RECURSE ${prefix})
execute_process(COMMAND ${CMAKE_COMMAND} --install ${BUILD} --prefix ${prefix} OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
set(wanted
    bin/signalbox bin/signalboxd bin/signalboxctl
    share/applications/${ID}.desktop
    share/metainfo/${ID}.metainfo.xml
    share/icons/hicolor/scalable/apps/${ID}.svg
    share/icons/hicolor/symbolic/apps/${ID}-symbolic.svg)
foreach(size 16 22 24 32 48 64 128 256)
    list(APPEND wanted share/icons/hicolor/${size}x${size}/apps/${ID}.png)
endforeach()
foreach(file ${wanted})
    if(NOT EXISTS ${prefix}/${file})
        message(SEND_ERROR "not installed: ${file}")
    endif()
endforeach()
foreach(program signalbox signalboxd signalboxctl)
    execute_process(COMMAND ${prefix}/bin/${program} --version OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
endforeach()
file(REMOVE_RECURSE ${prefix})
