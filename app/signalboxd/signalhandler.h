// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

namespace signalbox {

/// SIGINT and SIGTERM as a Qt signal, by way of a pipe. One per process.
class SignalHandler : public QObject
{
    Q_OBJECT

public:
    explicit SignalHandler(QObject *parent = nullptr);

Q_SIGNALS:
    void terminationRequested();
};

} // namespace signalbox
