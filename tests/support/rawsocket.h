// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayView>

#include <array>
#include <chrono>
#include <cstdint>

namespace signalbox::test {

using std::chrono::milliseconds;
using Moment = std::chrono::steady_clock::time_point;

inline Moment now()
{
    return std::chrono::steady_clock::now();
}
inline milliseconds since(Moment start)
{
    return std::chrono::duration_cast<milliseconds>(now() - start);
}

/// Long enough for a sanitized build on a busy machine; only a hang reaches it.
inline constexpr milliseconds patience { 20000 };

enum class ReadResult { Data, End, Reset, Timeout };

/// A blocking IPv4 loopback socket without any cleverness, so that a test decides on every byte and every close.
class RawSocket
{
public:
    RawSocket() = default;
    explicit RawSocket(int descriptor) : m_descriptor(descriptor) { }
    RawSocket(RawSocket &&other) noexcept;
    RawSocket &operator=(RawSocket &&other) noexcept;
    ~RawSocket() { close(); }

    /// A small receive buffer makes a slow reader; 0 leaves the system's.
    static RawSocket connectTo(std::uint16_t port, int receiveBuffer = 0, const char *address = "127.0.0.1");
    /// Has a port without listening: whoever connects is refused, and nobody gets it by chance. Whoever asks for it by
    /// number, as a server that is told where to listen, can have it all the same. Not open if it is taken.
    static RawSocket boundTo(std::uint16_t port);
    /// One of the kernel's choice.
    static RawSocket boundToAnyPort() { return boundTo(0); }
    /// Two that follow each other.
    static std::array<RawSocket, 2> boundToNeighbours();
    /// Listens on a port of the kernel's choice.
    static RawSocket listenOnAnyPort();

    bool isOpen() const { return m_descriptor >= 0; }
    int descriptor() const { return m_descriptor; }
    std::uint16_t localPort() const;

    RawSocket accept(milliseconds timeout);
    /// False if not all bytes went out in time or the peer is gone.
    bool send(QByteArrayView bytes, milliseconds timeout = patience);
    /// Appends what one read gives.
    ReadResult receive(QByteArray &into, milliseconds timeout = patience);

    void finishSending();
    void close();
    /// Closes with a TCP reset.
    void reset();

private:
    bool waitFor(short events, milliseconds timeout) const;

    int m_descriptor = -1;
};

} // namespace signalbox::test
