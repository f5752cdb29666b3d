// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/dialect/modellist.h"
#include "engine/dialect/route.h"
#include "engine/proxy/requesthandler.h"
#include "engine/proxy/responsesink.h"
#include "engine/transport/requestparser.h"

#include <vector>

namespace signalbox {

class PooledReply;
struct Candidate;
struct ProxyContext;

/// GET of the model list: asks all providers of the dialect at once and answers with one merged list.
class ModelListJob : public RequestHandler
{
    Q_OBJECT

public:
    ModelListJob(ProxyContext &context, ResponseSink &sink, RequestHead head, Route route, QObject *parent = nullptr);
    ~ModelListJob() override;

    bool appendBody(QByteArrayView) override { return true; }
    void bodyComplete() override;
    void clientGone() override;
    void resume() override { }

private:
    void ask(const Candidate &candidate);
    void collect(std::size_t index, PooledReply *reply);
    void answer();

    ProxyContext &m_context;
    ResponseSink &m_sink;
    RequestHead m_head;
    Route m_route;
    std::vector<ProviderModels> m_lists;
    std::vector<PooledReply *> m_replies;
    int m_waiting = 0;
    int m_answered = 0;
};

} // namespace signalbox
