// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/history/historyreader.h"
#include "tests/support/scene.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QProcess>
#include <QTest>

#include <csignal>

using namespace signalbox;
using namespace signalbox::test;

namespace {

struct Said
{
    int code = -1;
    QByteArray out;
    QByteArray err;
    QJsonObject json() const { return QJsonDocument::fromJson(out).object(); }
};

QString dataFolder(const Scene &scene)
{
    return scene.proxy.folder() + QStringLiteral("/XDG_DATA_HOME/signalbox");
}

Said control(const Scene &scene, const QString &line)
{
    QProcess process;
    process.start(
        QStringLiteral(SIGNALBOXCTL_PROGRAM),
        QStringList { QStringLiteral("--admin-file"), dataFolder(scene) + QStringLiteral("/run/admin.json") } +
            line.split(QLatin1Char(' ')));
    Said said;
    if (process.waitForFinished(static_cast<int>(patience.count())))
        said.code = process.exitCode();
    said.out = process.readAllStandardOutput();
    said.err = process.readAllStandardError();
    return said;
}

/// What the journal on disk says of alpha's breaker, oldest first: where it went, and why.
QStringList journal(const Scene &scene)
{
    QStringList lines;
    Result<HistoryReader> reader = HistoryReader::open(dataFolder(scene) + QStringLiteral("/history.db"));
    EventQuery query;
    query.kind = StateEvent::Kind::Breaker;
    query.provider = QStringLiteral("alpha");
    query.limit = largestPage;
    if (!reader)
        return lines;
    const Result<EventPage> page = reader.value().events(query, {});
    if (!page)
        return lines;
    for (const StateEvent &event : page.value().events)
        lines.prepend(event.after + QLatin1Char(' ') + event.reason);
    return lines;
}

QJsonObject alphaOf(const Said &said)
{
    return said.json().value(QStringLiteral("providers")).toArray().at(0).toObject();
}

QStringList transitions(const QJsonObject &run)
{
    QStringList lines;
    for (const QJsonValue value : run.value(QStringLiteral("transitions")).toArray()) {
        const QJsonObject transition = value.toObject();
        const QString mode = transition.value(QStringLiteral("mode")).toString();
        const QString word = mode == QLatin1String("AUTO") ? transition.value(QStringLiteral("to")).toString() : mode;
        lines.append(word + QLatin1Char(' ') + transition.value(QStringLiteral("sentence")).toString());
    }
    return lines;
}

QStringList replayed(const Scene &scene)
{
    const Said said = control(scene, QStringLiteral("replay --since 1h --provider alpha --json"));
    return transitions(alphaOf(said).value(QStringLiteral("actual")).toObject());
}

} // namespace

class ReplayCtlTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void replaysARecordedRunThatWasKilled();
    void runsAShadow();
};

void ReplayCtlTest::replaysARecordedRunThatWasKilled()
{
    Scene scene([](Turn &turn) { turn.answer(503, "{}"); });
    QVERIFY(scene.start());
    for (int i = 0; i < 8; ++i)
        QCOMPARE(scene.chat().status(), 200);
    QCOMPARE(control(scene, QStringLiteral("breaker alpha reset")).code, 0);
    QCOMPARE(control(scene, QStringLiteral("set breaker.threshold 3")).code, 0);
    for (int i = 0; i < 5; ++i)
        QCOMPARE(scene.chat().status(), 200);
    QCOMPARE(control(scene, QStringLiteral("breaker alpha open")).code, 0);
    QCOMPARE(control(scene, QStringLiteral("breaker alpha auto")).code, 0);
    // Open, reset, open again, forced, auto: all of it is durable once the replay shows it.
    QTRY_COMPARE(replayed(scene).size(), 5);
    QCOMPARE(replayed(scene), journal(scene));

    ::kill(static_cast<pid_t>(scene.proxy.processId()), SIGKILL);
    scene.proxy.waitForExit();
    scene.proxy.set(QStringLiteral("breaker"), QStringLiteral("threshold"), 3);
    QVERIFY(scene.proxy.start());
    for (int i = 0; i < 5; ++i)
        QCOMPARE(scene.chat().status(), 200);
    QTRY_COMPARE(replayed(scene).size(), 6);
    QCOMPARE(replayed(scene), journal(scene));

    const Said draft =
        control(scene, QStringLiteral("replay --since 1h --provider alpha --set breaker.threshold=1 --json"));
    QCOMPARE(draft.code, 0);
    const QJsonObject alpha = alphaOf(draft);
    QCOMPARE(transitions(alpha.value(QStringLiteral("actual")).toObject()), journal(scene));
    QVERIFY(alpha.value(QStringLiteral("draft")).toObject().value(QStringLiteral("opened")).toInt() >= 3);
    // Of 5, 3 and 3 failures all but the first of each run would have gone elsewhere.
    QCOMPARE(alpha.value(QStringLiteral("requests")).toInt(), 11);
    QCOMPARE(alpha.value(QStringLiteral("failuresAvoided")).toInt(), 8);
    QCOMPARE(alpha.value(QStringLiteral("goodDiverted")).toInt(), 0);

    const Said text = control(scene, QStringLiteral("replay --set breaker.threshold=1"));
    QCOMPARE(text.code, 0);
    QVERIFY2(text.out.contains("8 failures avoided, 0 good ones diverted"), text.out.constData());
    QVERIFY2(text.out.contains("beta: no change"), text.out.constData());
    QVERIFY2(text.out.contains("Needs recorded traffic: "), text.out.constData());

    QCOMPARE(control(scene, QStringLiteral("replay --set breaker.threshold")).code, 2);
    const Said wrong = control(scene, QStringLiteral("replay --set breaker.threshold=none"));
    QCOMPARE(wrong.code, 1);
    QVERIFY2(wrong.err.contains("breaker.threshold must be a whole number"), wrong.err.constData());
    QCOMPARE(control(scene, QStringLiteral("replay --provider gamma")).code, 1);
}

void ReplayCtlTest::runsAShadow()
{
    Scene scene([](Turn &turn) { turn.answer(503, "{}"); });
    QVERIFY(scene.start());
    QCOMPARE(control(scene, QStringLiteral("shadow 1h")).code, 2);
    QCOMPARE(control(scene, QStringLiteral("shadow 1h --set breaker.threshold=2")).code, 0);
    for (int i = 0; i < 3; ++i)
        QCOMPARE(scene.chat().status(), 200);
    const auto shadow = [&] {
        return scene.proxy.providerStatus(QStringLiteral("alpha")).value(QStringLiteral("shadow"));
    };
    QCOMPARE(shadow().toObject()[QLatin1String("state")].toString(), QStringLiteral("OPEN"));
    QCOMPARE(shadow().toObject()[QLatin1String("failuresAvoided")].toInt(), 1);
    QCOMPARE(scene.proxy.breakerState(QStringLiteral("alpha")), QByteArray("CLOSED"));
    QCOMPARE(control(scene, QStringLiteral("shadow stop")).code, 0);
    QVERIFY(shadow().isNull());
    const Said events = control(scene, QStringLiteral("events --provider alpha"));
    QVERIFY2(events.out.contains("The draft: Open: 2 consecutive failures reached the limit of 2."),
             events.out.constData());
    QVERIFY2(events.out.contains("diverted 1 of 3 requests: 1 failures avoided"), events.out.constData());
}

QTEST_GUILESS_MAIN(ReplayCtlTest)
#include "tst_replayctl.moc"
