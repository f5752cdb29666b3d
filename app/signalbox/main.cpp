// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/commandline.h"
#include "app/signalboxd/signalhandler.h"
#include "ui/shell/mainwindow.h"
#include "ui/style/appearance.h"

#include <QApplication>

#include <sys/prctl.h>

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

int run(EngineOptions options, bool minimized)
{
    const std::unique_ptr<Engine> engine = createEngine(std::move(options));
    const Appearance appearance;
    MainWindow window(*engine, appearance);
    if (minimized)
        window.showMinimized();
    else
        window.show();
    SignalHandler signals;
    QObject::connect(&signals, &SignalHandler::terminationRequested, &window, &MainWindow::quit);
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
    return run(std::move(std::get<EngineOptions>(prepared)), commandLine.minimized);
}
