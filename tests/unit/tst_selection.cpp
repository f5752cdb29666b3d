// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/health/healthband.h"
#include "engine/health/stickyselection.h"

#include <QTest>

#include <vector>

using namespace signalbox;

class TestSelection : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void firstWordIsTheScores();
    void wordNeedsTheMargin();
    void wordNeedsTheDwell();
    void wordDropsNoFurtherThanItStayed();
    void choosesTheBestAdmissible();
    void staysWithoutAClearLead();
    void leavesAfterTwoClearLeads();
    void twoDifferentLeadersDoNotAddUp();
    void leavesAnInadmissibleOneAtOnce();
};

namespace {

std::optional<int> evaluate(StickySelection &selection, const std::vector<SelectionCandidate> &candidates)
{
    return selection.evaluate(candidates);
}

} // namespace

void TestSelection::firstWordIsTheScores()
{
    HealthLabelTracker tracker;
    QCOMPARE(tracker.update(87.5, false, 0), HealthBand::Unknown);
    QCOMPARE(tracker.update(79.9, true, 1), HealthBand::Degraded);
    QCOMPARE(tracker.update(79.9, false, 2), HealthBand::Unknown);
    QCOMPARE(tracker.update(49.9, true, 3), HealthBand::Unhealthy);
}

void TestSelection::wordNeedsTheMargin()
{
    HealthLabelTracker tracker;
    tracker.update(80.0, true, 0);
    QCOMPARE(tracker.update(77.5, true, 100'000), HealthBand::Healthy);
    QCOMPARE(tracker.update(77.5, true, 200'000), HealthBand::Healthy);
    tracker.update(76.0, true, 300'000);
    QCOMPARE(tracker.update(76.0, true, 310'000), HealthBand::Degraded);
    tracker.update(82.9, true, 400'000);
    QCOMPARE(tracker.update(82.9, true, 500'000), HealthBand::Degraded);
    tracker.update(83.0, true, 600'000);
    QCOMPARE(tracker.update(83.0, true, 610'000), HealthBand::Healthy);
}

void TestSelection::wordNeedsTheDwell()
{
    HealthLabelTracker tracker;
    tracker.update(90.0, true, 0);
    tracker.update(60.0, true, 1'000);
    QCOMPARE(tracker.update(60.0, true, 10'999), HealthBand::Healthy);
    tracker.update(90.0, true, 11'000);
    tracker.update(60.0, true, 12'000);
    QCOMPARE(tracker.update(60.0, true, 21'999), HealthBand::Healthy);
    QCOMPARE(tracker.update(60.0, true, 22'000), HealthBand::Degraded);
}

void TestSelection::wordDropsNoFurtherThanItStayed()
{
    HealthLabelTracker tracker;
    tracker.update(90.0, true, 0);
    tracker.update(60.0, true, 1'000);
    QCOMPARE(tracker.update(10.0, true, 11'000), HealthBand::Degraded);
    QCOMPARE(tracker.update(10.0, true, 20'999), HealthBand::Degraded);
    QCOMPARE(tracker.update(10.0, true, 21'000), HealthBand::Unhealthy);
}

void TestSelection::choosesTheBestAdmissible()
{
    StickySelection selection;
    QVERIFY(!evaluate(selection, {}).has_value());
    QVERIFY(!evaluate(selection, { { 1, false, 99 } }).has_value());
    QCOMPARE(evaluate(selection, { { 1, true, 70 }, { 2, false, 99 }, { 3, true, 80 }, { 4, true, 80 } }), 3);
}

void TestSelection::staysWithoutAClearLead()
{
    StickySelection selection;
    evaluate(selection, { { 1, true, 80 }, { 2, true, 70 } });
    for (int i = 0; i < 10; ++i)
        QCOMPARE(evaluate(selection, { { 1, true, 80 }, { 2, true, 84.9 } }), 1);
}

void TestSelection::leavesAfterTwoClearLeads()
{
    StickySelection selection;
    evaluate(selection, { { 1, true, 80 }, { 2, true, 70 } });
    QCOMPARE(evaluate(selection, { { 1, true, 80 }, { 2, true, 85 } }), 1);
    QCOMPARE(evaluate(selection, { { 1, true, 80 }, { 2, true, 84 } }), 1);
    QCOMPARE(evaluate(selection, { { 1, true, 80 }, { 2, true, 85 } }), 1);
    QCOMPARE(evaluate(selection, { { 1, true, 80 }, { 2, true, 85 } }), 2);
    QCOMPARE(evaluate(selection, { { 1, true, 90 }, { 2, true, 85 } }), 2);
}

void TestSelection::twoDifferentLeadersDoNotAddUp()
{
    StickySelection selection;
    evaluate(selection, { { 1, true, 80 }, { 2, true, 70 }, { 3, true, 70 } });
    QCOMPARE(evaluate(selection, { { 1, true, 80 }, { 2, true, 90 }, { 3, true, 70 } }), 1);
    QCOMPARE(evaluate(selection, { { 1, true, 80 }, { 2, true, 70 }, { 3, true, 90 } }), 1);
    QCOMPARE(evaluate(selection, { { 1, true, 80 }, { 2, true, 95 }, { 3, true, 90 } }), 3);
}

void TestSelection::leavesAnInadmissibleOneAtOnce()
{
    StickySelection selection;
    evaluate(selection, { { 1, true, 80 }, { 2, true, 30 } });
    QCOMPARE(evaluate(selection, { { 1, false, 80 }, { 2, true, 30 } }), 2);
    QCOMPARE(evaluate(selection, { { 1, true, 80 }, { 2, true, 30 } }), 2);
    QCOMPARE(evaluate(selection, { { 1, true, 80 }, { 2, true, 30 } }), 1);
}

QTEST_APPLESS_MAIN(TestSelection)
#include "tst_selection.moc"
