// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/rawsocket.h"

#include <arpa/inet.h>
#include <cerrno>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <utility>

namespace signalbox::test {

namespace {

sockaddr_in endpoint(std::uint16_t port, const char *host = "127.0.0.1")
{
    sockaddr_in address {};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = inet_addr(host);
    return address;
}

const sockaddr *generic(const sockaddr_in &address)
{
    return reinterpret_cast<const sockaddr *>(&address);
}

void noDelay(int descriptor)
{
    const int on = 1;
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

} // namespace

RawSocket::RawSocket(RawSocket &&other) noexcept : m_descriptor(std::exchange(other.m_descriptor, -1)) { }

RawSocket &RawSocket::operator=(RawSocket &&other) noexcept
{
    close();
    m_descriptor = std::exchange(other.m_descriptor, -1);
    return *this;
}

RawSocket RawSocket::connectTo(std::uint16_t port, int receiveBuffer, const char *address)
{
    RawSocket socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (receiveBuffer > 0)
        setsockopt(socket.m_descriptor, SOL_SOCKET, SO_RCVBUF, &receiveBuffer, sizeof receiveBuffer);
    const sockaddr_in peer = endpoint(port, address);
    if (::connect(socket.m_descriptor, generic(peer), sizeof peer) != 0)
        return {};
    noDelay(socket.m_descriptor);
    return socket;
}

RawSocket RawSocket::boundTo(std::uint16_t port)
{
    RawSocket socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const int on = 1;
    setsockopt(socket.m_descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    const sockaddr_in address = endpoint(port);
    if (::bind(socket.m_descriptor, generic(address), sizeof address) != 0)
        return {};
    return socket;
}

std::array<RawSocket, 2> RawSocket::boundToNeighbours()
{
    for (int tries = 0; tries < 1'000; ++tries) {
        RawSocket first = boundToAnyPort();
        const std::uint16_t port = first.localPort();
        RawSocket second = port < 65'535 ? boundTo(static_cast<std::uint16_t>(port + 1)) : RawSocket();
        if (second.isOpen())
            return { std::move(first), std::move(second) };
    }
    return {};
}

RawSocket RawSocket::listenOnAnyPort()
{
    RawSocket socket = boundToAnyPort();
    if (::listen(socket.m_descriptor, 512) != 0)
        return {};
    return socket;
}

std::uint16_t RawSocket::localPort() const
{
    sockaddr_in address {};
    socklen_t size = sizeof address;
    if (::getsockname(m_descriptor, reinterpret_cast<sockaddr *>(&address), &size) != 0)
        return 0;
    return ntohs(address.sin_port);
}

bool RawSocket::waitFor(short events, milliseconds timeout) const
{
    pollfd wait { m_descriptor, events, 0 };
    return ::poll(&wait, 1, static_cast<int>(timeout.count())) > 0;
}

RawSocket RawSocket::accept(milliseconds timeout)
{
    if (!waitFor(POLLIN, timeout))
        return {};
    RawSocket client(::accept4(m_descriptor, nullptr, nullptr, SOCK_CLOEXEC));
    if (client.isOpen())
        noDelay(client.m_descriptor);
    return client;
}

bool RawSocket::send(QByteArrayView bytes, milliseconds timeout)
{
    const Moment start = now();
    while (!bytes.isEmpty()) {
        const auto left = timeout - since(start);
        if (!isOpen() || left.count() <= 0 || !waitFor(POLLOUT, left))
            return false;
        const ssize_t sent =
            ::send(m_descriptor, bytes.data(), static_cast<std::size_t>(bytes.size()), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && errno != EAGAIN && errno != EINTR)
            return false;
        bytes = bytes.sliced(sent > 0 ? sent : 0);
    }
    return true;
}

ReadResult RawSocket::receive(QByteArray &into, milliseconds timeout)
{
    if (!isOpen())
        return ReadResult::End;
    if (!waitFor(POLLIN, timeout))
        return ReadResult::Timeout;
    std::array<char, 65536> buffer;
    const ssize_t got = ::recv(m_descriptor, buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (got > 0) {
        into.append(buffer.data(), got);
        return ReadResult::Data;
    }
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return ReadResult::Timeout;
    return got == 0 ? ReadResult::End : ReadResult::Reset;
}

void RawSocket::finishSending()
{
    ::shutdown(m_descriptor, SHUT_WR);
}

void RawSocket::close()
{
    if (isOpen())
        ::close(std::exchange(m_descriptor, -1));
}

void RawSocket::reset()
{
    const linger hard { 1, 0 };
    if (isOpen())
        setsockopt(m_descriptor, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    close();
}

} // namespace signalbox::test
