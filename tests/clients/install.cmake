# SPDX-License-Identifier: GPL-3.0-or-later
# cmake -DNPM= -DSOURCE= -DDESTINATION= -P install.cmake: exactly the lock file's packages, once per lock file.
file(MAKE_DIRECTORY ${DESTINATION})
file(SHA256 ${SOURCE}/package-lock.json wanted)
set(stamp ${DESTINATION}/installed)
if(EXISTS ${stamp})
    file(READ ${stamp} present)
endif()
if(NOT "${present}" STREQUAL "${wanted}")
    file(COPY ${SOURCE}/package.json ${SOURCE}/package-lock.json DESTINATION ${DESTINATION})
    execute_process(COMMAND ${NPM} ci --no-audit --no-fund --ignore-scripts --no-update-notifier
        WORKING_DIRECTORY ${DESTINATION} COMMAND_ERROR_IS_FATAL ANY)
    file(WRITE ${stamp} ${wanted})
endif()
