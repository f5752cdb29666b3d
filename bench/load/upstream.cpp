// SPDX-License-Identifier: GPL-3.0-or-later
// A model provider for the load bench: a request with "stream":true gets an event stream at a steady pace, each event
// with the time it was sent; any other gets a plain answer after a delay. One thread, plain epoll.
#include "bench/load/figures.h"
#include "bench/load/httpreader.h"
#include "bench/load/sockets.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <exception>
#include <memory>
#include <queue>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include <unordered_map>

namespace signalbox::bench {

namespace {

struct Settings
{
    std::uint16_t port = 0;
    std::string name;
    std::int64_t events = 400;
    std::int64_t intervalNs = 10'000'000;
    std::int64_t delayNs = 0; ///< of a plain answer
};

std::string plainAnswer()
{
    return R"({"id":"chatcmpl-bench","object":"chat.completion","created":1700000000,"model":"gpt-4o-2024-08-06",)"
           R"("choices":[{"index":0,"message":{"role":"assistant","content":"The quick brown fox jumps over the lazy dog, )"
           R"(and the proxy passes it on."},"logprobs":null,"finish_reason":"stop"}],)"
           R"("usage":{"prompt_tokens":230,"completion_tokens":16,"total_tokens":246},"system_fingerprint":"fp_bench"})";
}

std::string chunked(const std::string &text)
{
    char size[20];
    std::snprintf(size, sizeof size, "%zx\r\n", text.size());
    return size + text + "\r\n";
}

std::string event(bool last)
{
    const std::string delta = last ? R"({},"logprobs":null,"finish_reason":"stop")"
                                   : R"({"content":" proxy"},"logprobs":null,"finish_reason":null)";
    return R"(data: {"id":"chatcmpl-bench","object":"chat.completion.chunk","created":1700000000,"model":"gpt-4o-2024-08-06",)"
           R"("system_fingerprint":"fp_)" +
        std::to_string(nowNs()) + R"(","choices":[{"index":0,"delta":)" + delta + "}]}\n\n";
}

class Upstream
{
public:
    explicit Upstream(Settings settings)
        : m_settings(std::move(settings)), m_listener(listenOnLoopback(m_settings.port)),
          m_poll(epoll_create1(EPOLL_CLOEXEC))
    {
        watch(EPOLL_CTL_ADD, m_listener, EPOLLIN);
        std::printf("{\"port\":%d}\n", m_settings.port);
        std::fflush(stdout);
    }

    [[noreturn]] void run()
    {
        std::array<epoll_event, 512> ready {};
        for (;;) {
            const int count = epoll_wait(m_poll, ready.data(), ready.size(), waitMs());
            for (int i = 0; i < count; ++i)
                onReady(ready[static_cast<std::size_t>(i)]);
            runDue();
        }
    }

private:
    struct Connection
    {
        std::uint64_t serial = 0;
        HttpReader reader { true };
        std::string body;
        std::string out;
        std::int64_t eventsLeft = 0;
        std::int64_t nextNs = 0;
        bool streaming = false;
        bool waitsForRoom = false;
    };
    struct Due
    {
        std::int64_t atNs;
        int socket;
        std::uint64_t serial;
        bool operator>(const Due &other) const { return atNs > other.atNs; }
    };

    void watch(int operation, int socket, std::uint32_t events) const
    {
        epoll_event entry {};
        entry.events = events;
        entry.data.fd = socket;
        epoll_ctl(m_poll, operation, socket, &entry);
    }

    int waitMs() const
    {
        if (m_due.empty())
            return -1;
        const std::int64_t left = m_due.top().atNs - nowNs();
        return left <= 0 ? 0 : static_cast<int>((left + 999'999) / 1'000'000);
    }

    void onReady(const epoll_event &entry)
    {
        if (entry.data.fd == m_listener)
            return acceptAll();
        const auto found = m_connections.find(entry.data.fd);
        if (found == m_connections.end())
            return;
        if (entry.events & EPOLLOUT)
            flush(found->first, found->second);
        if (entry.events & (EPOLLIN | EPOLLHUP | EPOLLERR))
            readFrom(found->first);
    }

    void acceptAll()
    {
        for (;;) {
            const int socket = accept4(m_listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
            if (socket < 0)
                return;
            m_connections[socket].serial = ++m_lastSerial;
            watch(EPOLL_CTL_ADD, socket, EPOLLIN);
        }
    }

    void readFrom(int socket)
    {
        std::array<char, 65536> buffer {};
        for (;;) {
            const ssize_t size = recv(socket, buffer.data(), buffer.size(), 0);
            if (size < 0 && errno == EAGAIN)
                return;
            if (size <= 0) {
                close(socket);
                m_connections.erase(socket);
                return;
            }
            onBytes(socket, { buffer.data(), static_cast<std::size_t>(size) });
            if (static_cast<std::size_t>(size) < buffer.size())
                return;
        }
    }

    void onBytes(int socket, std::string_view bytes)
    {
        Connection &connection = m_connections[socket];
        while (!bytes.empty()) {
            bytes.remove_prefix(connection.reader.feed(bytes, connection.body));
            if (!connection.reader.isComplete())
                return;
            answer(socket, connection);
            connection.reader.reset();
            connection.body.clear();
        }
    }

    void answer(int socket, Connection &connection)
    {
        connection.streaming = connection.body.find(R"("stream":true)") != std::string::npos;
        connection.eventsLeft = connection.streaming ? m_settings.events : 1;
        if (connection.streaming) {
            connection.out += "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-cache\r\n"
                              "x-upstream: " +
                m_settings.name + "\r\nTransfer-Encoding: chunked\r\n\r\n";
            connection.nextNs = nowNs();
        } else {
            connection.nextNs = nowNs() + m_settings.delayNs;
        }
        if (connection.streaming || m_settings.delayNs == 0)
            step(socket, connection);
        else
            m_due.push({ connection.nextNs, socket, connection.serial });
    }

    void step(int socket, Connection &connection)
    {
        const bool last = --connection.eventsLeft == 0;
        if (!connection.streaming) {
            const std::string body = plainAnswer();
            connection.out += "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nx-upstream: " + m_settings.name +
                "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
        } else {
            connection.out += chunked(event(last));
            if (last)
                connection.out += chunked("data: [DONE]\n\n") + "0\r\n\r\n";
            connection.nextNs += m_settings.intervalNs;
            if (!last)
                m_due.push({ connection.nextNs, socket, connection.serial });
        }
        flush(socket, connection);
    }

    void flush(int socket, Connection &connection)
    {
        const bool waits = sendSome(socket, connection.out) == Sent::Some;
        if (waits != connection.waitsForRoom)
            watch(EPOLL_CTL_MOD, socket, waits ? EPOLLIN | EPOLLOUT : EPOLLIN);
        connection.waitsForRoom = waits;
    }

    void runDue()
    {
        const std::int64_t now = nowNs();
        while (!m_due.empty() && m_due.top().atNs <= now) {
            const Due due = m_due.top();
            m_due.pop();
            const auto found = m_connections.find(due.socket);
            if (found != m_connections.end() && found->second.serial == due.serial && found->second.eventsLeft > 0)
                step(due.socket, found->second);
        }
    }

    Settings m_settings;
    int m_listener;
    int m_poll;
    std::uint64_t m_lastSerial = 0;
    std::unordered_map<int, Connection> m_connections;
    std::priority_queue<Due, std::vector<Due>, std::greater<>> m_due;
};

} // namespace

} // namespace signalbox::bench

int main(int argc, char **argv)
{
    using namespace signalbox::bench;
    try {
        const Options options(argc, argv, 1);
        rlimit files { 65536, 65536 };
        setrlimit(RLIMIT_NOFILE, &files);
        Settings settings;
        settings.port = static_cast<std::uint16_t>(options.number("port", 0));
        settings.name = options.text("name", "a");
        settings.events = options.number("events", 400);
        settings.intervalNs = options.number("interval-us", 10'000) * 1000;
        settings.delayNs = options.number("delay-ms", 0) * 1'000'000;
        Upstream(settings).run();
    } catch (const std::exception &problem) {
        std::fprintf(stderr, "signalbox-bench-upstream: %s\n", problem.what());
        return 1;
    }
}
