// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/requests/requestexport.h"

#include "engine/api/har.h"
#include "engine/api/requestjson.h"

#include <QCoreApplication>
#include <QSaveFile>

namespace signalbox {

namespace {

Error cannotWrite(const QSaveFile &file)
{
    return {
        QCoreApplication::translate("RequestExport", "Cannot write %1: %2").arg(file.fileName(), file.errorString()),
        file.fileName()
    };
}

bool writeHar(QSaveFile &file, const std::vector<RequestModel::RequestPtr> &requests,
              const std::vector<RequestDetails> &details)
{
    std::vector<RequestEvent> events;
    events.reserve(requests.size());
    for (const RequestModel::RequestPtr &request : requests)
        events.push_back(*request);
    const QByteArray text = harText(events, details);
    return file.write(text) == text.size();
}

bool writeLines(QSaveFile &file, const std::vector<RequestModel::RequestPtr> &requests)
{
    for (const RequestModel::RequestPtr &request : requests) {
        const QByteArray line = toJsonLine(toJson(*request));
        if (file.write(line) != line.size())
            return false;
    }
    return true;
}

} // namespace

ExportFormat exportFormatOf(const QString &path)
{
    return path.endsWith(QLatin1String(".jsonl"), Qt::CaseInsensitive) ? ExportFormat::JsonLines : ExportFormat::Har;
}

Status exportRequests(const QString &path, ExportFormat format, const std::vector<RequestModel::RequestPtr> &requests,
                      const std::vector<RequestDetails> &details)
{
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return cannotWrite(file);
    const bool written = format == ExportFormat::Har ? writeHar(file, requests, details) : writeLines(file, requests);
    if (!written || !file.commit())
        return cannotWrite(file);
    return ok();
}

} // namespace signalbox
