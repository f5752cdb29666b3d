// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/telemetry/prometheus.h"

#include <QRegularExpression>
#include <QTest>

#include <cmath>
#include <limits>
#include <map>
#include <set>

using namespace signalbox;

namespace {

/// What a scraper makes of the text; `problem` says the first line that breaks the format.
struct Scrape
{
    std::map<QString, QString> types; ///< by family
    std::map<QString, double> samples; ///< by name with its labels, as written
    QString problem;

    double operator[](const char *key) const
    {
        const auto it = samples.find(QString::fromUtf8(key));
        return it == samples.end() ? std::numeric_limits<double>::quiet_NaN() : it->second;
    }
};

double number(const QString &text, bool *ok)
{
    *ok = true;
    if (text == QLatin1String("+Inf"))
        return std::numeric_limits<double>::infinity();
    if (text == QLatin1String("-Inf"))
        return -std::numeric_limits<double>::infinity();
    if (text == QLatin1String("NaN"))
        return std::numeric_limits<double>::quiet_NaN();
    return text.toDouble(ok);
}

/// The family a sample belongs to: histograms have three suffixes.
QString familyOf(const QString &name, const QString &current, const QString &type)
{
    if (type == QLatin1String("histogram")) {
        for (const char *suffix : { "_bucket", "_sum", "_count" }) {
            if (name == current + QLatin1String(suffix))
                return current;
        }
    }
    return name;
}

/// Stricter than a scraper: every family has HELP and TYPE once and in this order, its samples follow without a gap,
/// no series occurs twice, names carry the prefix, counters end in _total.
Scrape parse(const QByteArray &text)
{
    static const QRegularExpression help(QStringLiteral("^# HELP (signalbox_[a-z_]+) (\\S.*)$"));
    static const QRegularExpression type(QStringLiteral("^# TYPE (signalbox_[a-z_]+) (counter|gauge|histogram)$"));
    static const QRegularExpression sample(QStringLiteral(
        "^([a-z_]+)(\\{(?:[a-z_]+=\"(?:[^\"\\\\\\n]|\\\\\\\\|\\\\\"|\\\\n)*\")(?:,[a-z_]+=\"(?:[^\"\\\\\\n]|\\\\\\\\|"
        "\\\\\"|\\\\n)*\")*\\})? (\\S+)$"));
    Scrape scrape;
    if (!text.endsWith('\n'))
        scrape.problem = QStringLiteral("no newline at the end");
    QString helpFor, current, currentType;
    const QStringList lines = QString::fromUtf8(text.chopped(1)).split(u'\n');
    for (const QString &line : lines) {
        if (const auto match = help.match(line); match.hasMatch()) {
            helpFor = match.captured(1);
            continue;
        }
        if (const auto match = type.match(line); match.hasMatch()) {
            current = match.captured(1);
            currentType = match.captured(2);
            const bool counterName = current.endsWith(QLatin1String("_total"));
            if (helpFor != current || !scrape.types.emplace(current, currentType).second ||
                counterName != (currentType == QLatin1String("counter")))
                scrape.problem = line;
            continue;
        }
        const auto match = sample.match(line);
        bool ok = false;
        const double value = number(match.captured(3), &ok);
        if (!match.hasMatch() || !ok || familyOf(match.captured(1), current, currentType) != current ||
            !scrape.samples.emplace(match.captured(1) + match.captured(2), value).second)
            scrape.problem = line;
    }
    return scrape;
}

HistogramSnapshot someHistogram()
{
    return { { 0.1, 0.5, 2.5 }, { 1, 4, 9 }, 12.25, 10 };
}

EngineSnapshot fullSnapshot()
{
    EngineSnapshot snapshot;
    snapshot.uptime = Milliseconds(90500);
    snapshot.listener.state = ListenState::Listening;
    snapshot.listener.connections = 3;
    snapshot.totals = { 12, 7, 2, 1, 4, 1, 2 };
    snapshot.failovers = { { QStringLiteral("connect"), 3 }, { QStringLiteral("status_5xx"), 5 } };
    snapshot.inFlight = 2;
    snapshot.overhead = { { 0.0001, 0.001 }, { 6, 7 }, 0.0009, 7 };
    snapshot.configProblem = QStringLiteral("line 3: a comma is missing");
    ProviderSnapshot alpha;
    alpha.name = QStringLiteral("alpha");
    alpha.simulated = true;
    alpha.breaker.state = BreakerState::HalfOpen;
    alpha.breaker.mode = BreakerMode::Auto;
    alpha.breaker.opened = 4;
    alpha.breaker.retryIn = Milliseconds(1500);
    alpha.score = { 61.5, 0.9, 0.4, 0.25, 1.0, HealthLabel::Degraded };
    alpha.inFlight = 2;
    alpha.attempts = 21;
    alpha.outcomes = { 10, 5, 3, 1 };
    alpha.throttledMs = 12345;
    alpha.pool = { 2, 5, 1, 7 };
    alpha.probe.ok = 8;
    alpha.probe.failed = 2;
    alpha.probe.lastDurationMs = 12.5;
    alpha.firstByteHistogram = someHistogram();
    alpha.totalHistogram = someHistogram();
    snapshot.providers.push_back(alpha);
    ProviderSnapshot beta;
    beta.name = QStringLiteral("beta");
    beta.dialect = Dialect::Anthropic;
    snapshot.providers.push_back(beta);
    return snapshot;
}

} // namespace

class TestPrometheus : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everythingIsThere()
    {
        const Scrape scrape = parse(prometheusText(fullSnapshot()));
        QVERIFY2(scrape.problem.isEmpty(), qPrintable(scrape.problem));
        QCOMPARE(scrape["signalbox_uptime_seconds"], 90.5);
        QCOMPARE(scrape["signalbox_build_info{version=\"" SIGNALBOX_VERSION "\"}"], 1.0);
        QCOMPARE(scrape["signalbox_config_problem"], 1.0);
        QCOMPARE(scrape["signalbox_listener_connections"], 3.0);
        QCOMPARE(scrape["signalbox_listener_state{state=\"listening\"}"], 1.0);
        QCOMPARE(scrape["signalbox_listener_state{state=\"stopped\"}"], 0.0);
        QCOMPARE(scrape["signalbox_requests_total{result=\"succeeded\"}"], 7.0);
        QCOMPARE(scrape["signalbox_requests_total{result=\"refused\"}"], 4.0);
        QCOMPARE(scrape["signalbox_failovers_total{reason=\"status_5xx\"}"], 5.0);
        QCOMPARE(scrape["signalbox_requests_in_flight"], 2.0);
        QCOMPARE(scrape["signalbox_overhead_seconds_bucket{le=\"0.0001\"}"], 6.0);
        QCOMPARE(scrape["signalbox_overhead_seconds_count"], 7.0);
        QCOMPARE(scrape["signalbox_provider_breaker_state{provider=\"alpha\",state=\"half_open\"}"], 1.0);
        QCOMPARE(scrape["signalbox_provider_breaker_state{provider=\"alpha\",state=\"closed\"}"], 0.0);
        QCOMPARE(scrape["signalbox_provider_breaker_mode{provider=\"alpha\",mode=\"auto\"}"], 1.0);
        QCOMPARE(scrape["signalbox_provider_breaker_opened_total{provider=\"alpha\"}"], 4.0);
        QCOMPARE(scrape["signalbox_provider_breaker_retry_seconds{provider=\"alpha\"}"], 1.5);
        QCOMPARE(scrape["signalbox_provider_score{provider=\"alpha\"}"], 61.5);
        QCOMPARE(scrape["signalbox_provider_score_factor{provider=\"alpha\",factor=\"availability\"}"], 0.25);
        QCOMPARE(scrape["signalbox_provider_attempts_total{provider=\"alpha\",outcome=\"throttled\"}"], 3.0);
        QCOMPARE(scrape["signalbox_provider_requests_in_flight{provider=\"alpha\"}"], 2.0);
        QCOMPARE(scrape["signalbox_provider_throttled_seconds_total{provider=\"alpha\"}"], 12.345);
        QCOMPARE(scrape["signalbox_provider_connections{provider=\"alpha\",state=\"idle\"}"], 5.0);
        QCOMPARE(scrape["signalbox_provider_connection_waiters{provider=\"alpha\"}"], 7.0);
        QCOMPARE(scrape["signalbox_provider_probes_total{provider=\"alpha\",result=\"ok\"}"], 8.0);
        QCOMPARE(scrape["signalbox_provider_probe_duration_seconds{provider=\"alpha\"}"], 0.0125);
        QCOMPARE(scrape["signalbox_provider_first_byte_seconds_bucket{provider=\"alpha\",le=\"2.5\"}"], 9.0);
        QCOMPARE(scrape["signalbox_provider_first_byte_seconds_bucket{provider=\"alpha\",le=\"+Inf\"}"], 10.0);
        QCOMPARE(scrape["signalbox_provider_answer_seconds_sum{provider=\"alpha\"}"], 12.25);
        QCOMPARE(scrape["signalbox_provider_info{provider=\"beta\",dialect=\"anthropic\",simulated=\"false\"}"], 1.0);
    }

    void exactlyOneStateIsOne()
    {
        const Scrape scrape = parse(prometheusText(fullSnapshot()));
        for (const char *family : { "breaker_state", "breaker_mode" }) {
            for (const char *provider : { "alpha", "beta" }) {
                double sum = 0;
                const QString prefix = QStringLiteral("signalbox_provider_%1{provider=\"%2\",")
                                           .arg(QString::fromLatin1(family), QString::fromLatin1(provider));
                for (const auto &[key, value] : scrape.samples)
                    sum += key.startsWith(prefix) ? value : 0.0;
                QCOMPARE(sum, 1.0);
            }
        }
    }

    void emptySnapshotIsValid()
    {
        const Scrape scrape = parse(prometheusText(EngineSnapshot {}));
        QVERIFY2(scrape.problem.isEmpty(), qPrintable(scrape.problem));
        QCOMPARE(scrape["signalbox_overhead_seconds_bucket{le=\"+Inf\"}"], 0.0);
        QCOMPARE(scrape["signalbox_config_problem"], 0.0);
    }

    void namesAreEscaped()
    {
        EngineSnapshot snapshot;
        ProviderSnapshot provider;
        provider.name = QStringLiteral("a\"b\\c\nd} 1\nfake 2 \u00fc");
        snapshot.providers.push_back(provider);
        const Scrape scrape = parse(prometheusText(snapshot));
        QVERIFY2(scrape.problem.isEmpty(), qPrintable(scrape.problem));
        QCOMPARE(scrape["signalbox_provider_enabled{provider=\"a\\\"b\\\\c\\nd} 1\\nfake 2 \u00fc\"}"], 1.0);
    }

    void specialNumbers()
    {
        EngineSnapshot snapshot = fullSnapshot();
        snapshot.providers[0].score.value = std::numeric_limits<double>::quiet_NaN();
        snapshot.providers[0].score.trend = std::numeric_limits<double>::infinity();
        snapshot.totals.succeeded = std::numeric_limits<std::uint64_t>::max();
        const QByteArray text = prometheusText(snapshot);
        const Scrape scrape = parse(text);
        QVERIFY2(scrape.problem.isEmpty(), qPrintable(scrape.problem));
        QVERIFY(std::isnan(scrape.samples.at(QStringLiteral("signalbox_provider_score{provider=\"alpha\"}"))));
        QVERIFY(text.contains("signalbox_requests_total{result=\"succeeded\"} 18446744073709551615\n"));
    }

    void reasonsAreBounded()
    {
        EngineSnapshot snapshot;
        for (int i = 0; i < 1000; ++i)
            snapshot.failovers.push_back({ QStringLiteral("reason_%1").arg(i), 1 });
        const Scrape scrape = parse(prometheusText(snapshot));
        QVERIFY2(scrape.problem.isEmpty(), qPrintable(scrape.problem));
        double sum = 0;
        int series = 0;
        for (const auto &[key, value] : scrape.samples) {
            if (key.startsWith(QLatin1String("signalbox_failovers_total{"))) {
                sum += value;
                ++series;
            }
        }
        QCOMPARE(sum, 1000.0);
        QVERIFY(series <= 40);
        QVERIFY(scrape["signalbox_failovers_total{reason=\"other\"}"] > 900.0);
    }

    void noUrlOrText()
    {
        EngineSnapshot snapshot = fullSnapshot();
        snapshot.listener.url = QStringLiteral("http://127.0.0.1:8787/t/hidden-token");
        snapshot.providers[0].baseUrl = QStringLiteral("https://user:hidden-password@example.test/v1?key=hidden-key");
        snapshot.providers[0].keyProblem = QStringLiteral("hidden-path");
        snapshot.providers[0].lastReason = QStringLiteral("hidden-reason");
        QVERIFY(!prometheusText(snapshot).contains("hidden"));
    }

    void fiftyProviders()
    {
        EngineSnapshot snapshot;
        ProviderSnapshot provider = fullSnapshot().providers[0];
        provider.firstByteHistogram = { {}, {}, 5, 20 };
        for (int i = 0; i < 20; ++i) {
            provider.firstByteHistogram.upperBounds.push_back(0.005 * std::pow(1.7, i));
            provider.firstByteHistogram.cumulativeCounts.push_back(static_cast<std::uint64_t>(i));
        }
        provider.totalHistogram = provider.firstByteHistogram;
        for (int i = 0; i < 50; ++i) {
            provider.name = QStringLiteral("provider-%1").arg(i);
            snapshot.providers.push_back(provider);
        }
        const Scrape scrape = parse(prometheusText(snapshot));
        QVERIFY2(scrape.problem.isEmpty(), qPrintable(scrape.problem));
        QBENCHMARK
        {
            prometheusText(snapshot);
        }
    }
};

QTEST_GUILESS_MAIN(TestPrometheus)
#include "tst_prometheus.moc"
