// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/console/measure.h"

#include "bench/console/recordedday.h"
#include "bench/console/upstreams.h"
#include "bench/console/watchedapplication.h"
#include "engine/engine.h"
#include "ui/shell/mainwindow.h"
#include "ui/shell/pages.h"
#include "ui/style/appearance.h"

#include <QAbstractButton>
#include <QDeadlineTimer>
#include <QEventLoop>
#include <QFile>
#include <QJsonArray>
#include <QLineEdit>
#include <QScrollBar>
#include <QTableView>
#include <QTemporaryDir>
#include <QTimer>

#include <cmath>
#include <memory>
#include <vector>

#include <sys/resource.h>
#include <unistd.h>

namespace signalbox::bench {

namespace {

using namespace std::chrono_literals;
using std::chrono::microseconds;

constexpr int providers = 20;
constexpr int logged = 100'000;
constexpr int breakerCalls = 1'000'000;
constexpr auto warmUp = 10s;
constexpr auto longestWait = 120s;

/// The event loop runs meanwhile.
void run(std::chrono::milliseconds time)
{
    QEventLoop loop;
    QTimer::singleShot(time, Qt::PreciseTimer, &loop, &QEventLoop::quit);
    loop.exec();
}

template <typename Condition> bool runUntil(Condition met)
{
    const QDeadlineTimer limit(longestWait);
    while (!met() && !limit.hasExpired())
        run(20ms);
    return met();
}

microseconds processCpu()
{
    rusage usage {};
    getrusage(RUSAGE_SELF, &usage);
    const auto of = [](const timeval &time) { return std::chrono::seconds(time.tv_sec) + microseconds(time.tv_usec); };
    return of(usage.ru_utime) + of(usage.ru_stime);
}

double residentMegabytes()
{
    QFile file(QStringLiteral("/proc/self/statm"));
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    const QList<QByteArray> pages = file.readAll().split(' ');
    return pages.value(1).toDouble() * static_cast<double>(sysconf(_SC_PAGESIZE)) / (1024 * 1024);
}

/// Engine and window as main() puts them together, with a folder of their own.
struct Desk
{
    QTemporaryDir folder;
    Appearance appearance { Appearance::Scheme::Light };
    std::unique_ptr<Engine> engine;
    std::unique_ptr<MainWindow> window;

    QString dataDirectory() const { return folder.filePath(QStringLiteral("data")); }
    bool open(const QByteArray &config)
    {
        EngineOptions options;
        options.overlay.port = 0;
        options.configPath = folder.filePath(QStringLiteral("config.json"));
        QFile file(options.configPath);
        if (!config.isEmpty() && (!file.open(QIODevice::WriteOnly) || file.write(config) != config.size()))
            return false;
        file.close();
        options.config = loadConfig(options.configPath, options.overlay);
        options.config.config.proxy.token.reset();
        options.dataDirectory = dataDirectory();
        options.demo = config.isEmpty();
        engine = createEngine(std::move(options));
        window = std::make_unique<MainWindow>(*engine, appearance);
        window->resize(1280, 720);
        window->show();
        engine->start();
        return runUntil([this] { return engine->snapshot()->listener.state == ListenState::Listening; });
    }
};

QJsonObject problem(const char *what)
{
    return { { QStringLiteral("problem"), QString::fromLatin1(what) } };
}

/// Shares of one core over that time, in percent.
QJsonObject shares(std::chrono::seconds time, const Engine &engine)
{
    run(warmUp);
    const auto begun = std::chrono::steady_clock::now();
    const microseconds process = processCpu();
    const microseconds gui = threadCpu();
    const std::uint64_t snapshots = engine.snapshot()->sequence;
    const std::uint64_t requests = engine.snapshot()->totals.requests;
    run(time);
    const std::chrono::duration<double, std::micro> passed = std::chrono::steady_clock::now() - begun;
    const auto percent = [&passed](microseconds cpu) {
        return 100.0 * static_cast<double>(cpu.count()) / passed.count();
    };
    const double seconds = passed.count() / 1e6;
    const auto aSecond = [seconds](std::uint64_t count) { return static_cast<double>(count) / seconds; };
    return { { QStringLiteral("processPercent"), percent(processCpu() - process) },
             { QStringLiteral("guiThreadPercent"), percent(threadCpu() - gui) },
             { QStringLiteral("snapshotsPerSecond"), aSecond(engine.snapshot()->sequence - snapshots) },
             { QStringLiteral("requestsPerSecond"), aSecond(engine.snapshot()->totals.requests - requests) } };
}

QJsonObject toJson(const WatchedApplication::Blocked &blocked)
{
    const auto ms = [](microseconds time) { return static_cast<double>(time.count()) / 1000.0; };
    return { { QStringLiteral("longestMs"), ms(blocked.longest) },
             { QStringLiteral("longestCpuMs"), ms(blocked.longestCpu) },
             { QStringLiteral("during"), blocked.during },
             { QStringLiteral("over50Ms"), blocked.over50Ms },
             { QStringLiteral("over50MsCpu"), blocked.over50MsCpu } };
}

/// What an operator does meanwhile: goes through the list, filters, looks at every page.
void useEveryPage(MainWindow &window)
{
    Console &console = window.console();
    PageTarget target;
    target.page = PageId::Requests;
    console.open(target);
    auto *table = window.findChild<QTableView *>(QStringLiteral("requests"));
    for (int i = 0; i <= 20; ++i) {
        table->verticalScrollBar()->setValue(table->verticalScrollBar()->maximum() * i / 20);
        run(50ms);
    }
    auto *filter = window.findChild<QLineEdit *>(QStringLiteral("requestFilter"));
    for (const char *text : { "outcome:failed", "provider:provider-02 status:5xx", "model:gpt-4o ttft>150ms", "" }) {
        filter->setText(QString::fromLatin1(text));
        run(700ms);
    }
    for (const PageKind &kind : pageKinds()) {
        target.page = kind.id;
        target.provider = QStringLiteral("provider-01");
        console.open(target);
        run(1200ms);
    }
}

} // namespace

QJsonObject measureCpu(const Plan &plan)
{
    Upstreams upstreams;
    Desk desk;
    if (!upstreams.start(providers) || !desk.open(configFor(upstreams.ports())))
        return problem("the engine or its providers did not start");
    upstreams.sendTo(desk.engine->snapshot()->listener.port);
    // The engine publishes once a second; an order that changes nothing makes it twice.
    QTimer twice;
    QObject::connect(&twice, &QTimer::timeout, desk.window.get(), [&desk] {
        ProviderCommand command;
        command.kind = ProviderCommand::Kind::Auto;
        command.provider = QStringLiteral("provider-20");
        desk.engine->command(command);
    });
    twice.start(1s);
    const QJsonObject visible = shares(plan.each, *desk.engine);
    desk.window->showMinimized();
    if (!runUntil([&desk] { return !desk.window->console().isSeen(); }))
        return problem("the window was not minimised");
    return { { QStringLiteral("wall"), visible }, { QStringLiteral("minimised"), shares(plan.each, *desk.engine) } };
}

QJsonObject measureBlocking(WatchedApplication &application)
{
    Upstreams upstreams;
    Desk desk;
    recordDay(desk.dataDirectory(), { logged, breakerCalls });
    if (!upstreams.start(providers) || !desk.open(configFor(upstreams.ports())))
        return problem("the engine or its providers did not start");
    upstreams.sendTo(desk.engine->snapshot()->listener.port);
    application.takeBlocked();
    useEveryPage(*desk.window);
    const QJsonObject opening = toJson(application.takeBlocked());
    // All that the list holds, page by page as an operator asks for it.
    RequestModel &model = desk.window->console().requests();
    PageTarget requests;
    requests.page = PageId::Requests;
    desk.window->console().open(requests);
    auto *older = desk.window->findChild<QAbstractButton *>(QStringLiteral("loadOlder"));
    const QDeadlineTimer limit(longestWait);
    while (older && model.hasRoomForOlder() && model.total() < logged && !limit.hasExpired()) {
        older->click();
        run(20ms);
    }
    const QJsonObject loading = toJson(application.takeBlocked());
    ReplayQuery query;
    query.sinceMs = QDateTime::currentMSecsSinceEpoch() - 86'400'000;
    query.draft.settings = { { QStringLiteral("breaker.threshold"), QStringLiteral("3") } };
    std::uint64_t replayed = 0;
    double computedMs = 0;
    int replays = 0;
    QFuture<Result<ReplayResult>> replay = desk.engine->replay(query);
    QTimer again;
    QObject::connect(&again, &QTimer::timeout, desk.window.get(), [&] {
        if (!replay.isFinished())
            return;
        if (const auto result = replay.result()) {
            ++replays;
            replayed = result.value().requests;
            computedMs = result.value().computedMs;
        }
        replay = desk.engine->replay(query);
    });
    again.start(100ms);
    useEveryPage(*desk.window);
    again.stop();
    QJsonObject replaying = toJson(application.takeBlocked());
    replaying.insert(QStringLiteral("replays"), replays);
    replaying.insert(QStringLiteral("replayedCalls"), static_cast<qint64>(replayed));
    replaying.insert(QStringLiteral("replayMs"), computedMs);
    return { { QStringLiteral("requestsHeld"), static_cast<qint64>(model.total()) },
             { QStringLiteral("everyPage"), opening },
             { QStringLiteral("loadingAll"), loading },
             { QStringLiteral("everyPageWhileReplaying"), replaying } };
}

QJsonObject measureMemory(const Plan &plan, const QString &curvePath)
{
    Desk desk;
    if (!desk.open({}))
        return problem("the demo did not start");
    QFile curve(curvePath);
    if (!curve.open(QIODevice::WriteOnly | QIODevice::Truncate))
        return problem("the curve cannot be written");
    curve.write("seconds,residentMegabytes\n");
    const auto begun = std::chrono::steady_clock::now();
    const auto passed = [begun] {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    };
    const double total = std::chrono::duration<double>(plan.memory).count();
    std::vector<std::pair<double, double>> points;
    while (passed() < total) {
        points.emplace_back(passed(), residentMegabytes());
        curve.write(QByteArray::number(points.back().first, 'f', 0) + ',' +
                    QByteArray::number(points.back().second, 'f', 2) + '\n');
        curve.flush();
        run(std::chrono::milliseconds(std::min(10'000LL, static_cast<long long>(total * 1000 / 20))));
    }
    // Least squares over the second half: what start-up takes is no leak.
    const std::size_t from = points.size() / 2;
    const auto count = static_cast<double>(points.size() - from);
    double meanX = 0;
    double meanY = 0;
    for (std::size_t i = from; i < points.size(); ++i) {
        meanX += points[i].first / count;
        meanY += points[i].second / count;
    }
    double above = 0;
    double below = 0;
    for (std::size_t i = from; i < points.size(); ++i) {
        above += (points[i].first - meanX) * (points[i].second - meanY);
        below += (points[i].first - meanX) * (points[i].first - meanX);
    }
    return { { QStringLiteral("minutes"), total / 60 },
             { QStringLiteral("firstMegabytes"), points.front().second },
             { QStringLiteral("halfwayMegabytes"), points[from].second },
             { QStringLiteral("lastMegabytes"), points.back().second },
             { QStringLiteral("secondHalfMegabytesPerHour"), below > 0 ? above / below * 3600 : 0.0 } };
}

} // namespace signalbox::bench
