// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/signalboxctl/tables.h"

#include <QDateTime>
#include <QJsonArray>
#include <QStringList>

#include <vector>

namespace signalbox {

namespace {

QString text(const QJsonObject &object, const char *name)
{
    QString value = object.value(QLatin1String(name)).toString();
    // What clients and providers say must not control the terminal.
    for (QChar &character : value) {
        if (!character.isPrint())
            character = QLatin1Char('?');
    }
    return value;
}

QJsonObject member(const QJsonObject &object, const char *name)
{
    return object.value(QLatin1String(name)).toObject();
}

double numberOf(const QJsonObject &object, const char *name)
{
    return object.value(QLatin1String(name)).toDouble();
}

QString millisecondsText(double milliseconds)
{
    if (milliseconds <= 0)
        return QStringLiteral("-");
    return milliseconds < 1000 ? QStringLiteral("%1 ms").arg(qRound64(milliseconds))
                               : QStringLiteral("%1 s").arg(milliseconds / 1000, 0, 'f', 1);
}

QString timeOfDay(const QJsonObject &object)
{
    return QDateTime::fromString(text(object, "at"), Qt::ISODateWithMs)
        .toLocalTime()
        .toString(QStringLiteral("HH:mm:ss.zzz"));
}

QString dateAndTime(const QJsonObject &object, const char *name)
{
    return QDateTime::fromString(text(object, name), Qt::ISODateWithMs)
        .toLocalTime()
        .toString(QStringLiteral("yyyy-MM-dd HH:mm:ss"));
}

QString acknowledgedText(const QJsonObject &alarm)
{
    const QString at = dateAndTime(alarm, "acknowledgedAt");
    return at.isEmpty() ? QStringLiteral("-") : QStringLiteral("%1 %2").arg(text(alarm, "acknowledgedBy"), at);
}

using Row = QStringList;

QString table(const std::vector<Row> &rows)
{
    std::vector<qsizetype> widths;
    for (const Row &row : rows) {
        widths.resize(std::max<std::size_t>(widths.size(), static_cast<std::size_t>(row.size())));
        for (qsizetype i = 0; i < row.size(); ++i)
            widths[static_cast<std::size_t>(i)] = std::max(widths[static_cast<std::size_t>(i)], row.at(i).size());
    }
    QString result;
    for (const Row &row : rows) {
        QString line;
        for (qsizetype i = 0; i < row.size(); ++i)
            line += row.at(i).leftJustified(widths[static_cast<std::size_t>(i)]) + QStringLiteral("  ");
        while (line.endsWith(QLatin1Char(' ')))
            line.chop(1);
        result += line + QLatin1Char('\n');
    }
    return result;
}

QString breakerText(const QJsonObject &breaker)
{
    const QString mode = text(breaker, "mode");
    const QString state = text(breaker, "state");
    const double retryMs = numberOf(breaker, "retryInMs");
    QString result = mode == QLatin1String("AUTO") || mode.isEmpty() ? state : mode;
    if (retryMs > 0)
        result += QStringLiteral(" (%1)").arg(millisecondsText(retryMs));
    return result;
}

Row providerRow(const QJsonObject &provider)
{
    const QJsonObject score = member(provider, "score");
    const double calls = numberOf(provider, "recentCalls");
    return { text(provider, "name"),
             text(provider, "dialect"),
             breakerText(member(provider, "breaker")),
             QStringLiteral("%1 %2").arg(qRound64(numberOf(score, "value"))).arg(text(score, "label")),
             calls > 0 ? QStringLiteral("%1 %").arg(numberOf(provider, "successRate") * 100, 0, 'f', 1)
                       : QStringLiteral("-"),
             millisecondsText(numberOf(member(provider, "firstByte"), "p50Ms")),
             QString::number(provider.value(QStringLiteral("inFlight")).toInt()),
             text(provider, "lastReason") };
}

} // namespace

QString providersText(const QJsonObject &answer)
{
    std::vector<Row> rows { { QStringLiteral("PROVIDER"), QStringLiteral("DIALECT"), QStringLiteral("BREAKER"),
                              QStringLiteral("SCORE"), QStringLiteral("SUCCESS"), QStringLiteral("TTFB P50"),
                              QStringLiteral("IN FLIGHT"), QStringLiteral("LAST REASON") } };
    const QJsonArray providers = answer.value(QStringLiteral("providers")).toArray();
    for (const QJsonValue provider : providers)
        rows.push_back(providerRow(provider.toObject()));
    return table(rows);
}

QString statusText(const QJsonObject &status)
{
    const QJsonObject listener = member(status, "listener");
    const QJsonObject totals = member(status, "totals");
    const QJsonObject recording = member(status, "recording");
    const auto count = [&](const char *name) { return QString::number(qint64(numberOf(totals, name))); };
    QString result =
        QStringLiteral("%1 %2 %3\n").arg(text(listener, "state"), text(listener, "url"), text(listener, "error"));
    result += QStringLiteral("%1 requests, %2 succeeded, %3 failed, %4 left by the client\n")
                  .arg(count("requests"), count("succeeded"), count("failed"), count("clientGone"));
    result += QStringLiteral("recording: %1 %2\n")
                  .arg(text(recording, "state"), text(recording, "reason"))
                  .replace(QLatin1String(" \n"), QLatin1String("\n"));
    const qsizetype alarms = status.value(QStringLiteral("alarms")).toArray().size();
    result += alarms == 0 ? QStringLiteral("no alarms\n\n")
                          : QStringLiteral("%1 alarms: see signalboxctl alarms\n\n").arg(alarms);
    return result + providersText(status);
}

QString alarmsText(const QJsonObject &answer)
{
    const QJsonArray alarms = answer.value(QStringLiteral("alarms")).toArray();
    if (alarms.isEmpty())
        return QStringLiteral("no alarms\n");
    std::vector<Row> rows { { QStringLiteral("ID"), QStringLiteral("PRIORITY"), QStringLiteral("STATE"),
                              QStringLiteral("SINCE"), QStringLiteral("COUNT"), QStringLiteral("ACKNOWLEDGED"),
                              QStringLiteral("WHAT") } };
    for (const QJsonValue value : alarms) {
        const QJsonObject alarm = value.toObject();
        rows.push_back({ text(alarm, "id"), text(alarm, "priority"), text(alarm, "state"), dateAndTime(alarm, "since"),
                         QString::number(alarm.value(QStringLiteral("count")).toInt()), acknowledgedText(alarm),
                         text(alarm, "text") });
    }
    return table(rows);
}

QString routeText(const QJsonObject &answer)
{
    std::vector<Row> rows;
    const QJsonArray candidates = answer.value(QStringLiteral("candidates")).toArray();
    for (const QJsonValue value : candidates) {
        const QJsonObject candidate = value.toObject();
        const bool chosen = candidate.value(QStringLiteral("chosen")).toBool();
        rows.push_back({ chosen ? QStringLiteral("->") : QStringLiteral("  "), text(candidate, "provider"),
                         text(candidate, "reason"), text(candidate, "text") });
    }
    return text(answer, "summary") + QLatin1Char('\n') + table(rows);
}

namespace {

/// What either policy did, in the order of time.
std::vector<Row> transitionRows(const QJsonObject &provider)
{
    std::vector<std::pair<QString, Row>> rows;
    for (const char *side : { "actual", "draft" }) {
        const QJsonArray transitions = member(provider, side).value(QStringLiteral("transitions")).toArray();
        for (const QJsonValue value : transitions) {
            const QJsonObject transition = value.toObject();
            const QString day = QDateTime::fromString(text(transition, "at"), Qt::ISODateWithMs)
                                    .toLocalTime()
                                    .toString(QStringLiteral("yyyy-MM-dd "));
            rows.emplace_back(text(transition, "at"),
                              Row { QStringLiteral("  ") + day + timeOfDay(transition), QLatin1String(side),
                                    text(transition, "sentence") });
        }
    }
    std::stable_sort(rows.begin(), rows.end(), [](const auto &a, const auto &b) { return a.first < b.first; });
    std::vector<Row> result;
    result.reserve(rows.size());
    for (auto &[at, row] : rows)
        result.push_back(std::move(row));
    return result;
}

} // namespace

QString replayText(const QJsonObject &answer)
{
    const QJsonArray providers = answer.value(QStringLiteral("providers")).toArray();
    QString result = QStringLiteral("%1 recorded requests, %2 providers, computed in %3 ms\n")
                         .arg(qint64(numberOf(answer, "requests")))
                         .arg(providers.size())
                         .arg(numberOf(answer, "computedMs"), 0, 'f', 1);
    if (const QString missing = text(answer, "sentence"); !missing.isEmpty())
        result += missing + QLatin1Char('\n');
    for (const QJsonValue value : providers) {
        const QJsonObject provider = value.toObject();
        result += QLatin1Char('\n') + text(provider, "sentence") + QLatin1Char('\n') + table(transitionRows(provider));
    }
    return result;
}

QString inFlightText(const QJsonObject &answer)
{
    const QJsonArray requests = answer.value(QStringLiteral("requests")).toArray();
    if (requests.isEmpty())
        return QStringLiteral("no requests in flight\n");
    std::vector<Row> rows { { QStringLiteral("ID"), QStringLiteral("ELAPSED"), QStringLiteral("CLIENT"),
                              QStringLiteral("MODEL"), QStringLiteral("PROVIDER"), QStringLiteral("ATTEMPT"),
                              QStringLiteral("PHASE"), QStringLiteral("BYTES") } };
    for (const QJsonValue value : requests) {
        const QJsonObject request = value.toObject();
        rows.push_back({ text(request, "id"), millisecondsText(numberOf(request, "elapsedMs")), text(request, "client"),
                         text(request, "model"), text(request, "provider"),
                         QString::number(request.value(QStringLiteral("attempt")).toInt()), text(request, "phase"),
                         QString::number(qint64(numberOf(request, "bytesToClient"))) });
    }
    return table(rows);
}

QString requestLine(const QJsonObject &request)
{
    QStringList providers;
    QString reason;
    const QJsonArray attempts = request.value(QStringLiteral("attempts")).toArray();
    for (const QJsonValue value : attempts) {
        providers.append(text(value.toObject(), "provider"));
        reason = text(value.toObject(), "reason");
    }
    const QString failure =
        reason.isEmpty() || reason == QLatin1String("ok") ? QString() : QString(QStringLiteral("  ") + reason);
    return QStringLiteral("%1  %2  %3  %4  %5  %6  %7%8")
        .arg(timeOfDay(request), QString::number(request.value(QStringLiteral("status")).toInt()).rightJustified(3),
             text(request, "end").leftJustified(11),
             millisecondsText(numberOf(request, "firstByteUs") / 1000).rightJustified(8),
             millisecondsText(numberOf(request, "totalUs") / 1000).rightJustified(8),
             text(request, "model").leftJustified(24), providers.join(QLatin1String(" > ")), failure);
}

QString eventLine(const QJsonObject &event)
{
    return QStringLiteral("%1  %2  %3  %4")
        .arg(timeOfDay(event), text(event, "kind").leftJustified(10), text(event, "provider").leftJustified(16),
             text(event, "reason"));
}

} // namespace signalbox
