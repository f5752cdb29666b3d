// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/telemetry/metricsaggregator.h"
#include "engine/telemetry/processusage.h"

#include <QFile>
#include <QTest>

using namespace signalbox;

namespace {

AttemptEvent attempt(const char *provider, Outcome outcome, const char *reason)
{
    AttemptEvent attempt;
    attempt.provider = QString::fromLatin1(provider);
    attempt.outcome = outcome;
    attempt.reason = QString::fromLatin1(reason);
    return attempt;
}

RequestEvent request(std::vector<AttemptEvent> attempts)
{
    RequestEvent event;
    event.dialect = Dialect::Anthropic;
    event.endpoint = "messages";
    event.model = "claude";
    event.status = 200;
    event.attempts = std::move(attempts);
    event.firstByte = std::chrono::milliseconds(300);
    event.total = std::chrono::seconds(4);
    return event;
}

EngineSnapshot snapshotOf(const MetricsAggregator &metrics)
{
    EngineSnapshot snapshot;
    for (const char *name : { "alpha", "beta" }) {
        ProviderSnapshot provider;
        provider.name = QString::fromLatin1(name);
        snapshot.providers.push_back(provider);
    }
    metrics.writeInto(snapshot);
    return snapshot;
}

} // namespace

class MetricsAggregatorTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aFailoverCountsAtBothProviders()
    {
        AttemptEvent failed = attempt("alpha", Outcome::Failure, "first_byte_timeout");
        failed.possiblyBilled = true;
        AttemptEvent good = attempt("beta", Outcome::Success, "ok");
        good.usage = { true, 10, 20, 30, 40, 5 };
        good.costUsd = 0.25;
        MetricsAggregator metrics;
        metrics.record(request({ failed, good }));
        metrics.record(request({ good }));
        const EngineSnapshot snapshot = snapshotOf(metrics);
        const ProviderTotals &alpha = snapshot.providers[0].totals;
        QCOMPARE(alpha.possiblyBilled, std::uint64_t(1));
        QCOMPARE(alpha.costUnknown, std::uint64_t(0));
        QCOMPARE(alpha.attemptReasons.front().reason, QStringLiteral("first_byte_timeout"));
        QCOMPARE(alpha.models.front().outcomes.failure, std::uint64_t(1));
        const ProviderTotals &beta = snapshot.providers[1].totals;
        QCOMPARE(beta.tokens.input, std::uint64_t(20));
        QCOMPARE(beta.tokens.cacheWrite, std::uint64_t(60));
        QCOMPARE(beta.tokens.reasoning, std::uint64_t(10));
        QCOMPARE(beta.costUsd, 0.5);
        QCOMPARE(beta.costKnown, std::uint64_t(2));
        QCOMPARE(snapshot.endpoints.size(), std::size_t(1));
        QCOMPARE(snapshot.endpoints[0].endpoint, QStringLiteral("messages"));
        QCOMPARE(snapshot.endpoints[0].dialect, QStringLiteral("anthropic"));
        QCOMPARE(snapshot.endpoints[0].statusClass, 2);
        QCOMPARE(snapshot.endpoints[0].count, std::uint64_t(2));
        QCOMPARE(snapshot.requestTotal.count, std::uint64_t(2));
        QCOMPARE(snapshot.requestFirstByte.sum, 0.6);
    }

    void unknownUsageAndCostStayUnknown()
    {
        AttemptEvent silent = attempt("alpha", Outcome::Success, "ok");
        silent.usage.inputTokens = 999;
        MetricsAggregator metrics;
        metrics.record(request({ silent }));
        const EngineSnapshot snapshot = snapshotOf(metrics);
        QCOMPARE(snapshot.providers[0].totals.tokens.input, std::uint64_t(0));
        QCOMPARE(snapshot.providers[0].totals.costKnown, std::uint64_t(0));
        QCOMPARE(snapshot.providers[0].totals.costUnknown, std::uint64_t(1));
    }

    void whatClientsInventIsBounded()
    {
        MetricsAggregator metrics;
        for (int i = 0; i < 5000; ++i) {
            AttemptEvent strange = attempt("alpha", Outcome::Success, "ok");
            strange.reason = QStringLiteral("reason_%1").arg(i);
            RequestEvent event = request({ strange });
            event.model = "model-" + QByteArray::number(i);
            event.endpoint = "path-" + QByteArray::number(i);
            event.status = i;
            metrics.record(event);
        }
        const EngineSnapshot snapshot = snapshotOf(metrics);
        const ProviderTotals &alpha = snapshot.providers[0].totals;
        QVERIFY(alpha.models.size() <= MetricsAggregator::modelLimit + 1);
        QVERIFY(alpha.attemptReasons.size() <= MetricsAggregator::reasonLimit + 1);
        std::uint64_t models = 0, other = 0, endpoints = 0;
        for (const ModelTotals &model : alpha.models) {
            models += model.outcomes.success;
            if (model.model == QLatin1String("other"))
                other = model.outcomes.success;
        }
        QCOMPARE(models, std::uint64_t(5000));
        QCOMPARE(other, std::uint64_t(5000 - MetricsAggregator::modelLimit));
        for (const EndpointCount &entry : snapshot.endpoints)
            endpoints += entry.count;
        QCOMPARE(endpoints, std::uint64_t(5000));
        QVERIFY(snapshot.endpoints.size() <= (MetricsAggregator::endpointLimit + 1) * 6);
    }

    void aLocalAnswerHasNoAnswerTime()
    {
        MetricsAggregator metrics;
        RequestEvent refused = request({});
        refused.end = RequestEvent::End::LocalAnswer;
        refused.dialect.reset();
        refused.status = 403;
        metrics.record(refused);
        const EngineSnapshot snapshot = snapshotOf(metrics);
        QCOMPARE(snapshot.requestTotal.count, std::uint64_t(0));
        QCOMPARE(snapshot.endpoints.size(), std::size_t(1));
        QVERIFY(snapshot.endpoints[0].dialect.isEmpty());
        QCOMPARE(snapshot.endpoints[0].statusClass, 4);
    }

    void transitionsAndSteps()
    {
        MetricsAggregator metrics;
        const QString alpha = QStringLiteral("alpha");
        metrics.recordTransition(alpha, BreakerState::Closed, BreakerState::Open);
        metrics.recordTransition(alpha, BreakerState::Open, BreakerState::HalfOpen);
        metrics.recordTransition(alpha, BreakerState::HalfOpen, BreakerState::Open);
        metrics.recordTransition(alpha, BreakerState::Open, BreakerState::Open);
        metrics.recordStep(alpha, true);
        const EngineSnapshot snapshot = snapshotOf(metrics);
        const ProviderTotals &totals = snapshot.providers[0].totals;
        QCOMPARE(totals.transitions.toOpen, std::uint64_t(2));
        QCOMPARE(totals.transitions.toHalfOpen, std::uint64_t(1));
        QCOMPARE(totals.transitions.toClosed, std::uint64_t(0));
        QCOMPARE(totals.stepsSlower, std::uint64_t(1));
        QCOMPARE(totals.stepsFaster, std::uint64_t(0));
    }

    void theProcessIsMeasured()
    {
        const ProcessSnapshot before = readProcessUsage();
        QFile held(QStringLiteral("/proc/self/stat"));
        QVERIFY(held.open(QIODevice::ReadOnly));
        const ProcessSnapshot after = readProcessUsage();
        QCOMPARE(after.openFiles, before.openFiles + 1);
        QVERIFY(after.openFilesLimit >= after.openFiles);
        QVERIFY(after.cpuSeconds >= before.cpuSeconds);
        QVERIFY(after.threads >= 1);
        QVERIFY(after.residentBytes > 1'000'000 && after.residentBytes <= after.virtualBytes);
        const double now = static_cast<double>(QDateTime::currentSecsSinceEpoch());
        QVERIFY(after.startedAtSeconds <= now + 2 && after.startedAtSeconds > now - 3600);
    }
};

QTEST_GUILESS_MAIN(MetricsAggregatorTest)
#include "tst_metricsaggregator.moc"
