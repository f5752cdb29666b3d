// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/demo/simulatedanswer.h"
#include "engine/demo/simulatedserver.h"
#include "engine/transport/requestparser.h"

#include <QObject>
#include <QTimer>

#include <limits>
#include <vector>

class QTcpSocket;

namespace signalbox {

/// One client of a simulated server: reads requests one after the other and plays the answers.
class SimulatedConnection : public QObject, private RequestParser::Handler
{
    Q_OBJECT

public:
    SimulatedConnection(SimulatedServer &server, QTcpSocket *socket);

    /// Closes at once, whatever was left to send.
    void cut();

private:
    static constexpr std::size_t never = std::numeric_limits<std::size_t>::max();
    enum class Ending { Complete, Cut, Hang };

    void onRequestHead(RequestHead &&head) override;
    void onRequestBody(QByteArrayView piece) override;
    void onRequestComplete() override;
    void onRequestError(int status, const QString &reason) override;

    void read();
    void answer();
    void answerFault(const SimulatedCall &call, const SimulatedFault &fault);
    void generate(const SimulatedCall &call, const SimulatedFault &fault);
    void stream(const SimulatedCall &call, const SimulatedFault &fault);
    /// Sends a whole answer after that time.
    void sendLater(int status, const QByteArray &type, const QByteArray &body, std::chrono::milliseconds after,
                   const QByteArray &extraHead = {});
    void play();
    void finish();

    SimulatedServer &m_server;
    QTcpSocket *m_socket;
    RequestParser m_parser { *this };
    QByteArray m_unread;
    SimulatedRequest m_request;
    bool m_keepAlive = true;
    bool m_answering = false;
    std::vector<QByteArray> m_pieces; ///< of the present answer, ready for the wire
    std::size_t m_next = 0;
    std::size_t m_stopAfter = never; ///< pieces sent before the ending
    Ending m_ending = Ending::Complete;
    QTimer m_timer;
};

} // namespace signalbox
