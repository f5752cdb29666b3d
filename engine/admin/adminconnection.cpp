// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/admin/adminconnection.h"

#include "engine/api/requestjson.h"
#include "engine/base/bytes.h"
#include "engine/transport/reasonphrase.h"

#include <QFutureWatcher>
#include <QTcpSocket>
#include <QUrl>

#include <sys/socket.h>

namespace signalbox {

namespace {

constexpr qsizetype largestBody = 64 << 10;
constexpr qint64 largestBacklog = 4 << 20; ///< of a follower that does not read
constexpr std::chrono::seconds requestTime { 10 };
constexpr std::chrono::seconds answerTime { 30 };
constexpr std::chrono::seconds lingerTime { 2 };

ParserLimits limits()
{
    ParserLimits result;
    result.startLineBytes = std::size_t { 8 } << 10;
    result.headBytes = std::size_t { 16 } << 10;
    result.fields = 64;
    return result;
}

QByteArray headText(int status, const QByteArray &contentType)
{
    return "HTTP/1.1 " + QByteArray::number(status) + ' ' + reasonPhrase(status).toByteArray() +
        "\r\ncontent-type: " + contentType +
        "\r\ncache-control: no-store\r\nx-content-type-options: nosniff\r\nconnection: close\r\n";
}

} // namespace

AdminConnection::AdminConnection(QTcpSocket *socket, Engine &engine, AdminApi &api, const Secret &token,
                                 QObject *parent)
    : QObject(parent), m_socket(socket), m_engine(engine), m_api(api), m_token(token), m_parser(*this, limits())
{
    m_socket->setParent(this);
    m_socket->setReadBufferSize(largestBody);
    m_deadline.setSingleShot(true);
    connect(m_socket, &QTcpSocket::readyRead, this, &AdminConnection::onReadyRead);
    connect(m_socket, &QTcpSocket::disconnected, this, &AdminConnection::closed);
    connect(m_socket, &QTcpSocket::bytesWritten, this, [this] {
        if (m_finishing)
            finish();
    });
    connect(&m_deadline, &QTimer::timeout, this, [this] {
        m_socket->abort();
        Q_EMIT closed();
    });
    m_deadline.start(requestTime);
    QMetaObject::invokeMethod(this, &AdminConnection::onReadyRead, Qt::QueuedConnection);
}

AdminConnection::~AdminConnection()
{
    m_socket->disconnect(this);
}

void AdminConnection::onReadyRead()
{
    while (m_socket->bytesAvailable() > 0) {
        const QByteArray bytes = m_socket->readAll();
        if (!m_answered && !m_parser.isComplete())
            m_parser.feed(bytes);
    }
}

/// Nothing of a web page may come through: pages send Origin or Sec-Fetch-Site, and a rebound name shows in Host.
std::optional<AdminReply> AdminConnection::refusal() const
{
    const HeaderList &headers = m_head.headers;
    if (headers.contains("origin") || headers.contains("sec-fetch-site"))
        return AdminApi::error(403, QStringLiteral("forbidden"), QStringLiteral("Web pages are refused."));
    const QByteArray port = ':' + QByteArray::number(m_socket->localPort());
    const QByteArray host = m_head.host();
    if (headers.count("host") != 1 ||
        (host != "127.0.0.1" + port && !equalsIgnoringCase(host, QByteArray("localhost" + port))))
        return AdminApi::error(403, QStringLiteral("forbidden"),
                               QStringLiteral("Host must be 127.0.0.1 with the port."));
    const QByteArray credential = headers.value("authorization");
    const QByteArrayView scheme = "bearer ";
    const bool signedIn = headers.count("authorization") == 1 && startsWithIgnoringCase(credential, scheme) &&
        m_token.matches(QByteArrayView(credential).sliced(scheme.size()));
    if (!signedIn)
        return AdminApi::error(401, QStringLiteral("unauthorized"),
                               QStringLiteral("The token of the admin file is missing or wrong."));
    if (m_head.form != TargetForm::Origin)
        return AdminApi::error(400, QStringLiteral("bad_request"), QStringLiteral("The target must be a path."));
    return std::nullopt;
}

void AdminConnection::onRequestHead(RequestHead &&head)
{
    m_head = std::move(head);
    if (const std::optional<AdminReply> refused = refusal())
        return reply(*refused);
    if (m_head.contentLength > largestBody)
        reply(AdminApi::error(413, QStringLiteral("too_large"), QStringLiteral("The body may have 64 KiB.")));
}

void AdminConnection::onRequestBody(QByteArrayView piece)
{
    if (m_answered)
        return;
    m_body.append(piece);
    if (m_body.size() > largestBody)
        reply(AdminApi::error(413, QStringLiteral("too_large"), QStringLiteral("The body may have 64 KiB.")));
}

void AdminConnection::onRequestComplete()
{
    if (m_answered)
        return;
    m_deadline.start(answerTime);
    const QUrl url = QUrl::fromEncoded(m_head.target, QUrl::StrictMode);
    const AdminRequest request { m_head.method, url.path(QUrl::FullyDecoded), QUrlQuery(url), m_body };
    const std::optional<Result<FollowRequest>> following = AdminApi::followRequest(request);
    if (!following)
        return m_api.handle(request, this, [this](const AdminReply &answer) { reply(answer); });
    if (!*following)
        return reply(AdminApi::error(400, QStringLiteral("bad_request"), following->error().reason));
    follow(following->value());
}

void AdminConnection::onRequestError(int status, const QString &reason)
{
    reply(AdminApi::error(status, QStringLiteral("bad_request"), reason));
}

void AdminConnection::reply(const AdminReply &answer)
{
    if (m_answered)
        return;
    m_answered = true;
    m_socket->write(headText(answer.status, answer.contentType) +
                    "content-length: " + QByteArray::number(answer.body.size()) + "\r\n\r\n" + answer.body);
    m_finishing = true;
    finish();
}

/// Says that nothing more comes, and leaves the client some time to read it: closing with unread bytes would reset.
void AdminConnection::finish()
{
    if (m_socket->bytesToWrite() > 0)
        return;
    m_finishing = false;
    ::shutdown(static_cast<int>(m_socket->socketDescriptor()), SHUT_WR);
    m_deadline.start(lingerTime);
}

void AdminConnection::follow(const FollowRequest &what)
{
    m_answered = true;
    m_deadline.stop();
    m_socket->write(headText(200, "application/x-ndjson") + "transfer-encoding: chunked\r\n\r\n");
    if (what.requests) {
        connect(&m_engine, &Engine::requestFinished, this,
                [this, filter = what.requestQuery.filter](const RequestEvent &event) {
                    if (filter.matches(event))
                        onEvent(event);
                });
        auto *watcher = new QFutureWatcher<RequestPage>(this);
        connect(watcher, &QFutureWatcherBase::finished, this,
                [this, watcher] { followed(watcher->result().requests); });
        return watcher->setFuture(m_engine.requests(what.requestQuery));
    }
    connect(&m_engine, &Engine::stateChanged, this,
            [this, provider = what.eventQuery.provider](const StateEvent &event) {
                if (provider.isEmpty() || provider == event.provider)
                    onEvent(event);
            });
    auto *watcher = new QFutureWatcher<EventPage>(this);
    connect(watcher, &QFutureWatcherBase::finished, this, [this, watcher] { followed(watcher->result().events); });
    watcher->setFuture(m_engine.events(what.eventQuery));
}

/// The tail has come: it goes out, then what happened meanwhile and is not in it.
template <typename Event> void AdminConnection::followed(const std::vector<Event> &newestFirst)
{
    std::uint64_t last = 0;
    for (auto event = newestFirst.rbegin(); event != newestFirst.rend(); ++event) {
        last = event->sequence;
        sendLine(toJsonLine(toJson(*event)));
    }
    m_tailSent = true;
    for (const auto &[sequence, line] : std::exchange(m_early, {})) {
        if (sequence > last)
            sendLine(line);
    }
}

template <typename Event> void AdminConnection::onEvent(const Event &event)
{
    const QByteArray line = toJsonLine(toJson(event));
    if (m_tailSent)
        sendLine(line);
    else
        m_early.emplace_back(event.sequence, line);
}

void AdminConnection::sendLine(const QByteArray &line)
{
    m_socket->write(QByteArray::number(line.size(), 16) + "\r\n" + line + "\r\n");
    if (m_socket->bytesToWrite() > largestBacklog)
        m_socket->abort();
}

} // namespace signalbox
