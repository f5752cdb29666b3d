// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/conformance/breakertrace.h"
#include "app/conformance/scorecase.h"
#include "engine/base/result.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <cstdio>

namespace {

using namespace signalbox;
using namespace signalbox::conformance;

constexpr int UsageError = 2;
constexpr int FileError = 101; ///< beyond any number of failures
constexpr int MostFailures = 100;

constexpr char Usage[] =
    "usage: signalbox-conformance breaker FILE\n"
    "       signalbox-conformance score FILE\n"
    "Prints 'ok ID' or 'not ok ID ...: got ... want ...' for every trace or case; steps count from 1.\n"
    "Exit status: the number of failures (at most 100), 2 if called wrongly, 101 if the file cannot\n"
    "be read or is not of that kind.\n";

Result<QJsonObject> readObject(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return Error { file.errorString(), path };
    QJsonParseError problem;
    const QJsonDocument document = QJsonDocument::fromJson(file.readAll(), &problem);
    if (problem.error != QJsonParseError::NoError)
        return Error { QStringLiteral("%1 at byte %2").arg(problem.errorString()).arg(problem.offset), path };
    if (!document.isObject())
        return Error { QStringLiteral("not a JSON object"), path };
    return document.object();
}

int fail(const Error &error)
{
    std::fprintf(stderr, "signalbox-conformance: %s: %s\n", qPrintable(error.place), qPrintable(error.reason));
    return FileError;
}

int report(const CaseResult &result)
{
    if (!result.difference) {
        std::printf("ok %s\n", qPrintable(result.id));
        return 0;
    }
    std::printf("not ok %s %s\n", qPrintable(result.id), qPrintable(*result.difference));
    return 1;
}

int run(const QString &path, const QString &listName, const auto &runOne)
{
    const Result<QJsonObject> file = readObject(path);
    if (!file)
        return fail(file.error());
    const QJsonValue list = file.value()[listName];
    if (!list.isArray() || list.toArray().isEmpty())
        return fail({ QStringLiteral("has no list \"%1\"").arg(listName), path });
    int failures = 0;
    for (const QJsonValue one : list.toArray())
        failures += report(runOne(one.toObject(), file.value()));
    return std::min(failures, MostFailures);
}

} // namespace

int main(int argc, char **argv)
{
    const QString kind = argc == 3 ? QString::fromLocal8Bit(argv[1]) : QString();
    const QString path = argc == 3 ? QString::fromLocal8Bit(argv[2]) : QString();
    if (kind == QLatin1String("breaker"))
        return run(path, QStringLiteral("traces"), [](const QJsonObject &trace, const QJsonObject &file) {
            return runBreakerTrace(trace, file[QLatin1String("defaults")].toObject());
        });
    if (kind == QLatin1String("score"))
        return run(path, QStringLiteral("cases"),
                   [](const QJsonObject &scoreCase, const QJsonObject &) { return runScoreCase(scoreCase); });
    std::fputs(Usage, stderr);
    return UsageError;
}
