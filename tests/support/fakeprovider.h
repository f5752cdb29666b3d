// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/httpclient.h"
#include "tests/support/wire.h"

#include <QString>

#include <atomic>
#include <condition_variable>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace signalbox::test {

/// What the provider saw, byte for byte.
struct SeenRequest
{
    MessageHead head;
    QByteArray body;
    int connection = 0; ///< 1 for the first connection of this provider
    Moment at;
};

class FakeProvider;

/// One request at the provider, to be answered by a script in any way it likes. Without close() or reset() the
/// connection stays for the next request.
class Turn
{
public:
    Turn(FakeProvider &provider, Wire &wire, const SeenRequest &seen) : m_provider(provider), m_wire(wire), m_seen(seen)
    {
    }

    const SeenRequest &seen() const { return m_seen; }
    QByteArray path() const { return m_seen.head.target().split('?').value(0); }

    bool send(const QByteArray &raw) { return m_open && m_wire.send(raw); }
    /// A whole answer with Content-Length.
    void answer(int status, const QByteArray &body, const HeaderList &extra = {});
    /// Status line, fields and "Transfer-Encoding: chunked".
    void startChunked(int status = 200, const HeaderList &extra = {});
    /// The same for an event stream.
    void startEvents() { startChunked(200, { { "Content-Type", "text/event-stream" } }); }
    bool chunk(const QByteArray &bytes);
    void endChunks() { send("0\r\n\r\n"); }

    /// Ends early when the provider is being destroyed.
    void pause(milliseconds time);
    /// How long it took until the proxy closed; nothing if it did not.
    std::optional<milliseconds> waitUntilPeerCloses(milliseconds timeout = patience);

    void close();
    void reset();
    bool isOpen() const { return m_open; }

private:
    FakeProvider &m_provider;
    Wire &m_wire;
    const SeenRequest &m_seen;
    bool m_open = true;
};

using Script = std::function<void(Turn &)>;

/// A provider on loopback whose every byte is scripted. Each connection has its own thread, so a script may block.
class FakeProvider
{
public:
    explicit FakeProvider(Script script, const Certificate &certificate = {});
    ~FakeProvider();

    std::uint16_t port() const { return m_port; }
    /// With the given path appended, e.g. "/v1".
    QString baseUrl(const QString &path = {}) const;

    /// For requests from now on.
    void setScript(Script script);
    /// Called with each accepted connection before TLS or HTTP; true keeps the connection to itself.
    void setAcceptHook(std::function<bool(RawSocket &)> hook) { m_acceptHook = std::move(hook); }

    std::vector<SeenRequest> requests() const;
    /// Only those of that method.
    std::vector<SeenRequest> requests(QByteArrayView method) const;
    int count(QByteArrayView method = "POST") const { return static_cast<int>(requests(method).size()); }
    /// True once so many requests of that method have come.
    bool waitForCount(int wanted, QByteArrayView method = "POST", milliseconds timeout = patience) const;
    int connections() const { return m_connections; }
    void forgetRequests();

    bool isStopping() const { return m_stopping; }
    void sleepUnlessStopping(milliseconds time);

private:
    struct Connection
    {
        std::thread thread;
        std::atomic<bool> done { false };
    };

    void acceptLoop();
    void serve(RawSocket socket, int number);
    bool readRequest(Wire &wire, QByteArray &buffer, SeenRequest &seen);
    bool readChunkedBody(Wire &wire, QByteArray &buffer, QByteArray &body);
    bool fill(Wire &wire, QByteArray &buffer);
    void reap(bool all);

    mutable std::mutex m_mutex;
    mutable std::condition_variable m_changed;
    Script m_script;
    std::function<bool(RawSocket &)> m_acceptHook;
    Certificate m_certificate;
    RawSocket m_listener;
    std::uint16_t m_port = 0;
    std::vector<SeenRequest> m_seen;
    std::list<std::unique_ptr<Connection>> m_threads;
    std::atomic<int> m_connections { 0 };
    std::atomic<bool> m_stopping { false };
    std::thread m_acceptThread;
};

} // namespace signalbox::test
