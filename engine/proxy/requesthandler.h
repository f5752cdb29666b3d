// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArrayView>
#include <QObject>

namespace signalbox {

/// Answers one client request through a ResponseSink, which it tells of its end.
class RequestHandler : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    /// False: an answer was given already and the rest of the body is not wanted.
    virtual bool appendBody(QByteArrayView bytes) = 0;
    virtual void bodyComplete() = 0;
    virtual void clientGone() = 0;
    /// The engine stops: end now, in a way the client can see.
    virtual void interrupt() { clientGone(); }
    /// The sink is no longer congested.
    virtual void resume() = 0;
    /// A few times a second: marks that come with time.
    virtual void tick() { }
};

} // namespace signalbox
