// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/load/clientstreams.h"

#include "bench/load/httpreader.h"
#include "bench/load/sockets.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace signalbox::bench {

namespace {

constexpr std::int64_t longestRunNs = 180'000'000'000;
constexpr std::string_view stamp = "\"system_fingerprint\":\"fp_";

struct Stream
{
    int socket = -1;
    std::string out;
    HttpReader reader { false };
    std::string body;
    std::int64_t sentNs = 0;
    std::int64_t lastArrivalNs = 0;
    std::int64_t lastStampNs = 0;
    bool sawDone = false;
    bool hadEvent = false;
};

class StreamRun
{
public:
    StreamRun(const Target &target, const StreamLoad &load)
        : m_target(target), m_load(load), m_poll(epoll_create1(EPOLL_CLOEXEC))
    {
        m_streams.resize(static_cast<std::size_t>(load.streams));
    }
    ~StreamRun() { close(m_poll); }
    StreamRun(const StreamRun &) = delete;
    StreamRun &operator=(const StreamRun &) = delete;

    std::string run()
    {
        const std::int64_t begun = nowNs();
        std::array<epoll_event, 512> ready {};
        while (m_ended < m_streams.size() && nowNs() - begun < longestRunNs) {
            openDue(nowNs() - begun);
            const int count = epoll_wait(m_poll, ready.data(), ready.size(), m_opened < m_streams.size() ? 1 : 100);
            for (int i = 0; i < count; ++i)
                onReady(ready[static_cast<std::size_t>(i)]);
        }
        return result();
    }

private:
    void openDue(std::int64_t sinceNs)
    {
        const auto total = static_cast<std::int64_t>(m_streams.size());
        while (m_opened < m_streams.size() &&
               static_cast<std::int64_t>(m_opened) * m_load.spreadNs <= sinceNs * total) {
            Stream &stream = m_streams[m_opened];
            stream.socket = connectToLoopback(m_target.port, false);
            stream.out = m_target.request(m_load.path, m_load.body, true);
            epoll_event entry {};
            entry.events = EPOLLIN | EPOLLOUT;
            entry.data.u64 = m_opened++;
            if (stream.socket < 0 || epoll_ctl(m_poll, EPOLL_CTL_ADD, stream.socket, &entry) != 0)
                end(stream, false);
        }
    }

    void onReady(const epoll_event &entry)
    {
        Stream &stream = m_streams[entry.data.u64];
        if (stream.socket < 0)
            return;
        if ((entry.events & EPOLLOUT) && !stream.out.empty()) {
            if (stream.sentNs == 0)
                stream.sentNs = nowNs();
            if (sendSome(stream.socket, stream.out) == Sent::All) {
                epoll_event change = entry;
                change.events = EPOLLIN;
                epoll_ctl(m_poll, EPOLL_CTL_MOD, stream.socket, &change);
            }
        }
        if (entry.events & (EPOLLIN | EPOLLHUP | EPOLLERR))
            readFrom(stream);
    }

    void readFrom(Stream &stream)
    {
        std::array<char, 65536> buffer {};
        const ssize_t size = recv(stream.socket, buffer.data(), buffer.size(), 0);
        if (size < 0 && (errno == EAGAIN || errno == EINTR))
            return;
        if (size <= 0)
            return end(stream, stream.reader.finish());
        const std::int64_t arrived = nowNs();
        stream.reader.feed({ buffer.data(), static_cast<std::size_t>(size) }, stream.body);
        takeEvents(stream, arrived);
        if (stream.reader.isComplete())
            end(stream, true);
    }

    void takeEvents(Stream &stream, std::int64_t arrived)
    {
        std::size_t start = 0;
        for (std::size_t blank = 0; (blank = stream.body.find("\n\n", start)) != std::string::npos; start = blank + 2)
            onEvent(stream, std::string_view(stream.body).substr(start, blank - start), arrived);
        stream.body.erase(0, start);
    }

    void onEvent(Stream &stream, std::string_view text, std::int64_t arrived)
    {
        const std::size_t at = text.find(stamp);
        if (at == std::string_view::npos) {
            stream.sawDone = stream.sawDone || text.find("[DONE]") != std::string_view::npos;
            return;
        }
        const std::int64_t sent = std::atoll(std::string(text.substr(at + stamp.size(), 20)).c_str());
        ++m_events;
        m_delays.push_back(arrived - sent);
        if (stream.hadEvent)
            m_gapChanges.push_back(std::llabs((arrived - stream.lastArrivalNs) - (sent - stream.lastStampNs)));
        else
            onFirstEvent(stream, arrived);
        stream.lastArrivalNs = arrived;
        stream.lastStampNs = sent;
    }

    void onFirstEvent(Stream &stream, std::int64_t arrived)
    {
        stream.hadEvent = true;
        m_firstBytes.push_back(arrived - stream.sentNs);
        if (m_firstBytes.size() < m_streams.size())
            return;
        std::printf("{\"open\":%zu}\n", m_streams.size() - m_ended);
        std::fflush(stdout);
    }

    void end(Stream &stream, bool clean)
    {
        if (stream.socket >= 0)
            close(stream.socket);
        stream.socket = -1;
        ++m_ended;
        m_complete += clean && stream.sawDone && stream.reader.status() == 200 ? 1 : 0;
    }

    std::string result() const
    {
        return "{\"streams\":" + std::to_string(m_streams.size()) + ",\"complete\":" + std::to_string(m_complete) +
            ",\"events\":" + std::to_string(m_events) + ",\"firstByte\":" + quantilesJson(m_firstBytes) +
            ",\"delay\":" + quantilesJson(m_delays) + ",\"gapChange\":" + quantilesJson(m_gapChanges) + "}";
    }

    const Target &m_target;
    const StreamLoad &m_load;
    int m_poll;
    std::vector<Stream> m_streams;
    std::size_t m_opened = 0;
    std::size_t m_ended = 0;
    std::size_t m_complete = 0;
    std::uint64_t m_events = 0;
    std::vector<std::int64_t> m_firstBytes;
    std::vector<std::int64_t> m_delays;
    std::vector<std::int64_t> m_gapChanges;
};

} // namespace

std::string measureStreams(const Target &target, const StreamLoad &load)
{
    return StreamRun(target, load).run();
}

} // namespace signalbox::bench
