// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/scene.h"

#include <QJsonArray>
#include <QTest>

using namespace signalbox;
using namespace signalbox::test;

namespace {

/// Works, but every third request fails: seldom enough for its breaker, too often for its score.
Script flaky(const QByteArray &text)
{
    return [text, count = std::make_shared<std::atomic<int>>(0)](Turn &turn) {
        if (++*count % 3 == 0)
            turn.answer(500, "{\"error\":{\"message\":\"scripted\"}}");
        else
            turn.answer(200, payload::chatAnswer(text));
    };
}

} // namespace

class ProxyStrategyTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void healthPrefersTheBetterScoreAndAConfigEditEndsIt();
};

void ProxyStrategyTest::healthPrefersTheBetterScoreAndAConfigEditEndsIt()
{
    Scene scene(flaky("alpha"), healthy("beta"));
    scene.proxy.set(QStringLiteral("proxy"), QStringLiteral("strategy"), QStringLiteral("health"));
    QVERIFY(scene.start());
    // Both scores are the same at first, so the order of the file decides.
    QCOMPARE(scene.chat().header("x-signalbox-provider"), QByteArray("alpha"));

    int inARow = 0;
    const Moment begun = std::chrono::steady_clock::now();
    while (inARow < 10 && since(begun) < milliseconds(60000)) {
        const Answer answer = scene.chat();
        QCOMPARE(answer.status(), 200);
        const bool direct =
            answer.header("x-signalbox-provider") == "beta" && answer.header("x-signalbox-attempts") == "1";
        inARow = direct ? inARow + 1 : 0;
        std::this_thread::sleep_for(milliseconds(50));
    }
    QCOMPARE(inARow, 10);
    const double alphaScore = scene.proxy.providerStatus(QStringLiteral("alpha"))[QLatin1String("score")]
                                  .toObject()[QLatin1String("value")]
                                  .toDouble();
    const double betaScore = scene.proxy.providerStatus(QStringLiteral("beta"))[QLatin1String("score")]
                                 .toObject()[QLatin1String("value")]
                                 .toDouble();
    QVERIFY2(betaScore >= alphaScore + 5, qPrintable(QStringLiteral("%1 %2").arg(alphaScore).arg(betaScore)));
    QCOMPARE(scene.proxy.breakerState(QStringLiteral("alpha")), QByteArray("CLOSED"));

    scene.alpha.setScript(healthy("alpha"));
    scene.proxy.set(QStringLiteral("proxy"), QStringLiteral("strategy"), QStringLiteral("priority"));
    scene.proxy.writeConfig();
    QVERIFY(QTest::qWaitFor([&] { return scene.chat().header("x-signalbox-provider") == "alpha"; }, 10000));
}

QTEST_GUILESS_MAIN(ProxyStrategyTest)
#include "tst_proxy_strategy.moc"
