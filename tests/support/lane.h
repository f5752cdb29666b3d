// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/transport/pooledaccessmanager.h"
#include "engine/transport/pooledreply.h"

#include <QEventLoop>
#include <QSignalSpy>
#include <QTest>
#include <QTimer>

#include <memory>

namespace signalbox::test {

constexpr int patience = 20000; ///< ms; only a hang takes that long

inline UpstreamRequest makeRequest(const OriginSettings &origin, const char *method = "POST",
                                   const QByteArray &body = "{\"a\":1}")
{
    UpstreamRequest request;
    request.origin = origin;
    request.method = method;
    request.target = "/v1/chat/completions";
    request.headers = { { "Content-Type", "application/json" }, { "X-Case", "1" } };
    request.body = body;
    return request;
}

/// A reply with its signals counted and its body collected.
class Attempt
{
public:
    Attempt(PooledAccessManager &manager, UpstreamRequest request) : reply(manager.send(std::move(request)))
    {
        QObject::connect(reply.get(), &PooledReply::headReceived, reply.get(), [this] { ++heads; });
        QObject::connect(reply.get(), &PooledReply::bodyReceived, reply.get(), [this] {
            if (collect)
                body += reply->takeBody();
        });
        QObject::connect(reply.get(), &PooledReply::finished, reply.get(), [this] { ++ends; });
    }

    /// In an event loop of its own: QTest::qWaitFor() sleeps between rounds, which drags large bodies out.
    bool wait() const
    {
        QEventLoop loop;
        QObject::connect(reply.get(), &PooledReply::finished, &loop, &QEventLoop::quit);
        QTimer::singleShot(patience, &loop, &QEventLoop::quit);
        if (ends == 0)
            loop.exec();
        return ends > 0;
    }

    /// As a name, so that a failed comparison can print it.
    QByteArray error() const { return toString(reply->transportError()); }

    std::unique_ptr<PooledReply> reply;
    QByteArray body;
    int heads = 0;
    int ends = 0;
    bool collect = true;
};

} // namespace signalbox::test
