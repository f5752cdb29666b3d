// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/requesttext.h"

#include "ui/models/requestcells.h"

namespace signalbox {

namespace {

/// Our narrow no-break space is for the screen; elsewhere it is in the way of a search.
QString plain(QString text)
{
    return text.replace(QChar(0x202F), QLatin1Char(' '));
}

QString markdownRow(const QStringList &cells)
{
    return QStringLiteral("| %1 |\n").arg(cells.join(QStringLiteral(" | ")));
}

/// For a POSIX shell: nothing inside is interpreted.
QString quoted(QString text)
{
    return QStringLiteral("'%1'").arg(text.replace(QLatin1Char('\''), QStringLiteral("'\\''")));
}

/// The client's own way to give a key.
QString credentialField(std::optional<Dialect> dialect)
{
    if (dialect == Dialect::Anthropic)
        return QStringLiteral("x-api-key: $SIGNALBOX_TOKEN");
    if (dialect == Dialect::Gemini)
        return QStringLiteral("x-goog-api-key: $SIGNALBOX_TOKEN");
    return QStringLiteral("Authorization: Bearer $SIGNALBOX_TOKEN");
}

} // namespace

QString rowText(const RequestEvent &event, const QList<int> &columns)
{
    QStringList cells;
    for (const int column : columns)
        cells.append(plain(cellText(event, column)));
    return cells.join(QLatin1Char('\t'));
}

QString rowText(const InFlightRequest &request, const QList<int> &columns)
{
    const auto texts = flightTexts(request);
    QStringList cells;
    for (const int column : columns)
        cells.append(plain(texts[static_cast<std::size_t>(column)]));
    return cells.join(QLatin1Char('\t'));
}

QString markdownTable(const std::vector<RequestModel::RequestPtr> &requests, const QList<int> &columns)
{
    QStringList names;
    QStringList rules;
    for (const int column : columns) {
        names.append(RequestModel::columnName(column));
        rules.append(isNumberColumn(column) ? QStringLiteral("---:") : QStringLiteral("---"));
    }
    QString table = markdownRow(names) + markdownRow(rules);
    for (const RequestModel::RequestPtr &request : requests) {
        QStringList cells;
        for (const int column : columns)
            cells.append(plain(cellText(*request, column)).replace(QLatin1Char('|'), QStringLiteral("\\|")));
        table += markdownRow(cells);
    }
    return table;
}

QString curlCommand(const RequestEvent &event, const QString &proxyUrl, bool needsToken, const QByteArray &body)
{
    const QString next = QStringLiteral(" \\\n  ");
    QString command = QStringLiteral("curl -sS");
    if (event.stream)
        command += QStringLiteral(" -N");
    command += QStringLiteral(" -X %1 ").arg(QString::fromLatin1(event.method));
    QString url = proxyUrl + QString::fromUtf8(event.path);
    if (event.path.endsWith(":streamGenerateContent"))
        url += QStringLiteral("?alt=sse");
    command += quoted(url);
    if (needsToken)
        command += next + QStringLiteral("-H \"%1\"").arg(credentialField(event.dialect));
    if (event.dialect == Dialect::Anthropic)
        command += next + QStringLiteral("-H 'anthropic-version: 2023-06-01'");
    if (event.method != "GET" && event.method != "HEAD" && event.method != "DELETE") {
        command += next + QStringLiteral("-H 'Content-Type: application/json'");
        command += next +
            (body.isEmpty() ? QStringLiteral("--data-binary @request.json")
                            : QStringLiteral("--data-binary %1").arg(quoted(QString::fromUtf8(body))));
    }
    return command;
}

} // namespace signalbox
