// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/console/measure.h"
#include "bench/console/upstreams.h"
#include "bench/console/watchedapplication.h"

#include <QCommandLineParser>
#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QSettings>
#include <QTemporaryDir>

#include <cstdio>

using namespace signalbox::bench;

int main(int argc, char **argv)
{
    if (argc == 3 && qstrcmp(argv[1], "upstreams") == 0)
        return runUpstreams(QByteArray(argv[2]).toInt(), argc, argv);
    WatchedApplication application(argc, argv);
    QCoreApplication::setOrganizationName(QStringLiteral("signalbox-bench"));
    QApplication::setQuitOnLastWindowClosed(false);
    const QTemporaryDir settings;
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, settings.path());
    QCommandLineParser parser;
    parser.addOptions({ { QStringLiteral("minutes"), QStringLiteral("Of the memory curve."), QStringLiteral("N"),
                          QStringLiteral("30") },
                        { QStringLiteral("seconds"), QStringLiteral("Of each CPU measurement."), QStringLiteral("N"),
                          QStringLiteral("60") },
                        { QStringLiteral("out"), QStringLiteral("Folder of the figures."), QStringLiteral("FOLDER"),
                          QStringLiteral(".") } });
    parser.process(application);
    Plan plan;
    plan.each = std::chrono::seconds(parser.value(QStringLiteral("seconds")).toInt());
    plan.memory = std::chrono::minutes(parser.value(QStringLiteral("minutes")).toInt());
    const QDir out(parser.value(QStringLiteral("out")));
    QJsonObject figures;
    const auto note = [&](const QString &name, const QJsonObject &found) {
        figures.insert(name, found);
        std::fprintf(stdout, "%s %s\n", qUtf8Printable(name),
                     QJsonDocument(found).toJson(QJsonDocument::Compact).constData());
        std::fflush(stdout);
    };
    note(QStringLiteral("cpu"), measureCpu(plan));
    note(QStringLiteral("blocking"), measureBlocking(application));
    note(QStringLiteral("memory"), measureMemory(plan, out.filePath(QStringLiteral("console-memory.csv"))));
    QFile file(out.filePath(QStringLiteral("console.json")));
    const QByteArray text = QJsonDocument(figures).toJson();
    if (!file.open(QIODevice::WriteOnly | QIODevice::Truncate) || file.write(text) != text.size())
        return 1;
    for (const char *part : { "cpu", "blocking", "memory" }) {
        if (figures.value(QLatin1String(part)).toObject().contains(QStringLiteral("problem")))
            return 1;
    }
    return 0;
}
