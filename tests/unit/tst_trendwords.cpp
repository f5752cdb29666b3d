// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/telemetry/stepwatch.h"
#include "engine/telemetry/trendwords.h"

#include <QTest>

#include <cmath>

using namespace signalbox;

class TrendWordsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void durations_data()
    {
        QTest::addColumn<double>("ms");
        QTest::addColumn<QString>("text");
        QTest::newRow("none") << 0.0 << QStringLiteral("0 ms");
        QTest::newRow("milliseconds") << 850.4 << QStringLiteral("850 ms");
        QTest::newRow("below the border") << 999.4 << QStringLiteral("999 ms");
        QTest::newRow("at the border") << 999.6 << QStringLiteral("1.0 s");
        QTest::newRow("seconds") << 2110.0 << QStringLiteral("2.1 s");
        QTest::newRow("many seconds") << 99'940.0 << QStringLiteral("99.9 s");
        QTest::newRow("minutes") << 210'000.0 << QStringLiteral("3.5 min");
    }

    void durations()
    {
        QFETCH(double, ms);
        QTEST(durationText(ms), "text");
    }

    void aForecastIsSaidIfItGetsSlower()
    {
        ProviderSnapshot provider;
        QVERIFY(forecastSentence(provider).isEmpty());
        provider.forecastFirstByteMs = 2100;
        provider.trendSlopePerMinute = std::log(2.0) / 5.0;
        QCOMPARE(forecastSentence(provider), QStringLiteral("At this pace p50 first byte reaches 2.1 s in 5 min."));
        provider.trendSlopePerMinute = std::log(1.05) / 5.0;
        QVERIFY(forecastSentence(provider).isEmpty());
        provider.trendSlopePerMinute = -1;
        QVERIFY(forecastSentence(provider).isEmpty());
    }

    void aStepIsToldOnceByItsProvider()
    {
        RequestEvent event;
        event.stream = true;
        event.attempts.resize(1);
        AttemptEvent &attempt = event.attempts.front();
        attempt.outcome = Outcome::Success;
        StepWatch watch;
        int steps = 0;
        const auto call = [&](const char *name, int ms) {
            attempt.provider = QString::fromLatin1(name);
            attempt.firstByte = std::chrono::milliseconds(ms);
            const auto step = watch.record(event);
            if (step) {
                ++steps;
                QCOMPARE(step->provider, QStringLiteral("alpha"));
                QCOMPARE(step->sentence(), QStringLiteral("The first byte suddenly takes 1.6 s instead of 400 ms."));
            }
        };
        for (int i = 0; i < 60; ++i) {
            call("alpha", 400);
            call("beta", 400);
        }
        for (int i = 0; i < 60; ++i) {
            call("alpha", 1600);
            call("beta", 400);
        }
        QCOMPARE(steps, 1);
        // What failed, was no stream or had no body says nothing of the first byte.
        event.stream = false;
        for (int i = 0; i < 60; ++i)
            call("alpha", 50);
        event.stream = true;
        attempt.outcome = Outcome::Failure;
        for (int i = 0; i < 60; ++i)
            call("alpha", 50);
        QCOMPARE(steps, 1);
    }
};

QTEST_GUILESS_MAIN(TrendWordsTest)
#include "tst_trendwords.moc"
