// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace signalbox::bench {

/// {"count":..,"p50":..,"p99":..,"p999":..,"max":..} in microseconds, by nearest rank; the samples are nanoseconds.
std::string quantilesJson(std::vector<std::int64_t> samplesNs);

/// "--name value" pairs.
class Options
{
public:
    Options(int argc, char **argv, int first);
    std::string text(const std::string &name, const std::string &otherwise = {}) const;
    std::vector<std::string> texts(const std::string &name) const;
    std::int64_t number(const std::string &name, std::int64_t otherwise) const;

private:
    std::vector<std::pair<std::string, std::string>> m_pairs;
};

/// "NAME:PORT[:FILE]"; the file holds further header lines.
struct Target
{
    std::string name;
    std::uint16_t port = 0;
    std::string headers;

    explicit Target(const std::string &text);
    std::string request(const std::string &path, const std::string &body, bool close) const;
};

} // namespace signalbox::bench
