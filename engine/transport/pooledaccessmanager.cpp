// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/transport/pooledaccessmanager.h"

#include "engine/transport/connectionpool.h"
#include "engine/transport/pooledreply.h"

#include <QIODevice>
#include <QNetworkRequest>

#include <utility>

namespace signalbox {

namespace {

QByteArray methodOf(QNetworkAccessManager::Operation operation, const QNetworkRequest &request)
{
    switch (operation) {
    case QNetworkAccessManager::HeadOperation:
        return "HEAD";
    case QNetworkAccessManager::GetOperation:
        return "GET";
    case QNetworkAccessManager::PutOperation:
        return "PUT";
    case QNetworkAccessManager::PostOperation:
        return "POST";
    case QNetworkAccessManager::DeleteOperation:
        return "DELETE";
    case QNetworkAccessManager::CustomOperation:
    case QNetworkAccessManager::UnknownOperation:
        break;
    }
    return request.attribute(QNetworkRequest::CustomVerbAttribute).toByteArray();
}

UpstreamRequestPointer fromNetworkRequest(QNetworkAccessManager::Operation operation, const QNetworkRequest &request,
                                          QIODevice *outgoingData)
{
    auto result = std::make_shared<UpstreamRequest>();
    const QUrl url = request.url();
    result->origin = OriginSettings::fromUrl(url);
    result->method = methodOf(operation, request);
    result->target = url.path(QUrl::FullyEncoded).toLatin1();
    if (result->target.isEmpty())
        result->target = "/";
    if (url.hasQuery())
        result->target += '?' + url.query(QUrl::FullyEncoded).toLatin1();
    for (const QByteArray &name : request.rawHeaderList())
        result->headers.append(name, request.rawHeader(name));
    result->bodyDevice = outgoingData;
    if (outgoingData && !outgoingData->isSequential())
        result->bodySize = outgoingData->size() - outgoingData->pos();
    result->timeouts.total = std::chrono::milliseconds(request.transferTimeout());
    return result;
}

} // namespace

PooledAccessManager::PooledAccessManager(const PoolSettings &settings, QObject *parent)
    : QNetworkAccessManager(parent), m_pool(std::make_unique<ConnectionPool>(settings))
{
}

PooledAccessManager::~PooledAccessManager() = default;

PooledReply *PooledAccessManager::send(UpstreamRequest request)
{
    auto head = std::make_shared<const UpstreamRequest>(std::move(request));
    OriginPool &pool = m_pool->poolOf(head->origin);
    auto *reply = new PooledReply(std::move(head), this);
    reply->start(pool, CustomOperation);
    return reply;
}

QNetworkReply *PooledAccessManager::createRequest(Operation operation, const QNetworkRequest &request,
                                                  QIODevice *outgoingData)
{
    UpstreamRequestPointer head = fromNetworkRequest(operation, request, outgoingData);
    OriginPool &pool = m_pool->poolOf(head->origin);
    auto *reply = new PooledReply(std::move(head), this);
    reply->usePlainly(request);
    reply->start(pool, operation);
    return reply;
}

void PooledAccessManager::preconnect(const OriginSettings &origin, const PhaseTimeouts &timeouts)
{
    m_pool->poolOf(origin).preconnect(timeouts);
}

void PooledAccessManager::clearIdle()
{
    m_pool->closeIdle();
}

std::vector<PoolStats> PooledAccessManager::poolStats() const
{
    return m_pool->stats();
}

} // namespace signalbox
