// SPDX-License-Identifier: GPL-3.0-or-later
// The load bench's own client, for what a closed-loop generator does not measure:
//   latency --target NAME:PORT[:FILE] ... --requests N --path P --body FILE [--close 1]
//       one request at a time, the targets in random order in every round, so that they meet the same conditions
//   paced   --target ... --per-second R --seconds S --path P --body FILE
//       one line per request: seconds since the start, latency in us, status, who answered
//   streams --target ... --streams N --spread-ms S --path P --body FILE
#include "bench/load/clientstreams.h"
#include "bench/load/httpreader.h"
#include "bench/load/sockets.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <exception>
#include <random>
#include <sys/resource.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace signalbox::bench {

namespace {

struct Answer
{
    std::int64_t latencyNs = 0;
    int status = 0; ///< 0: none
    std::string upstream;
};

/// One connection that is kept as long as the other side keeps it.
class Caller
{
public:
    Caller(Target target, const std::string &path, const std::string &body, bool close)
        : m_target(std::move(target)), m_request(m_target.request(path, body, close))
    {
    }

    const std::string &name() const { return m_target.name; }

    Answer call()
    {
        const std::int64_t begun = nowNs();
        Answer answer;
        if (m_socket < 0)
            m_socket = connectToLoopback(m_target.port, true);
        if (m_socket >= 0 && sendAll(m_socket, m_request))
            receive(answer);
        else
            hangUp();
        answer.latencyNs = nowNs() - begun;
        return answer;
    }

private:
    void hangUp()
    {
        if (m_socket >= 0)
            close(m_socket);
        m_socket = -1;
    }

    void receive(Answer &answer)
    {
        HttpReader reader(false);
        std::string body;
        std::array<char, 65536> buffer {};
        while (!reader.isComplete()) {
            const ssize_t size = recv(m_socket, buffer.data(), buffer.size(), 0);
            if (size <= 0) {
                answer.status = reader.isHeadComplete() && reader.finish() ? reader.status() : 0;
                return hangUp();
            }
            reader.feed({ buffer.data(), static_cast<std::size_t>(size) }, body);
            body.clear();
        }
        answer.status = reader.status();
        answer.upstream = reader.field("x-upstream");
        if (reader.wantsClose())
            hangUp();
    }

    Target m_target;
    std::string m_request;
    int m_socket = -1;
};

std::vector<Caller> callers(const Options &options)
{
    const std::string body = readFile(options.text("body"));
    std::vector<Caller> result;
    for (const std::string &target : options.texts("target"))
        result.emplace_back(Target(target), options.text("path"), body, options.number("close", 0) != 0);
    return result;
}

void measureLatency(const Options &options)
{
    std::vector<Caller> all = callers(options);
    std::vector<std::size_t> order(all.size());
    for (std::size_t i = 0; i < order.size(); ++i)
        order[i] = i;
    std::vector<std::vector<std::int64_t>> samples(all.size());
    std::vector<int> errors(all.size());
    std::mt19937 random(std::random_device {}());
    const std::int64_t warmUp = options.number("warm-up", 50);
    for (std::int64_t i = -warmUp; i < options.number("requests", 1000); ++i) {
        std::shuffle(order.begin(), order.end(), random);
        for (const std::size_t which : order) {
            const Answer answer = all[which].call();
            if (i >= 0 && answer.status == 200)
                samples[which].push_back(answer.latencyNs);
            errors[which] += answer.status == 200 ? 0 : 1;
        }
    }
    std::string text = "{";
    for (std::size_t i = 0; i < all.size(); ++i)
        text += (i > 0 ? ",\"" : "\"") + all[i].name() + "\":{\"errors\":" + std::to_string(errors[i]) +
            ",\"latency\":" + quantilesJson(samples[i]) + "}";
    std::printf("%s}\n", text.c_str());
}

void measurePaced(const Options &options)
{
    std::vector<Caller> all = callers(options);
    const std::int64_t perSecond = options.number("per-second", 100);
    const std::int64_t begun = nowNs();
    const std::int64_t count = perSecond * options.number("seconds", 5);
    for (std::int64_t i = 0; i < count; ++i) {
        const std::int64_t due = begun + i * 1'000'000'000 / perSecond;
        std::this_thread::sleep_for(std::chrono::nanoseconds(std::max<std::int64_t>(due - nowNs(), 0)));
        const std::int64_t at = nowNs();
        const Answer answer = all.front().call();
        std::printf("%.4f %.1f %d %s\n", static_cast<double>(at - begun) / 1e9,
                    static_cast<double>(answer.latencyNs) / 1e3, answer.status,
                    answer.upstream.empty() ? "-" : answer.upstream.c_str());
        std::fflush(stdout);
    }
}

int run(int argc, char **argv)
{
    const std::string mode = argc > 1 ? argv[1] : "";
    const Options options(argc, argv, 2);
    rlimit files { 65536, 65536 };
    setrlimit(RLIMIT_NOFILE, &files);
    if (mode == "latency") {
        measureLatency(options);
    } else if (mode == "paced") {
        measurePaced(options);
    } else if (mode == "streams") {
        const Target target(options.text("target"));
        const StreamLoad load { static_cast<int>(options.number("streams", 1)),
                                options.number("spread-ms", 1000) * 1'000'000, options.text("path"),
                                readFile(options.text("body")) };
        std::printf("%s\n", measureStreams(target, load).c_str());
    } else {
        std::fputs("usage: signalbox-bench-client latency|paced|streams --target NAME:PORT[:FILE] ...\n", stderr);
        return 2;
    }
    return 0;
}

} // namespace

} // namespace signalbox::bench

int main(int argc, char **argv)
{
    try {
        return signalbox::bench::run(argc, argv);
    } catch (const std::exception &problem) {
        std::fprintf(stderr, "signalbox-bench-client: %s\n", problem.what());
        return 1;
    }
}
