// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/commandline.h"
#include "app/signalbox/singleinstance.h"
#include "app/signalboxd/signalhandler.h"
#include "ui/page/preferences.h"
#include "ui/shell/mainwindow.h"
#include "ui/style/appearance.h"
#include "ui/style/englishplurals.h"

#include <QApplication>
#include <QLocale>

#include <sys/prctl.h>

#include <cstdio>

using namespace signalbox;

namespace {

/// Needs no display, so that --version and a bad configuration are answered anywhere.
std::variant<CommandLine, int> parse(int argc, char **argv)
{
    const QCoreApplication withoutDisplay(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("signalbox"));
    QCoreApplication::setApplicationVersion(QStringLiteral(SIGNALBOX_VERSION));
    return parseCommandLine(QCoreApplication::arguments(), true);
}

QString crashWords(const QDateTime &startedAt, const QString &dataDirectory)
{
    return QCoreApplication::translate("main",
                                       "Signalbox closed unexpectedly: the run that started %1 did not end in an "
                                       "orderly way. What it recorded is in %2.")
        .arg(QLocale().toString(startedAt, QLocale::ShortFormat), dataDirectory);
}

int run(EngineOptions options, const CommandLine &commandLine, const SingleInstance &instance,
        const SignalHandler &signalHandler)
{
    const QString dataDirectory = options.dataDirectory;
    const std::unique_ptr<Engine> engine = createEngine(std::move(options));
    EnglishPlurals plurals;
    QCoreApplication::installTranslator(&plurals);
    const Appearance appearance(Preferences().scheme());
    MainWindow window(*engine, appearance);
    window.openPage(commandLine.page);
    QObject::connect(&instance, &SingleInstance::raiseRequested, &window, [&window](const QString &page) {
        window.comeForward();
        window.openPage(page);
    });
    if (instance.crashedRun().isValid())
        window.console().reportFailure(crashWords(instance.crashedRun(), dataDirectory));
    if (commandLine.minimized || window.console().preferences().startMinimized())
        window.showMinimized();
    else
        window.show();
    QObject::connect(&signalHandler, &SignalHandler::terminationRequested, &window, &MainWindow::quit);
    engine->start(); // the window shows how it went
    return QApplication::exec();
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
    // The demo is another program to its user: it may run beside the real one.
    EngineOptions &options = std::get<EngineOptions>(prepared);
    SingleInstance instance((options.demo ? QStringLiteral("demo:") : QStringLiteral("config:")) + options.configPath,
                            SingleInstance::defaultDirectory());
    if (!commandLine.newInstance && !instance.claim()) {
        if (instance.handOver(commandLine.page))
            return ExitCode::Success;
        std::fputs(
            "Signalbox runs already for this configuration, but does not answer. --new-instance starts another.\n",
            stderr);
        return ExitCode::Failure;
    }
    return run(std::move(options), commandLine, instance, signalHandler);
}
