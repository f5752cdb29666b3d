// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/commandline.h"
#include "app/signalboxd/signalhandler.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <cstdio>

#include <sys/prctl.h>

using namespace signalbox;

namespace {

constexpr Milliseconds drainTime { 10'000 };

void writeLine(std::FILE *stream, const QJsonObject &object)
{
    const QByteArray line = QJsonDocument(object).toJson(QJsonDocument::Compact) + '\n';
    std::fwrite(line.constData(), 1, static_cast<std::size_t>(line.size()), stream);
    std::fflush(stream);
}

void logState(const StateEvent &event)
{
    QJsonObject line { { QStringLiteral("event"), QStringLiteral("state") },
                       { QStringLiteral("at"), event.at.toString(Qt::ISODateWithMs) },
                       { QStringLiteral("reason"), event.reason } };
    if (!event.provider.isEmpty())
        line.insert(QStringLiteral("provider"), event.provider);
    if (!event.before.isEmpty())
        line.insert(QStringLiteral("before"), event.before);
    if (!event.after.isEmpty())
        line.insert(QStringLiteral("after"), event.after);
    writeLine(stderr, line);
}

QJsonObject attemptObject(const AttemptEvent &attempt)
{
    QJsonObject object { { QStringLiteral("provider"), attempt.provider },
                         { QStringLiteral("outcome"), QString::fromLatin1(toString(attempt.outcome)) },
                         { QStringLiteral("reason"), attempt.reason },
                         { QStringLiteral("status"), attempt.status },
                         { QStringLiteral("totalMs"), static_cast<qint64>(attempt.total.count() / 1000) } };
    if (!attempt.detail.isEmpty())
        object.insert(QStringLiteral("detail"), attempt.detail);
    if (attempt.possiblyBilled)
        object.insert(QStringLiteral("possiblyBilled"), true);
    return object;
}

void logRequest(const RequestEvent &event)
{
    QJsonArray attempts;
    for (const AttemptEvent &attempt : event.attempts)
        attempts.append(attemptObject(attempt));
    writeLine(stderr,
              { { QStringLiteral("event"), QStringLiteral("request") },
                { QStringLiteral("at"), event.at.toString(Qt::ISODateWithMs) },
                { QStringLiteral("id"), QString::fromLatin1(event.id) },
                { QStringLiteral("method"), QString::fromLatin1(event.method) },
                { QStringLiteral("path"), QString::fromLatin1(event.path) },
                { QStringLiteral("model"), QString::fromUtf8(event.model) },
                { QStringLiteral("status"), event.status },
                { QStringLiteral("end"), QString::fromLatin1(toString(event.end)) },
                { QStringLiteral("totalMs"), static_cast<qint64>(event.total.count() / 1000) },
                { QStringLiteral("attempts"), attempts } });
}

int run(QCoreApplication &application, EngineOptions options, bool logRequests)
{
    const bool demo = options.demo;
    const std::unique_ptr<Engine> engine = createEngine(std::move(options));
    QObject::connect(engine.get(), &Engine::stateChanged, &application,
                     [](const StateEvent &event) { logState(event); });
    if (logRequests)
        QObject::connect(engine.get(), &Engine::requestFinished, &application, &logRequest);
    else
        QObject::connect(engine.get(), &Engine::requestHadTrouble, &application, &logRequest);

    SignalHandler signals;
    bool stopping = false;
    QObject::connect(&signals, &SignalHandler::terminationRequested, &application, [&] {
        if (stopping)
            return QCoreApplication::exit(ExitCode::Success);
        stopping = true;
        engine->stop(drainTime).then(&application, [](const Status &) { QCoreApplication::exit(ExitCode::Success); });
    });
    engine->start().then(&application, [&](const Status &status) {
        if (!status) {
            std::fprintf(stderr, "%s\n", qUtf8Printable(status.error().reason));
            return QCoreApplication::exit(ExitCode::PortBusy);
        }
        writeLine(stdout,
                  { { QStringLiteral("event"), QStringLiteral("listening") },
                    { QStringLiteral("url"), engine->snapshot()->listener.url } });
        if (demo)
            std::fputs("Simulated providers: no request leaves this machine.\n", stderr);
    });
    return QCoreApplication::exec();
}

} // namespace

int main(int argc, char **argv)
{
    // Keys are in memory: no core file of them.
    prctl(PR_SET_DUMPABLE, 0);
    QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("signalboxd"));
    QCoreApplication::setApplicationVersion(QStringLiteral(SIGNALBOX_VERSION));
    const auto parsed = parseCommandLine(QCoreApplication::arguments(), false);
    if (const int *code = std::get_if<int>(&parsed))
        return *code;
    const CommandLine &commandLine = std::get<CommandLine>(parsed);
    auto prepared = prepareEngine(commandLine);
    if (const int *code = std::get_if<int>(&prepared))
        return *code;
    return run(application, std::move(std::get<EngineOptions>(prepared)), commandLine.logRequests);
}
