// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/load/sockets.h"

#include <arpa/inet.h>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <fstream>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sstream>
#include <sys/socket.h>
#include <unistd.h>

namespace signalbox::bench {

namespace {

sockaddr_in loopback(std::uint16_t port)
{
    sockaddr_in address {};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

} // namespace

SystemError::SystemError(const std::string &call) : std::runtime_error(call + ": " + std::strerror(errno)) { }

std::int64_t nowNs()
{
    timespec time {};
    clock_gettime(CLOCK_MONOTONIC, &time);
    return std::int64_t { 1'000'000'000 } * time.tv_sec + time.tv_nsec;
}

int listenOnLoopback(std::uint16_t &port)
{
    const int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const int yes = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    sockaddr_in address = loopback(port);
    socklen_t size = sizeof address;
    if (listener < 0 || bind(listener, reinterpret_cast<sockaddr *>(&address), size) != 0 ||
        listen(listener, 4096) != 0 || getsockname(listener, reinterpret_cast<sockaddr *>(&address), &size) != 0)
        throw SystemError("listen");
    port = ntohs(address.sin_port);
    return listener;
}

int connectToLoopback(std::uint16_t port, bool blocking)
{
    const int connection = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | (blocking ? 0 : SOCK_NONBLOCK), 0);
    if (connection < 0)
        throw SystemError("socket");
    const int yes = 1;
    setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    const sockaddr_in address = loopback(port);
    if (connect(connection, reinterpret_cast<const sockaddr *>(&address), sizeof address) != 0 &&
        errno != EINPROGRESS) {
        close(connection);
        return -1;
    }
    return connection;
}

Sent sendSome(int socket, std::string &text)
{
    while (!text.empty()) {
        const ssize_t sent = send(socket, text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && (errno == EAGAIN || errno == EINTR))
            return Sent::Some;
        if (sent <= 0)
            return Sent::Broken;
        text.erase(0, static_cast<std::size_t>(sent));
    }
    return Sent::All;
}

bool sendAll(int socket, std::string_view text)
{
    while (!text.empty()) {
        const ssize_t sent = send(socket, text.data(), text.size(), MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        text.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

std::string readFile(const std::string &path)
{
    const std::ifstream file(path, std::ios::binary);
    if (!file)
        throw std::runtime_error(path + " cannot be read");
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

} // namespace signalbox::bench
