// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/transport/requestparser.h"

#include <QByteArray>
#include <QObject>
#include <QSslConfiguration>
#include <QTcpServer>

#include <functional>
#include <memory>
#include <optional>
#include <vector>

class QTcpSocket;

namespace signalbox::test {

class RawServer;

struct RawRequest
{
    RequestHead head;
    QByteArray body;
    int connection = 0; ///< from 1 on, in the order of accepting
    int index = 0; ///< from 0 on, within its connection
};

/// The server's end of one connection.
class RawConnection : public QObject, private RequestParser::Handler
{
    Q_OBJECT

public:
    RawConnection(RawServer &server, QTcpSocket *socket, int number);

    void send(const QByteArray &bytes);
    /// After what was sent.
    void close();
    /// Closes with RST.
    void reset();
    /// Nothing more is taken from the network.
    void stopReading();
    bool isOpen() const;
    int number() const { return m_number; }
    qint64 bytesReceived() const { return m_bytesReceived; }
    qint64 bytesUnsent() const;
    QTcpSocket *socket() const { return m_socket; }

private:
    void onReadyRead();
    void onRequestHead(RequestHead &&head) override;
    void onRequestBody(QByteArrayView piece) override;
    void onRequestComplete() override;
    void onRequestError(int status, const QString &reason) override;

    RawServer &m_server;
    QTcpSocket *m_socket;
    RequestParser m_parser { *this };
    RawRequest m_request;
    int m_number;
    qint64 m_bytesReceived = 0;
    bool m_reading = true;
};

/// An upstream that does exactly what a test tells it, bytes and closings included. Serves TLS when configured.
class RawServer : public QTcpServer
{
    Q_OBJECT

public:
    explicit RawServer(const std::optional<QSslConfiguration> &tls = {});

    quint16 port() const { return serverPort(); }
    /// Called for each complete request; without it nothing is answered.
    void onRequest(std::function<void(RawConnection &, const RawRequest &)> answer) { m_answer = std::move(answer); }
    /// Called for each head, before its body.
    void onHead(std::function<void(RawConnection &, const RawRequest &)> answer) { m_headAnswer = std::move(answer); }
    /// Called for each connection that is ready for a request.
    void onConnection(std::function<void(RawConnection &)> greet) { m_greet = std::move(greet); }

    const std::vector<RawRequest> &requests() const { return m_requests; }
    int headCount() const { return m_headCount; }
    int connectionCount() const { return m_connectionCount; }
    int openConnections() const;
    /// The connection accepted last.
    RawConnection *last() const { return m_connections.empty() ? nullptr : m_connections.back(); }
    bool hadProtocolError() const { return m_protocolError; }

protected:
    void incomingConnection(qintptr descriptor) override;

private:
    friend class RawConnection;
    void add(QTcpSocket *socket);

    std::optional<QSslConfiguration> m_tls;
    std::function<void(RawConnection &, const RawRequest &)> m_answer;
    std::function<void(RawConnection &, const RawRequest &)> m_headAnswer;
    std::function<void(RawConnection &)> m_greet;
    std::vector<RawConnection *> m_connections;
    std::vector<RawRequest> m_requests;
    int m_headCount = 0;
    int m_connectionCount = 0;
    bool m_protocolError = false;
};

/// "HTTP/1.1 200 OK" with Content-Length.
QByteArray okAnswer(const QByteArray &body);
QByteArray chunk(const QByteArray &data);

} // namespace signalbox::test
