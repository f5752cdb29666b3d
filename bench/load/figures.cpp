// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/load/figures.h"

#include "bench/load/sockets.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <stdexcept>

namespace signalbox::bench {

std::string quantilesJson(std::vector<std::int64_t> samplesNs)
{
    if (samplesNs.empty())
        return R"({"count":0})";
    std::sort(samplesNs.begin(), samplesNs.end());
    const auto quantile = [&](double q) {
        const auto rank = static_cast<std::size_t>(std::ceil(q * static_cast<double>(samplesNs.size())));
        return static_cast<double>(samplesNs[std::max<std::size_t>(rank, 1) - 1]) / 1000.0;
    };
    char text[200];
    std::snprintf(text, sizeof text, R"({"count":%zu,"p50":%.1f,"p90":%.1f,"p99":%.1f,"p999":%.1f,"max":%.1f})",
                  samplesNs.size(), quantile(0.5), quantile(0.9), quantile(0.99), quantile(0.999), quantile(1));
    return text;
}

Options::Options(int argc, char **argv, int first)
{
    for (int i = first; i < argc; i += 2) {
        const std::string name = argv[i];
        if (name.rfind("--", 0) != 0 || i + 1 >= argc)
            throw std::runtime_error("expected --name value, not " + name);
        m_pairs.emplace_back(name.substr(2), argv[i + 1]);
    }
}

std::vector<std::string> Options::texts(const std::string &name) const
{
    std::vector<std::string> found;
    for (const auto &[key, value] : m_pairs) {
        if (key == name)
            found.push_back(value);
    }
    return found;
}

std::string Options::text(const std::string &name, const std::string &otherwise) const
{
    const std::vector<std::string> found = texts(name);
    return found.empty() ? otherwise : found.back();
}

std::int64_t Options::number(const std::string &name, std::int64_t otherwise) const
{
    const std::string found = text(name);
    return found.empty() ? otherwise : std::stoll(found);
}

Target::Target(const std::string &text)
{
    const std::size_t first = text.find(':');
    if (first == std::string::npos)
        throw std::runtime_error("a target is NAME:PORT[:FILE]");
    const std::size_t second = text.find(':', first + 1);
    name = text.substr(0, first);
    port = static_cast<std::uint16_t>(std::stoi(text.substr(first + 1, second - first - 1)));
    if (second != std::string::npos)
        headers = readFile(text.substr(second + 1));
}

std::string Target::request(const std::string &path, const std::string &body, bool close) const
{
    return "POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port) +
        "\r\nContent-Type: application/json\r\nAccept: */*\r\nUser-Agent: OpenAI/Python 1.54.3\r\n"
        "Authorization: Bearer sk-bench\r\nContent-Length: " +
        std::to_string(body.size()) + "\r\n" + headers + (close ? "Connection: close\r\n\r\n" : "\r\n") + body;
}

} // namespace signalbox::bench
