// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/secret.h"
#include "engine/config/config.h"

#include <QElapsedTimer>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QObject>
#include <QPointer>
#include <QUrl>

namespace signalbox {

/// One request through the proxy, as a tool would send it.
class TestCall : public QObject
{
    Q_OBJECT

public:
    struct Target
    {
        QString url; ///< of the proxy
        Secret token; ///< empty: none
        Dialect dialect = Dialect::OpenAi;
        QString model; ///< asked for one word; empty: only the list of models is asked for, which costs nothing
    };

    explicit TestCall(QObject *parent = nullptr);
    ~TestCall() override;

    bool isRunning() const { return m_reply; }
    /// One at a time: a new one ends the one before.
    void start(const Target &target);

Q_SIGNALS:
    /// In words what came; never holds the token.
    void finished(bool good, const QString &text);

private:
    void finish();
    QString verdict(const QNetworkReply &reply, const QByteArray &body) const;

    QNetworkAccessManager m_manager;
    QPointer<QNetworkReply> m_reply;
    QElapsedTimer m_elapsed;
};

} // namespace signalbox
