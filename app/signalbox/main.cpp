// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/commandline.h"
#include "app/signalbox/demoswitch.h"
#include "app/signalbox/singleinstance.h"
#include "app/signalboxd/signalhandler.h"
#include "ui/page/preferences.h"
#include "ui/shell/mainwindow.h"
#include "ui/style/appearance.h"
#include "ui/style/englishplurals.h"

#include <QApplication>
#include <QDir>

#include <sys/prctl.h>

#include <cstdio>

using namespace signalbox;

namespace {

/// Those that Qt takes for itself: they are no mistakes. With a value of their own, or without one.
QStringList withoutQtOptions(const QStringList &arguments)
{
    static const QStringList alone { QStringLiteral("reverse"), QStringLiteral("widgetcount") };
    static const QStringList valued { QStringLiteral("platform"),        QStringLiteral("platformtheme"),
                                      QStringLiteral("plugin"),          QStringLiteral("style"),
                                      QStringLiteral("stylesheet"),      QStringLiteral("display"),
                                      QStringLiteral("geometry"),        QStringLiteral("session"),
                                      QStringLiteral("qwindowgeometry"), QStringLiteral("qwindowicon"),
                                      QStringLiteral("qwindowtitle") };
    QStringList ours;
    for (qsizetype i = 0; i < arguments.size(); ++i) {
        const QString &argument = arguments.at(i);
        const QString name =
            argument.mid(argument.startsWith(QLatin1String("--")) ? 2 : 1).section(QLatin1Char('='), 0, 0);
        const bool option = argument.startsWith(QLatin1Char('-'));
        if (option && valued.contains(name))
            i += argument.contains(QLatin1Char('=')) ? 0 : 1;
        else if (!option || !alone.contains(name))
            ours.append(argument);
    }
    return ours;
}

/// Needs no display, so that --version and a bad configuration are answered anywhere.
std::variant<CommandLine, int> parse(int argc, char **argv)
{
    const QCoreApplication withoutDisplay(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("signalbox"));
    QCoreApplication::setApplicationVersion(QStringLiteral(SIGNALBOX_VERSION));
    return parseCommandLine(withoutQtOptions(QCoreApplication::arguments()), true);
}

/// The last sign of life of the run that started then: it recorded until shortly before its end.
QDateTime lastSign(const QDateTime &startedAt, const QString &dataDirectory)
{
    QDateTime last = startedAt;
    const QFileInfoList files = QDir(dataDirectory).entryInfoList({ QStringLiteral("history.db*") }, QDir::Files);
    for (const QFileInfo &file : files)
        last = std::max(last, file.lastModified());
    return last;
}

/// next: set to what is to run after it, if it is not the end.
int run(EngineOptions options, const CommandLine &commandLine, const SingleInstance &instance,
        const SignalHandler &signalHandler, std::optional<NextRun> &next)
{
    // Nothing listens before a newcomer says so.
    const bool listen = options.demo || !options.config.missing;
    const QString dataDirectory = options.dataDirectory;
    const QDateTime crashedAt =
        instance.crashedRun().isValid() ? lastSign(instance.crashedRun(), dataDirectory) : QDateTime();
    const std::unique_ptr<Engine> engine = createEngine(std::move(options));
    EnglishPlurals plurals;
    QCoreApplication::installTranslator(&plurals);
    Appearance appearance(Preferences().scheme());
    MainWindow window(*engine, appearance);
    followScheme(appearance, window.console().preferences());
    window.openPage(commandLine.page);
    QObject::connect(&instance, &SingleInstance::raiseRequested, &window, [&window](const QString &page) {
        window.comeForward();
        window.openPage(page);
    });
    if (crashedAt.isValid()) {
        window.tellOfCrash(crashedAt, dataDirectory);
        std::fprintf(stderr, "The run before this one closed unexpectedly at about %s.\n",
                     qUtf8Printable(crashedAt.toString(Qt::ISODate)));
    }
    if (commandLine.minimized || window.console().preferences().startMinimized())
        window.showMinimized();
    else
        window.show();
    DemoSwitch demoSwitch(window, commandLine);
    QObject::connect(&signalHandler, &SignalHandler::terminationRequested, &window, &MainWindow::quit);
    if (listen)
        engine->start(); // the window shows how it went
    const int code = QApplication::exec();
    next = demoSwitch.next();
    return code;
}

} // namespace

int main(int argc, char **argv)
{
    // Keys are in memory: no core file of them.
    prctl(PR_SET_DUMPABLE, 0);
    const auto parsed = parse(argc, argv);
    if (const int *code = std::get_if<int>(&parsed))
        return *code;
    const CommandLine &commandLine = std::get<CommandLine>(parsed);
    auto prepared = prepareEngine(commandLine);
    if (const int *code = std::get_if<int>(&prepared))
        return *code;

    QGuiApplication::setDesktopFileName(QStringLiteral("io.github.signalbox.Signalbox"));
    const QApplication application(argc, argv);
    QCoreApplication::setOrganizationName(QStringLiteral("signalbox"));
    QGuiApplication::setApplicationDisplayName(QStringLiteral("Signalbox"));
    // Before the place is claimed: a termination while starting ends in an orderly way too, so that it is no crash.
    const SignalHandler signalHandler;
    EngineOptions &options = std::get<EngineOptions>(prepared);
    auto instance = makeInstance(options);
    if (!commandLine.newInstance && !instance->claim()) {
        if (instance->handOver(commandLine.page))
            return ExitCode::Success;
        std::fputs(
            "Signalbox runs already for this configuration, but does not answer. --new-instance starts another.\n",
            stderr);
        return ExitCode::Failure;
    }
    std::optional<NextRun> next;
    int code = run(std::move(options), commandLine, *instance, signalHandler, next);
    while (next) {
        NextRun present = std::move(*next);
        next.reset();
        instance = std::move(present.instance);
        code = run(std::move(present.options), present.commandLine, *instance, signalHandler, next);
    }
    return code;
}
