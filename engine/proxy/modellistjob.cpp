// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/proxy/modellistjob.h"

#include "engine/dialect/bodydecoder.h"
#include "engine/dialect/errors.h"
#include "engine/dialect/headers.h"
#include "engine/proxy/proxycontext.h"
#include "engine/transport/pooledreply.h"

#include <algorithm>

namespace signalbox {

namespace {
constexpr qint64 listBytes = 4 << 20;
}

ModelListJob::ModelListJob(ProxyContext &context, ResponseSink &sink, RequestHead head, Route route, QObject *parent)
    : RequestHandler(parent), m_context(context), m_sink(sink), m_head(std::move(head)), m_route(std::move(route))
{
}

ModelListJob::~ModelListJob()
{
    clientGone();
}

void ModelListJob::bodyComplete()
{
    const Plan plan = m_context.registry.plan(m_route.dialect, {}, m_route.pinnedProvider);
    for (const Candidate &candidate : plan.candidates) {
        if (!candidate.provider->keyMissing() && !m_context.pointsAtUs(candidate.provider->config().baseUrl))
            ask(candidate);
    }
    if (m_waiting == 0)
        answer();
}

void ModelListJob::ask(const Candidate &candidate)
{
    const ProviderConfig &config = candidate.provider->config();
    Result<HeaderList> headers =
        upstreamHeaders(m_head.headers, m_route, m_context.upstreamContext(*candidate.provider));
    m_lists.push_back({ {}, config.models, config.name });
    if (!headers)
        return;
    UpstreamRequest request;
    request.origin = m_context.originOf(*candidate.provider);
    request.method = "GET";
    request.target = upstreamTarget(config.baseUrl, m_route);
    request.headers = std::move(headers.value());
    request.timeouts.connect = config.timeouts.connectMs;
    request.timeouts.tls = config.timeouts.tlsMs;
    request.timeouts.poolWait = config.timeouts.connectMs;
    request.timeouts.total = config.timeouts.defaultMs;
    PooledReply *reply = m_context.lane.send(std::move(request));
    reply->setReadBufferSize(listBytes);
    m_replies.push_back(reply);
    ++m_waiting;
    const std::size_t index = m_lists.size() - 1;
    connect(reply, &QNetworkReply::finished, this, [this, index, reply] { collect(index, reply); });
}

void ModelListJob::collect(std::size_t index, PooledReply *reply)
{
    const bool good = reply->transportError() == TransportError::None && reply->head().status == 200;
    if (good) {
        const QByteArray coding = reply->head().headers.value("content-encoding");
        m_lists[index].body = decodeBody(coding, reply->takeBody()).value_or(QByteArray());
        m_answered += m_lists[index].body.isEmpty() ? 0 : 1;
    }
    if (--m_waiting == 0)
        answer();
}

void ModelListJob::answer()
{
    const bool named = std::any_of(m_lists.begin(), m_lists.end(), [](const ProviderModels &list) {
        return std::any_of(list.mappings.begin(), list.mappings.end(),
                           [](const ModelMapping &m) { return !m.pattern.contains(u'*'); });
    });
    if (m_answered > 0 || named) {
        m_sink.answer(200, { { "content-type", "application/json" } }, mergeModelLists(m_route.dialect, m_lists));
    } else {
        m_sink.answer(503, { { "content-type", "application/json" } },
                      errorBody(m_route.dialect, 503, "no_provider",
                                QStringLiteral("No provider of this dialect gave its list of models.")));
    }
    m_sink.handlerDone();
}

void ModelListJob::clientGone()
{
    for (PooledReply *reply : std::exchange(m_replies, {})) {
        reply->disconnect(this);
        reply->abort();
        reply->deleteLater();
    }
}

} // namespace signalbox
