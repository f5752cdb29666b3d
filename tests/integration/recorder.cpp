// SPDX-License-Identifier: GPL-3.0-or-later
// recorder DIRECTORY [FILE_LIMIT_BYTES]: records events at a steady pace until it is killed, and prints now and then
// the last one's number, how many the writer says are in the file, and whether it records.
#include "engine/history/historywriter.h"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>

#include <sys/resource.h>

using namespace signalbox;

int main(int argc, char **argv)
{
    if (argc < 2)
        return 2;
    if (argc > 2) {
        // A full disk, for this process alone: a write past the limit fails with EFBIG once the signal is ignored.
        std::signal(SIGXFSZ, SIG_IGN);
        const rlim_t limit = std::strtoull(argv[2], nullptr, 10);
        const rlimit limits { limit, limit };
        setrlimit(RLIMIT_FSIZE, &limits);
    }
    HistoryWriter writer({ QString::fromLocal8Bit(argv[1]), {} });
    std::uint64_t sequence = static_cast<std::uint64_t>(QDateTime::currentMSecsSinceEpoch()) * 1000;
    for (;;) {
        RequestEvent event;
        event.sequence = ++sequence;
        event.at = QDateTime::currentDateTimeUtc();
        event.id = QByteArray(200, 'x');
        AttemptEvent attempt;
        attempt.provider = QStringLiteral("alpha");
        attempt.outcome = Outcome::Success;
        event.attempts.push_back(attempt);
        writer.record(std::move(event));
        if (sequence % 50 == 0) {
            const RecordingSnapshot state = writer.state();
            std::printf("%llu %llu %s\n", static_cast<unsigned long long>(sequence),
                        static_cast<unsigned long long>(state.writtenEvents),
                        state.state == RecordingState::Recording ? "recording" : "stopped");
            std::fflush(stdout);
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
    }
}
