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
    static const QRegularExpression help(QStringLiteral("^# HELP ((?:signalbox|process)_[a-z_]+) (\\S.*)$"));
    static const QRegularExpression type(
        QStringLiteral("^# TYPE ((?:signalbox|process)_[a-z_]+) (counter|gauge|histogram)$"));
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
    snapshot.totals = { 12, 7, 2, 1, 3, 4, 1, 2 };
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
    alpha.trendSlopePerMinute = 0.125;
    alpha.forecastFirstByteMs = 2100;
    alpha.certificateExpiry = QDateTime::fromSecsSinceEpoch(1'900'000'000, Qt::UTC);
    alpha.totals.tokens = { 100, 20, 30, 400, 50 };
    alpha.totals.costUsd = 1.25;
    alpha.totals.costKnown = 9;
    alpha.totals.costUnknown = 1;
    alpha.totals.possiblyBilled = 3;
    alpha.totals.models = { { QStringLiteral("gpt-\"x\""), { 4, 0, 2, 0 } } };
    alpha.totals.attemptReasons = { { QStringLiteral("first_byte_timeout"), 5 } };
    alpha.totals.transitions = { 4, 3, 2 };
    alpha.totals.stepsSlower = 1;
    snapshot.providers.push_back(alpha);
    snapshot.endpoints = { { QStringLiteral("openai"), QStringLiteral("chat"), QStringLiteral("completed"), 2, 6 },
                           { {}, QStringLiteral("other"), QStringLiteral("failed"), 0, 1 } };
    snapshot.requestTotal = someHistogram();
    snapshot.requestFirstByte = someHistogram();
    snapshot.recording = { RecordingState::Stopped, QStringLiteral("disk full"), 7, 800, 12, 4096, 1048576 };
    snapshot.process = { 3.5, 5000000, 9000000, 42, 1024, 6, 1.7e9 };
    Alarm alarm;
    alarm.id = QStringLiteral("provider_open/alpha");
    alarm.rule = QStringLiteral("provider_open");
    alarm.subject = QStringLiteral("alpha");
    snapshot.alarms.push_back(alarm);
    alarm.rule = QStringLiteral("port_lost");
    alarm.subject.clear();
    alarm.priority = AlarmPriority::High;
    alarm.state = AlarmState::Cleared;
    snapshot.alarms.push_back(alarm);
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
        const QString build = QStringLiteral("signalbox_build_info{version=\"%1\",qt_version=\"%2\"}")
                                  .arg(QStringLiteral(SIGNALBOX_VERSION), QString::fromLatin1(qVersion()));
        QCOMPARE(scrape.samples.at(build), 1.0);
        QCOMPARE(scrape["signalbox_config_problem"], 1.0);
        QCOMPARE(scrape["signalbox_listener_connections"], 3.0);
        QCOMPARE(scrape["signalbox_listener_state{state=\"listening\"}"], 1.0);
        QCOMPARE(scrape["signalbox_listener_state{state=\"stopped\"}"], 0.0);
        QCOMPARE(scrape["signalbox_requests_total{result=\"succeeded\"}"], 7.0);
        QCOMPARE(scrape["signalbox_requests_total{result=\"cancelled\"}"], 3.0);
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

    void whatTelemetryAdds()
    {
        const Scrape scrape = parse(prometheusText(fullSnapshot()));
        QCOMPARE(scrape["signalbox_provider_first_byte_forecast_seconds{provider=\"alpha\"}"], 2.1);
        QVERIFY(std::isnan(scrape["signalbox_provider_first_byte_forecast_seconds{provider=\"beta\"}"]));
        QCOMPARE(scrape["signalbox_provider_trend_per_minute{provider=\"alpha\"}"], 0.125);
        QCOMPARE(scrape["signalbox_provider_certificate_expiry_timestamp_seconds{provider=\"alpha\"}"], 1.9e9);
        QCOMPARE(scrape["signalbox_provider_tokens_total{provider=\"alpha\",kind=\"cache_write\"}"], 30.0);
        QCOMPARE(scrape["signalbox_provider_tokens_total{provider=\"alpha\",kind=\"reasoning\"}"], 50.0);
        QCOMPARE(scrape["signalbox_provider_cost_usd_total{provider=\"alpha\"}"], 1.25);
        QCOMPARE(scrape["signalbox_provider_answers_total{provider=\"alpha\",cost=\"unknown\"}"], 1.0);
        QCOMPARE(scrape["signalbox_provider_possibly_billed_total{provider=\"alpha\"}"], 3.0);
        const char *model =
            "signalbox_provider_model_attempts_total{provider=\"alpha\",model=\"gpt-\\\"x\\\"\",outcome=";
        QCOMPARE(scrape[QByteArray(model).append("\"throttled\"}").constData()], 2.0);
        QVERIFY(std::isnan(scrape[QByteArray(model).append("\"failure\"}").constData()]));
        QCOMPARE(scrape["signalbox_provider_attempt_reasons_total{provider=\"alpha\",reason=\"first_byte_timeout\"}"],
                 5.0);
        QCOMPARE(scrape["signalbox_provider_breaker_transitions_total{provider=\"alpha\",to=\"half_open\"}"], 3.0);
        QCOMPARE(scrape["signalbox_provider_steps_total{provider=\"alpha\",direction=\"slower\"}"], 1.0);
        QCOMPARE(scrape["signalbox_endpoint_requests_total{dialect=\"openai\",endpoint=\"chat\",end=\"completed\","
                        "status=\"2xx\"}"],
                 6.0);
        QCOMPARE(
            scrape["signalbox_endpoint_requests_total{dialect=\"\",endpoint=\"other\",end=\"failed\",status=\"none\"}"],
            1.0);
        QCOMPARE(scrape["signalbox_request_duration_seconds_count"], 10.0);
        QCOMPARE(scrape["signalbox_request_first_byte_seconds_sum"], 12.25);
        QCOMPARE(scrape["signalbox_recording_state{state=\"stopped\"}"], 1.0);
        QCOMPARE(scrape["signalbox_events_dropped_total"], 7.0);
        QCOMPARE(scrape["signalbox_event_queue_length"], 12.0);
        QCOMPARE(scrape["process_cpu_seconds_total"], 3.5);
        QCOMPARE(scrape["process_open_fds"], 42.0);
        QCOMPARE(scrape["signalbox_alarms{priority=\"medium\",state=\"active\"}"], 1.0);
        QCOMPARE(scrape["signalbox_alarms{priority=\"high\",state=\"cleared\"}"], 1.0);
        QCOMPARE(scrape["signalbox_alarm_active{rule=\"provider_open\",subject=\"alpha\"}"], 1.0);
        QVERIFY(std::isnan(scrape["signalbox_alarm_active{rule=\"port_lost\",subject=\"\"}"]));
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
