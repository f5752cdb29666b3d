// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/api/har.h"

#include "engine/api/requestjson.h"

#include <QHash>
#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>

namespace signalbox {

namespace {

using std::chrono::microseconds;

double milliseconds(microseconds time)
{
    return std::chrono::duration<double, std::milli>(time).count();
}

/// Phase by phase: the time from one mark to the next. -1, as HAR wants it, for a phase that did not happen.
class Timings
{
public:
    double until(microseconds mark)
    {
        if (mark < microseconds(0))
            return -1;
        const microseconds end = std::max(mark + m_offset, m_last);
        const microseconds spent = end - std::exchange(m_last, end);
        return milliseconds(spent);
    }
    void startAt(microseconds offset) { m_offset = offset; }
    microseconds last() const { return m_last; }

private:
    microseconds m_offset { 0 };
    microseconds m_last { 0 };
};

QJsonObject timingsOf(const RequestEvent &event, double &total)
{
    Timings timings;
    AttemptPhases phases;
    if (!event.attempts.empty()) {
        phases = event.attempts.back().phases;
        timings.startAt(event.attempts.back().startedAfter);
    }
    const double blocked = timings.until(std::max(phases.queue, microseconds(0)));
    const double dns = timings.until(phases.dns);
    const double tcp = timings.until(phases.connect);
    const double ssl = timings.until(phases.tls);
    const double connect = tcp < 0 ? ssl : tcp + std::max(ssl, 0.0);
    const double send = std::max(timings.until(phases.sent), 0.0);
    const double wait = std::max(timings.until(std::max(phases.head, phases.firstByte)), 0.0);
    const double receive = milliseconds(std::max(event.total - timings.last(), microseconds(0)));
    total = blocked + std::max(dns, 0.0) + std::max(connect, 0.0) + send + wait + receive;
    return { { QStringLiteral("blocked"), blocked }, { QStringLiteral("dns"), dns },
             { QStringLiteral("connect"), connect }, { QStringLiteral("ssl"), ssl },
             { QStringLiteral("send"), send },       { QStringLiteral("wait"), wait },
             { QStringLiteral("receive"), receive } };
}

QJsonObject pair(const QByteArray &name, const QByteArray &value)
{
    return { { QStringLiteral("name"), QString::fromLatin1(name) },
             { QStringLiteral("value"), QString::fromLatin1(value) } };
}

QJsonArray pairs(const HeaderList &headers)
{
    QJsonArray array;
    for (const HeaderField &field : headers)
        array.append(pair(field.name, field.value));
    return array;
}

QJsonArray queryOf(const QByteArray &target)
{
    QJsonArray array;
    const qsizetype question = target.indexOf('?');
    if (question < 0)
        return array;
    const QByteArrayList items = target.mid(question + 1).split('&');
    for (const QByteArray &item : items) {
        const qsizetype equals = item.indexOf('=');
        array.append(equals < 0 ? pair(item, {}) : pair(item.first(equals), item.sliced(equals + 1)));
    }
    return array;
}

/// Fields of the attempt that answered, as it came from the provider.
HeaderList receivedBy(const RequestDetails *details)
{
    return details && !details->attempts.empty() ? details->attempts.back().received : HeaderList();
}

QJsonObject requestOf(const RequestEvent &event, const RequestDetails *details)
{
    const QByteArray target = details && !details->target.isEmpty() ? details->target : event.path;
    return { { QStringLiteral("method"), QString::fromLatin1(event.method) },
             { QStringLiteral("url"), QString(QLatin1String("http://127.0.0.1") + QString::fromUtf8(target)) },
             { QStringLiteral("httpVersion"), QStringLiteral("HTTP/1.1") },
             { QStringLiteral("cookies"), QJsonArray() },
             { QStringLiteral("headers"), details ? pairs(details->received) : QJsonArray() },
             { QStringLiteral("queryString"), queryOf(target) },
             { QStringLiteral("headersSize"), -1 },
             { QStringLiteral("bodySize"), static_cast<qint64>(event.bytesFromClient) } };
}

QJsonObject responseOf(const RequestEvent &event, const RequestDetails *details)
{
    const QString type = event.stream ? QStringLiteral("text/event-stream") : QStringLiteral("application/json");
    return { { QStringLiteral("status"), event.status },
             { QStringLiteral("statusText"), QString::fromLatin1(toString(event.end)) },
             { QStringLiteral("httpVersion"), QStringLiteral("HTTP/1.1") },
             { QStringLiteral("cookies"), QJsonArray() },
             { QStringLiteral("headers"), pairs(receivedBy(details)) },
             { QStringLiteral("content"),
               QJsonObject { { QStringLiteral("size"), event.bytesToClient }, { QStringLiteral("mimeType"), type } } },
             { QStringLiteral("redirectURL"), QString() },
             { QStringLiteral("headersSize"), -1 },
             { QStringLiteral("bodySize"), event.bytesToClient } };
}

} // namespace

QByteArray harText(const std::vector<RequestEvent> &requests, const std::vector<RequestDetails> &details)
{
    QHash<std::uint64_t, const RequestDetails *> known;
    for (const RequestDetails &one : details)
        known.insert(one.sequence, &one);
    QJsonArray entries;
    for (const RequestEvent &event : requests) {
        const RequestDetails *more = known.value(event.sequence, nullptr);
        double total = 0;
        const QJsonObject timings = timingsOf(event, total);
        entries.append(
            QJsonObject { { QStringLiteral("startedDateTime"), event.at.toUTC().toString(Qt::ISODateWithMs) },
                          { QStringLiteral("time"), total },
                          { QStringLiteral("request"), requestOf(event, more) },
                          { QStringLiteral("response"), responseOf(event, more) },
                          { QStringLiteral("cache"), QJsonObject() },
                          { QStringLiteral("timings"), timings },
                          { QStringLiteral("_signalbox"), toJson(event) } });
    }
    const QJsonObject creator { { QStringLiteral("name"), QStringLiteral("Signalbox") },
                                { QStringLiteral("version"), QStringLiteral(SIGNALBOX_VERSION) } };
    const QJsonObject log { { QStringLiteral("version"), QStringLiteral("1.2") },
                            { QStringLiteral("creator"), creator },
                            { QStringLiteral("entries"), entries } };
    return QJsonDocument(QJsonObject { { QStringLiteral("log"), log } }).toJson(QJsonDocument::Compact);
}

} // namespace signalbox
