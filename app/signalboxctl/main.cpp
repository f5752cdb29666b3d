// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/signalboxctl/adminclient.h"
#include "app/signalboxctl/arguments.h"
#include "app/signalboxctl/completion.h"
#include "app/signalboxctl/tables.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QSaveFile>
#include <QStandardPaths>

#include <cstdio>

#include <sys/prctl.h>

using namespace signalbox;

namespace {

enum ExitCode { Success = 0, Refused = 1, Usage = 2, NotRunning = 3 };

bool print(std::FILE *stream, const QByteArray &bytes)
{
    const auto size = static_cast<std::size_t>(bytes.size());
    return std::fwrite(bytes.constData(), 1, size, stream) == size && std::fflush(stream) == 0;
}

int complain(const QString &reason, int code)
{
    print(stderr, "signalboxctl: " + reason.toUtf8() + '\n');
    return code;
}

/// Newest first, as it comes; a log reads the other way.
QString linesOf(const QJsonArray &newestFirst, QString (*line)(const QJsonObject &))
{
    QString text;
    for (qsizetype i = newestFirst.size(); i-- > 0;)
        text += line(newestFirst.at(i).toObject()) + QLatin1Char('\n');
    return text;
}

QString readable(ControlCall::View view, const QJsonObject &answer)
{
    switch (view) {
    case ControlCall::View::Status:
        return statusText(answer);
    case ControlCall::View::Providers:
        return providersText(answer);
    case ControlCall::View::Requests:
        return linesOf(answer.value(QStringLiteral("requests")).toArray(), requestLine);
    case ControlCall::View::InFlight:
        return inFlightText(answer);
    case ControlCall::View::Events:
        return linesOf(answer.value(QStringLiteral("events")).toArray(), eventLine);
    case ControlCall::View::Alarms:
        return alarmsText(answer);
    case ControlCall::View::Route:
        return routeText(answer);
    case ControlCall::View::Replay:
        return replayText(answer);
    case ControlCall::View::Done:
    case ControlCall::View::Raw:
        break;
    }
    return QStringLiteral("done\n");
}

int writeFile(const QString &path, const QByteArray &body)
{
    QSaveFile file(path);
    if (file.open(QIODevice::WriteOnly) && file.write(body) == body.size() && file.commit())
        return Success;
    return complain(QStringLiteral("%1: %2").arg(path, file.errorString()), Refused);
}

int show(const ControlCall &call, const QByteArray &body)
{
    if (call.view == ControlCall::View::Raw && !call.outputFile.isEmpty())
        return writeFile(call.outputFile, body);
    const bool asItIs = call.json || call.view == ControlCall::View::Raw;
    const QByteArray text = asItIs ? body : readable(call.view, QJsonDocument::fromJson(body).object()).toUtf8();
    return print(stdout, text) ? Success : Refused;
}

bool showLine(const ControlCall &call, const QByteArray &line)
{
    if (call.json)
        return print(stdout, line + '\n');
    const QJsonObject object = QJsonDocument::fromJson(line).object();
    const QString text = call.view == ControlCall::View::Requests ? requestLine(object) : eventLine(object);
    return print(stdout, text.toUtf8() + '\n');
}

QString placeOfAdminFile(const ControlArguments &arguments)
{
    if (!arguments.adminFile.isEmpty())
        return arguments.adminFile;
    const QString data = arguments.dataDirectory.isEmpty()
        ? QString(QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + QLatin1String("/signalbox"))
        : arguments.dataDirectory;
    return adminFilePath(QProcessEnvironment::systemEnvironment(), data);
}

int call(const ControlCall &what, const AdminAddress &address)
{
    AdminClient client(address);
    QObject::connect(&client, &AdminClient::answered, &client,
                     [&](const QByteArray &body) { QCoreApplication::exit(show(what, body)); });
    QObject::connect(&client, &AdminClient::lineReceived, &client, [&](const QByteArray &line) {
        if (!showLine(what, line))
            QCoreApplication::exit(Success); // whoever read us, e.g. head, has had enough
    });
    QObject::connect(&client, &AdminClient::failed, &client, [&](const QString &reason, bool reached) {
        QCoreApplication::exit(complain(reason, reached ? Refused : NotRunning));
    });
    client.send(what);
    return QCoreApplication::exec();
}

} // namespace

int main(int argc, char **argv)
{
    // The token is in memory: no core file of it.
    prctl(PR_SET_DUMPABLE, 0);
    QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("signalboxctl"));
    const auto parsed = parseControlArguments(QCoreApplication::arguments().mid(1), QDateTime::currentDateTimeUtc());
    if (!parsed)
        return complain(parsed.error().reason, Usage);
    const ControlArguments &arguments = parsed.value();
    if (arguments.version)
        return print(stdout, "signalboxctl " SIGNALBOX_VERSION "\n") ? Success : Refused;
    if (!arguments.completionShell.isEmpty()) {
        const std::optional<QString> script = completionScript(arguments.completionShell);
        return script ? print(stdout, script->toUtf8()) ? Success : Refused
                      : complain(QStringLiteral("--completion knows bash, zsh and fish."), Usage);
    }
    if (!arguments.call)
        return print(stdout, controlHelp().toUtf8()) ? Success : Refused;
    const Result<AdminAddress> address = readAdminFile(placeOfAdminFile(arguments));
    if (!address)
        return complain(QStringLiteral("%1: %2").arg(address.error().place, address.error().reason), NotRunning);
    return call(*arguments.call, address.value());
}
