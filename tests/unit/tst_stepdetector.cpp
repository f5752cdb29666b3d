// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/health/stepdetector.h"

#include <QTest>

#include <cmath>
#include <limits>
#include <random>

using namespace signalbox;

namespace {

/// Latencies around a median, as wide as model answers are.
class Latencies
{
public:
    Latencies(double medianMs, unsigned seed) : m_random(seed), m_values(std::log(medianMs), 0.4) { }
    double next() { return m_values(m_random); }

private:
    std::mt19937 m_random;
    std::lognormal_distribution<double> m_values;
};

} // namespace

class StepDetectorTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void steadyTrafficRarelyHasSteps()
    {
        int steps = 0;
        for (unsigned seed = 0; seed < 100; ++seed) {
            StepDetector detector;
            Latencies latencies(800, seed);
            for (int i = 0; i < 300; ++i)
                steps += detector.add(latencies.next()) ? 1 : 0;
        }
        QVERIFY2(steps <= 5, qPrintable(QString::number(steps)));
    }

    void aStepIsFoundSoon_data()
    {
        QTest::addColumn<double>("factor");
        QTest::addColumn<int>("within");
        QTest::newRow("four times slower") << 4.0 << 15;
        QTest::newRow("twice as slow") << 2.0 << 40;
        QTest::newRow("four times faster") << 0.25 << 15;
    }

    void aStepIsFoundSoon()
    {
        QFETCH(double, factor);
        QFETCH(int, within);
        int found = 0;
        double errorBefore = 0, errorAfter = 0; // sums of the error in ln
        for (unsigned seed = 0; seed < 100; ++seed) {
            StepDetector detector;
            Latencies before(800, seed), after(800 * factor, seed + 1000);
            for (int i = 0; i < 100; ++i)
                detector.add(before.next());
            for (int i = 0; i < within; ++i) {
                if (const auto step = detector.add(after.next())) {
                    QCOMPARE(step->slower, factor > 1);
                    QVERIFY(step->slower ? step->afterMs > step->beforeMs : step->afterMs < step->beforeMs);
                    errorBefore += std::log(step->beforeMs / 800);
                    errorAfter += std::log(step->afterMs / (800 * factor));
                    ++found;
                    break;
                }
            }
        }
        QVERIFY2(found >= 95, qPrintable(QString::number(found)));
        QVERIFY2(std::abs(errorBefore / found) < 0.1, qPrintable(QString::number(errorBefore / found)));
        QVERIFY2(std::abs(errorAfter / found) < 0.3, qPrintable(QString::number(errorAfter / found)));
    }

    void outliersAreNoStep()
    {
        StepDetector detector;
        for (int i = 0; i < 200; ++i)
            QVERIFY(!detector.add(i % 50 == 40 || i % 50 == 41 ? 600'000 : 500));
    }

    void itSaysItOnce()
    {
        StepDetector detector;
        int steps = 0;
        for (int i = 0; i < 50; ++i)
            steps += detector.add(500) ? 1 : 0;
        for (int i = 0; i < 500; ++i)
            steps += detector.add(2000) ? 1 : 0;
        QCOMPARE(steps, 1);
    }

    void theUnitDoesNotMatter()
    {
        StepDetector inMs, scaled;
        Latencies latencies(300, 7);
        for (int i = 0; i < 500; ++i) {
            const double value = latencies.next() * (i > 200 && i < 350 ? 3 : 1);
            QCOMPARE(inMs.add(value).has_value(), scaled.add(value * 1024).has_value());
        }
    }

    void whatIsNoLatencyIsSkipped()
    {
        StepDetector detector;
        for (int i = 0; i < 100; ++i) {
            QVERIFY(!detector.add(400));
            QVERIFY(!detector.add(0));
            QVERIFY(!detector.add(-5));
            QVERIFY(!detector.add(std::numeric_limits<double>::quiet_NaN()));
            QVERIFY(!detector.add(std::numeric_limits<double>::infinity()));
        }
    }
};

QTEST_GUILESS_MAIN(StepDetectorTest)
#include "tst_stepdetector.moc"
