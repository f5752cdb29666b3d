// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/signalboxctl/arguments.h"
#include "engine/admin/runtimefile.h"

#include <QByteArray>
#include <QNetworkAccessManager>
#include <QObject>

class QNetworkReply;

namespace signalbox {

/// Makes one call and tells what comes. Lines come one by one while it follows; everything else comes whole.
class AdminClient : public QObject
{
    Q_OBJECT

public:
    explicit AdminClient(const AdminAddress &address, QObject *parent = nullptr);

    void send(const ControlCall &call);

Q_SIGNALS:
    void lineReceived(const QByteArray &line);
    void answered(const QByteArray &body);
    /// `reached` is false where no engine listens any more.
    void failed(const QString &reason, bool reached);

private:
    void takeLines(QNetworkReply &reply);
    void finish(QNetworkReply &reply, bool follow);

    AdminAddress m_address;
    QNetworkAccessManager m_manager;
    QByteArray m_partial;
};

} // namespace signalbox
