// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/commandline.h"

#include "engine/admin/runtimefile.h"
#include "engine/config/configstore.h"
#include "engine/config/keyorigins.h"

#include <QCommandLineParser>
#include <QStandardPaths>

#include <cstdio>

namespace signalbox {

namespace {

void print(std::FILE *stream, const QString &text)
{
    std::fputs(qUtf8Printable(text), stream);
    std::fputc('\n', stream);
}

void addOptions(QCommandLineParser &parser, bool console)
{
    parser.addOptions({
        { QStringLiteral("config"), QStringLiteral("Configuration file."), QStringLiteral("FILE") },
        { QStringLiteral("port"), QStringLiteral("Local port, over the configuration; 0: the kernel picks."),
          QStringLiteral("N") },
        { QStringLiteral("env-file"), QStringLiteral("Read the four settings from this .env file too."),
          QStringLiteral("FILE") },
        { QStringLiteral("data-dir"), QStringLiteral("Where the history is kept."), QStringLiteral("DIRECTORY") },
        { QStringLiteral("demo"), QStringLiteral("Use simulated providers: no key and no network needed.") },
        { QStringLiteral("no-demo"),
          QStringLiteral("Without a configuration, start with no provider instead of simulated ones.") },
        { QStringLiteral("check-config"), QStringLiteral("Check the configuration, say what is wrong, and exit.") },
        { QStringLiteral("confirm-keys"),
          QStringLiteral("Confirm that every key is meant for its provider's present base URL, and exit.") },
        { QStringLiteral("version"), QStringLiteral("Print the version and exit.") },
        { QStringLiteral("help"), QStringLiteral("Print this help and exit.") },
    });
    if (console)
        parser.addOptions({
            { QStringLiteral("minimized"), QStringLiteral("Start with the window minimized.") },
            { QStringLiteral("new-instance"),
              QStringLiteral("Start beside a console that runs for the same configuration.") },
            { QStringLiteral("open"), QStringLiteral("Page to open: wall, requests, alarms ..."),
              QStringLiteral("PAGE") },
        });
    else
        parser.addOption(
            { QStringLiteral("log-requests"), QStringLiteral("Log successful requests too, not only failures.") });
}

} // namespace

std::variant<CommandLine, int> parseCommandLine(const QStringList &arguments, bool console)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(
        console ? QStringLiteral("Signalbox: local LLM API proxy with failover, and its console.")
                : QStringLiteral("Signalbox without a window: local LLM API proxy with failover."));
    addOptions(parser, console);
    if (!parser.parse(arguments) || !parser.positionalArguments().isEmpty()) {
        const QString error = parser.errorText().isEmpty()
            ? QStringLiteral("Unexpected argument '%1'.").arg(parser.positionalArguments().value(0))
            : parser.errorText();
        print(stderr, error % QLatin1String(" Try --help."));
        return ExitCode::Usage;
    }
    if (parser.isSet(QStringLiteral("help"))) {
        print(stdout, parser.helpText());
        return ExitCode::Success;
    }
    if (parser.isSet(QStringLiteral("version"))) {
        print(stdout,
              QStringLiteral("%1 " SIGNALBOX_VERSION)
                  .arg(console ? QStringLiteral("signalbox") : QStringLiteral("signalboxd")));
        return ExitCode::Success;
    }
    CommandLine result;
    if (parser.isSet(QStringLiteral("port"))) {
        bool good = false;
        result.port = parser.value(QStringLiteral("port")).toInt(&good);
        if (!good || *result.port < 0 || *result.port > 65535) {
            print(stderr, QStringLiteral("--port must be a number from 0 to 65535."));
            return ExitCode::Usage;
        }
    }
    result.configPath = parser.value(QStringLiteral("config"));
    result.dataDirectory = parser.value(QStringLiteral("data-dir"));
    result.envFiles = parser.values(QStringLiteral("env-file"));
    result.demo = parser.isSet(QStringLiteral("demo"));
    result.noDemo = parser.isSet(QStringLiteral("no-demo"));
    if (result.demo && result.noDemo) {
        print(stderr, QStringLiteral("--demo and --no-demo exclude each other."));
        return ExitCode::Usage;
    }
    result.minimized = console && parser.isSet(QStringLiteral("minimized"));
    result.newInstance = console && parser.isSet(QStringLiteral("new-instance"));
    if (console)
        result.page = parser.value(QStringLiteral("open"));
    result.logRequests = !console && parser.isSet(QStringLiteral("log-requests"));
    if (parser.isSet(QStringLiteral("check-config")))
        result.action = CommandLine::Action::CheckConfig;
    else if (parser.isSet(QStringLiteral("confirm-keys")))
        result.action = CommandLine::Action::ConfirmKeys;
    return result;
}

std::variant<EngineOptions, int> prepareEngine(const CommandLine &commandLine)
{
    EngineOptions options;
    options.overlay.port = commandLine.port;
    options.overlay.environment = QProcessEnvironment::systemEnvironment();
    options.overlay.envFiles = commandLine.envFiles;
    options.configPath =
        commandLine.configPath.isEmpty() ? defaultConfigPath(options.overlay.environment) : commandLine.configPath;
    const bool check = commandLine.action == CommandLine::Action::CheckConfig;
    options.config = check ? loadConfig(options.configPath, options.overlay)
                           : loadConfigEnsuringToken(options.configPath, options.overlay);
    for (const QString &warning : options.config.warningTexts())
        print(stderr, QLatin1String("warning: ") % warning);
    if (!options.config.ok()) {
        print(stderr, options.config.errorText());
        return ExitCode::BadConfig;
    }
    if (options.config.missing && !commandLine.configPath.isEmpty() && !commandLine.demo) {
        print(stderr, QStringLiteral("%1: there is no such file.").arg(options.configPath));
        return ExitCode::BadConfig;
    }
    if (check) {
        print(stdout,
              QStringLiteral("%1: %2").arg(options.configPath,
                                           options.config.missing
                                               ? QStringLiteral("not there yet; simulated providers would be used")
                                               : QStringLiteral("ok")));
        return ExitCode::Success;
    }
    if (commandLine.action == CommandLine::Action::ConfirmKeys) {
        const Status status = confirmAllKeyOrigins(options.configPath, options.config.config);
        if (!status)
            print(stderr, status.error().reason);
        return status ? ExitCode::Success : ExitCode::Failure;
    }
    options.dataDirectory = commandLine.dataDirectory.isEmpty()
        ? QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) % QLatin1String("/signalbox")
        : commandLine.dataDirectory;
    options.adminFile = adminFilePath(options.overlay.environment, options.dataDirectory);
    options.demo = commandLine.demo || (options.config.missing && !commandLine.noDemo);
    options.realDataDirectory = options.dataDirectory;
    if (options.demo)
        options.dataDirectory += QLatin1String("/demo"); // what is simulated never mixes with what happened
    // The simulation needs no key, and nobody has been shown a token yet.
    if (options.demo && options.config.missing)
        options.config.config.proxy.token.reset();
    return options;
}

} // namespace signalbox
