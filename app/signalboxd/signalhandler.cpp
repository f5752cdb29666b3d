// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/signalboxd/signalhandler.h"

#include <QSocketNotifier>

#include <array>
#include <csignal>

#include <fcntl.h>
#include <unistd.h>

namespace signalbox {

namespace {

std::array<int, 2> wakePipe { -1, -1 };

void onSignal(int)
{
    const char byte = 1;
    // Nothing can be done about a full pipe here, and then a byte is waiting anyway.
    [[maybe_unused]] const ssize_t written = ::write(wakePipe[1], &byte, 1);
}

} // namespace

SignalHandler::SignalHandler(QObject *parent) : QObject(parent)
{
    if (::pipe2(wakePipe.data(), O_CLOEXEC | O_NONBLOCK) != 0)
        return;
    auto *notifier = new QSocketNotifier(wakePipe[0], QSocketNotifier::Read, this);
    connect(notifier, &QSocketNotifier::activated, this, [this] {
        char byte = 0;
        while (::read(wakePipe[0], &byte, 1) > 0)
            continue;
        Q_EMIT terminationRequested();
    });
    struct sigaction action
    {
    };
    action.sa_handler = onSignal;
    sigemptyset(&action.sa_mask);
    action.sa_flags = SA_RESTART;
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
    // A file that may not grow is a full disk: recording stops, nothing else does.
    std::signal(SIGXFSZ, SIG_IGN);
}

} // namespace signalbox
