// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace signalbox::bench {

/// A failed system call, with its name and reason.
struct SystemError : std::runtime_error
{
    explicit SystemError(const std::string &call);
};

std::int64_t nowNs(); ///< CLOCK_MONOTONIC: the same for all processes of this machine

int listenOnLoopback(std::uint16_t &port); ///< 0: any, and then the one that was given
int connectToLoopback(std::uint16_t port, bool blocking);

enum class Sent { All, Some, Broken };
/// Writes what the kernel takes now and removes it from the text.
Sent sendSome(int socket, std::string &text);
/// Blocking: all of it. False: the connection broke.
bool sendAll(int socket, std::string_view text);

std::string readFile(const std::string &path);

} // namespace signalbox::bench
