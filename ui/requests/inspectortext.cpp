// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/requests/inspectortext.h"

#include "ui/models/requestcells.h"
#include "ui/style/format.h"

#include <QCoreApplication>
#include <QJsonDocument>
#include <QLocale>

namespace signalbox {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("Inspector", text);
}

void add(Facts &facts, const QString &name, const QString &value)
{
    if (!value.isEmpty() && value != noValue())
        facts.append({ name, value });
}

QString sizeText(qint64 bytes)
{
    return QLocale().formattedDataSize(bytes);
}

QString usageWords(const TokenUsage &usage)
{
    if (!usage.known)
        return tr("unknown");
    QStringList parts { tr("%1 in").arg(formatCount(usage.inputTokens)) };
    if (usage.cachedTokens > 0)
        parts.append(tr("%1 from cache").arg(formatCount(usage.cachedTokens)));
    if (usage.cacheWriteTokens > 0)
        parts.append(tr("%1 written to cache").arg(formatCount(usage.cacheWriteTokens)));
    parts.append(tr("%1 out").arg(formatCount(usage.outputTokens)));
    if (usage.reasoningTokens > 0)
        parts.append(tr("%1 of it reasoning").arg(formatCount(usage.reasoningTokens)));
    return parts.join(QStringLiteral(", "));
}

QString modelWords(const RequestEvent &event)
{
    const QString asked = QString::fromUtf8(event.model);
    const QString served = event.attempts.empty() ? QString() : QString::fromUtf8(event.attempts.back().servedModel);
    return served.isEmpty() || served == asked ? asked : tr("%1, served by %2").arg(asked, served);
}

QString gapWords(const StreamGaps &gaps)
{
    if (gaps.events == 0)
        return {};
    return tr("%1, gaps p50 %2, p99 %3, longest %4")
        .arg(formatCount(gaps.events), timeText(gaps.p50), timeText(gaps.p99), timeText(gaps.longest));
}

QString fieldsText(const HeaderList &fields)
{
    QString text;
    for (const HeaderField &field : fields)
        text += QStringLiteral("%1: %2\n").arg(QString::fromLatin1(field.name), QString::fromUtf8(field.value));
    return text.isEmpty() ? tr("(no fields)") + QLatin1Char('\n') : text;
}

QString indented(const QByteArray &json)
{
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(json, &error);
    return error.error == QJsonParseError::NoError ? QString::fromUtf8(document.toJson(QJsonDocument::Indented))
                                                   : QString::fromUtf8(json);
}

Facts healthCheckFacts(const RequestEvent &event)
{
    Facts facts;
    const AttemptEvent &attempt = event.attempts.front();
    add(facts, tr("Provider"), attempt.provider);
    add(facts, tr("Status"), event.status > 0 ? QString::number(event.status) : tr("no answer"));
    add(facts, tr("First byte"), timeText(event.firstByte));
    add(facts, tr("Total"), timeText(event.total));
    add(facts, tr("Problem"), attempt.detail);
    return facts;
}

} // namespace

Facts summaryFacts(const RequestEvent &event)
{
    Facts facts;
    add(facts, tr("Time"), event.at.toLocalTime().toString(QStringLiteral("yyyy-MM-dd HH:mm:ss.zzz")));
    add(facts, tr("Client"), QString::fromUtf8(event.userAgent));
    if (event.healthCheck)
        return facts + healthCheckFacts(event);
    add(facts, tr("Model"), modelWords(event));
    add(facts, tr("Status"), event.status > 0 ? QString::number(event.status) : tr("none was sent"));
    add(facts, tr("First token"), timeText(event.firstByte));
    add(facts, tr("Total"), timeText(event.total));
    add(facts, tr("Added by the proxy"), timeText(event.overhead));
    add(facts, tr("Stream events"), gapWords(event.gaps));
    add(facts, tr("Tokens"), usageWords(event.usage()));
    add(facts, tr("Cost"), event.costUsd() ? costText(event.costUsd()) : tr("unknown"));
    if (event.possiblyBilledTwice())
        add(facts, tr("Billing"), tr("A failed attempt may be billed too: it ended after the request was sent."));
    add(facts, tr("Session"), QString::fromLatin1(event.session));
    add(facts, tr("Id"), QString::fromLatin1(event.id));
    return facts;
}

Facts requestFacts(const RequestEvent &event, const RequestDetails *details)
{
    Facts facts;
    const QString target = details ? QString::fromUtf8(details->target) : QString::fromUtf8(event.path);
    add(facts, tr("Request"), QStringLiteral("%1 %2").arg(QString::fromLatin1(event.method), target));
    if (event.dialect)
        add(facts, tr("Dialect"), QString::fromLatin1(toString(*event.dialect)));
    add(facts, tr("Endpoint"), QString::fromLatin1(event.endpoint));
    add(facts, tr("Model"), QString::fromUtf8(event.model));
    add(facts, tr("Streamed"), event.stream ? tr("yes") : tr("no"));
    add(facts, tr("Body"), sizeText(event.bytesFromClient));
    return facts;
}

Facts responseFacts(const RequestEvent &event)
{
    Facts facts;
    add(facts, tr("Status"), event.status > 0 ? QString::number(event.status) : tr("none was sent"));
    add(facts, tr("Provider"), event.provider.isEmpty() ? tr("none; the answer is Signalbox's own") : event.provider);
    add(facts, tr("Body"), sizeText(event.bytesToClient));
    for (const AttemptEvent &attempt : event.attempts)
        add(facts, attempt.provider, attempt.detail);
    return facts;
}

QString headersText(const RequestDetails &details)
{
    QString text = tr("Client to Signalbox") + QLatin1Char('\n') + fieldsText(details.received);
    for (std::size_t i = 0; i < details.attempts.size(); ++i) {
        const AttemptDetails &attempt = details.attempts[i];
        const QString number = QString::number(i + 1);
        text += QLatin1Char('\n') + tr("Attempt %1: Signalbox to %2").arg(number, attempt.provider) +
            QLatin1Char('\n') + QString::fromUtf8(attempt.target) + QLatin1Char('\n') + fieldsText(attempt.sent);
        if (attempt.status == 0) {
            text += QLatin1Char('\n') + tr("Attempt %1: no answer").arg(number) + QLatin1Char('\n');
            continue;
        }
        text += QLatin1Char('\n') +
            tr("Attempt %1: %2 answered %3").arg(number, attempt.provider, QString::number(attempt.status)) +
            QLatin1Char('\n') + fieldsText(attempt.received);
    }
    return text;
}

QString prettyBody(const QByteArray &body)
{
    if (!body.contains("data:"))
        return indented(body);
    QString text;
    for (const QByteArray &line : body.split('\n')) {
        if (line.startsWith("data:"))
            text += QStringLiteral("data:\n") + indented(line.sliced(5).trimmed()).trimmed() + QLatin1Char('\n');
        else
            text += QString::fromUtf8(line.trimmed()) + QLatin1Char('\n');
    }
    return text;
}

QString rawBody(const QByteArray &body)
{
    return QString::fromUtf8(body);
}

const CapturedContent *capturedOf(const std::vector<CapturedContent> &captured, CapturedContent::Kind kind)
{
    const CapturedContent *found = nullptr;
    for (const CapturedContent &content : captured) {
        if (content.kind == kind)
            found = &content;
    }
    return found;
}

} // namespace signalbox
