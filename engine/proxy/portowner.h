// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <cstdint>

namespace signalbox {

/// "node (pid 4312)": who listens on that TCP port, where the system tells; else empty.
QString portOwner(std::uint16_t port);

} // namespace signalbox
