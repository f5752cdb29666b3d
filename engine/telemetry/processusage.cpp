// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/telemetry/processusage.h"

#include <QByteArray>
#include <QFile>
#include <QList>

#include <algorithm>
#include <filesystem>
#include <iterator>

#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

namespace signalbox {

namespace {

QByteArray contentOf(const char *path)
{
    QFile file(QString::fromLatin1(path));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

std::uint64_t entriesIn(const char *path)
{
    std::error_code problem;
    const std::filesystem::directory_iterator folder(path, problem);
    if (problem)
        return 0;
    // The folder itself was open while it was read.
    const auto entries = static_cast<std::uint64_t>(std::distance(begin(folder), end(folder)));
    return entries > 0 ? entries - 1 : 0;
}

double secondsOf(const timeval &time)
{
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

/// Of this process, in Unix time: it does not change, so it is computed once.
double startedAt(std::uint64_t ticksAfterBoot)
{
    timespec wall {}, boot {};
    clock_gettime(CLOCK_REALTIME, &wall);
    clock_gettime(CLOCK_BOOTTIME, &boot);
    const auto seconds = [](const timespec &t) {
        return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) / 1e9;
    };
    return seconds(wall) - seconds(boot) +
        static_cast<double>(ticksAfterBoot) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

} // namespace

ProcessSnapshot readProcessUsage()
{
    ProcessSnapshot process;
    rusage usage {};
    if (getrusage(RUSAGE_SELF, &usage) == 0)
        process.cpuSeconds = secondsOf(usage.ru_utime) + secondsOf(usage.ru_stime);
    rlimit limit {};
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0)
        process.openFilesLimit = limit.rlim_cur;
    process.openFiles = entriesIn("/proc/self/fd");

    // Fields are counted from behind the name, which may hold anything: 20th threads, 22nd start, 23rd virtual bytes,
    // 24th resident pages, see proc(5).
    const QByteArray stat = contentOf("/proc/self/stat");
    const QList<QByteArray> fields = stat.mid(stat.lastIndexOf(')') + 2).split(' ');
    constexpr qsizetype first = 3;
    if (fields.size() <= 24 - first)
        return process;
    process.threads = fields[20 - first].toULongLong();
    static const double started = startedAt(fields[22 - first].toULongLong());
    process.startedAtSeconds = started;
    process.virtualBytes = fields[23 - first].toULongLong();
    process.residentBytes = fields[24 - first].toULongLong() * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
    return process;
}

} // namespace signalbox
