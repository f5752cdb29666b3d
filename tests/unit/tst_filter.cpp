// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/api/filter.h"

#include <QRandomGenerator>
#include <QTest>

using namespace signalbox;
using namespace std::chrono_literals;

namespace {

/// Failed over from alpha to beta, which answered a stream.
RequestEvent failover()
{
    RequestEvent event;
    event.id = "req_abc";
    event.at = QDateTime(QDate(2026, 1, 31), QTime(8, 0), Qt::UTC);
    event.userAgent = "claude-code";
    event.session = "1a2b3c4d5e6f";
    event.method = "POST";
    event.path = "/v1/messages";
    event.dialect = Dialect::Anthropic;
    event.endpoint = "messages";
    event.model = "claude-sonnet";
    event.stream = true;
    event.status = 200;
    event.streamEnd = RequestEvent::StreamEnd::Completed;
    event.provider = QStringLiteral("beta");
    event.firstByte = 2500ms;
    event.total = 31s;
    event.overhead = 300us;
    AttemptEvent first;
    first.provider = QStringLiteral("alpha");
    first.outcome = Outcome::Throttled;
    first.reason = QStringLiteral("status_429");
    first.detail = QStringLiteral("Too many requests");
    AttemptEvent second;
    second.provider = QStringLiteral("beta");
    second.outcome = Outcome::Success;
    second.reason = QStringLiteral("ok");
    second.usage.known = true;
    second.usage.inputTokens = 1000;
    second.usage.cachedTokens = 9000;
    second.usage.outputTokens = 2000;
    second.servedModel = "claude-sonnet-4-5";
    second.costUsd = 0.06;
    event.attempts = { first, second };
    return event;
}

RequestEvent unanswered()
{
    RequestEvent event;
    event.at = QDateTime(QDate(2026, 1, 31), QTime(7, 0), Qt::UTC);
    event.end = RequestEvent::End::Failed;
    return event;
}

} // namespace

class TestFilter : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void matches_data();
    void matches();
    void explains_data();
    void explains();
    void absentValuesNeverMatchAComparison();
    void completes();
    void survivesHostileInput();
};

void TestFilter::matches_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("expected");
    const auto row = [](const char *text, bool expected) {
        QTest::newRow(text) << QString::fromUtf8(text) << expected;
    };
    row("", true);
    row("   ", true);
    row("status:2xx", true);
    row("status:5xx", false);
    row("status:200", true);
    row("status:20*", true);
    row("status:500,200", true);
    row("status>=200", true);
    row("status<200", false);
    row("-status:2xx", false);
    row("provider:alpha", true);
    row("provider:BETA", true);
    row("provider:al", false);
    row("provider:al*", true);
    row("provider:\"beta\"", true);
    row("model:claude*", true);
    row("model:*4-5", true);
    row("model:gpt*", false);
    row("model:*o*t*", true);
    row("dialect:anthropic", true);
    row("endpoint:messages", true);
    row("client:claude-code", true);
    row("session:1a2b*", true);
    row("stream:yes", true);
    row("stream:no", false);
    row("outcome:ok", true);
    row("outcome:failed", false);
    row("outcome:retried", true);
    row("outcome:throttled", true);
    row("end:completed", true);
    row("end:stalled", false);
    row("reason:status_429", true);
    row("ttft>2s", true);
    row("ttft>2500ms", false);
    row("ttft>=2500ms", true);
    row("ttft<0.1m", true);
    row("total>30s", true);
    row("total>1min", false);
    row("overhead<1ms", true);
    row("attempts>1", true);
    row("attempts:2", true);
    row("attempts:1", false);
    row("tokens>10k", true);
    row("tokens>12k", false);
    row("cost>$0.05", true);
    row("cost>0.06", false);
    row("cost:unknown", false);
    row("path:/v1/*", true);
    row("method:post", true);
    row("id:req_abc", true);
    row("since:2h", true);
    row("since:30m", false);
    row("since:2026-01-31T07:30:00Z", true);
    row("\"too many\"", true);
    row("many", true);
    row("-many", false);
    row("absent", false);
    row("STATUS:2xx Provider:beta attempts>1 -outcome:failed", true);
    row("status:2xx provider:gamma", false);
}

void TestFilter::matches()
{
    QFETCH(QString, text);
    QFETCH(bool, expected);
    const QDateTime now(QDate(2026, 1, 31), QTime(9, 0), Qt::UTC);
    const Result<Filter> filter = Filter::parse(text, now);
    QVERIFY2(filter, filter ? "" : qPrintable(filter.error().reason));
    QCOMPARE(filter.value().matches(failover()), expected);
}

void TestFilter::explains_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("position");
    QTest::addColumn<QString>("part");
    const auto row = [](const char *text, int position, const char *part) {
        QTest::newRow(text) << QString::fromUtf8(text) << position << QString::fromUtf8(part);
    };
    row("status:2xx provder:x", 11, "did you mean provider:openai?");
    row("stat:5xx", 0, "did you mean status:5xx?");
    row("quux:1", 0, "known are status, provider");
    row("ttft>2", 0, "ttft needs a time, e.g. ttft>2s");
    row("ttft:2s", 0, "ttft takes > or <");
    row("attempts>many", 0, "attempts needs a number");
    row("attempts:1,2", 0, "one value");
    row("tokens>$5", 0, "tokens needs a number");
    row("status:foo", 0, "status is like 503, 5xx or none");
    row("status>5xx", 0, "status>=400");
    row("stream:maybe", 0, "stream is one of yes, no");
    row("outcome:great", 0, "outcome is one of ok, failed");
    row("provider>a", 0, "takes a ':'");
    row("provider:", 0, "'provider:' needs a value");
    row("provider:a,", 0, "needs a value");
    row("a -", 2, "'-' needs a term");
    row("x \"abc", 2, "closing quote");
    row("\"\"", 0, "quotes are empty");
    row("since:yesterday", 0, "since needs a time span");
}

void TestFilter::explains()
{
    QFETCH(QString, text);
    QFETCH(int, position);
    QFETCH(QString, part);
    const std::optional<FilterProblem> problem = Filter::problemIn(text);
    QVERIFY(problem);
    QCOMPARE(problem->position, position);
    QVERIFY(problem->length > 0 && problem->position + problem->length <= text.size());
    QVERIFY2(problem->explanation.contains(part), qPrintable(problem->explanation));
    const Result<Filter> filter = Filter::parse(text);
    QVERIFY(!filter);
    QCOMPARE(filter.error().place, QStringLiteral("column %1").arg(position + 1));
}

void TestFilter::absentValuesNeverMatchAComparison()
{
    for (const char *text : { "ttft<9h", "total<9h", "tokens<1", "cost<1", "status<600", "dialect:openai" })
        QVERIFY2(!Filter::parse(QString::fromLatin1(text)).value().matches(unanswered()), text);
    for (const char *text : { "status:none", "cost:unknown", "tokens:unknown", "outcome:failed", "attempts:0" })
        QVERIFY2(Filter::parse(QString::fromLatin1(text)).value().matches(unanswered()), text);
}

void TestFilter::completes()
{
    const auto at = [](const QString &text, const Filter::KnownValues &values = {}) {
        return Filter::completions(text, text.size(), values);
    };
    QCOMPARE(at(QString()).size(), Filter::keys().size());
    QCOMPARE(at(QStringLiteral("status:5xx pro")), QStringList { QStringLiteral("provider:") });
    QCOMPARE(at(QStringLiteral("-tt")), QStringList { QStringLiteral("-ttft>") });
    QCOMPARE(at(QStringLiteral("stream:y")), QStringList { QStringLiteral("stream:yes") });
    QCOMPARE(at(QStringLiteral("status:4xx,5")), QStringList { QStringLiteral("status:4xx,5xx") });
    QCOMPARE(at(QStringLiteral("nothing:x")), QStringList());
    const Filter::KnownValues values = [](const QString &key) {
        return key == QLatin1String("provider") ? QStringList { QStringLiteral("alpha"), QStringLiteral("beta") }
                                                : QStringList();
    };
    QCOMPARE(at(QStringLiteral("provider:b"), values), QStringList { QStringLiteral("provider:beta") });
    QCOMPARE(Filter::completions(QStringLiteral("x"), 99), QStringList());
    QCOMPARE(Filter::completions(QStringLiteral("x"), -1).size(), Filter::keys().size());
}

void TestFilter::survivesHostileInput()
{
    QVERIFY(!Filter::parse(QString(5000, QLatin1Char('a'))));
    QVERIFY(!Filter::parse(QStringLiteral("a ").repeated(100)));
    QVERIFY(!Filter::parse(QString(2000, QLatin1Char('x')) + QStringLiteral(":1")));
    // Would take exponential time if each star tried every place.
    RequestEvent event = failover();
    event.model = QByteArray(20'000, 'a');
    const Result<Filter> stars = Filter::parse(QStringLiteral("model:") + QStringLiteral("*a").repeated(500) + u'b');
    QVERIFY(stars);
    QVERIFY(!stars.value().matches(event));
    const QString alphabet = QStringLiteral("-:><=\"\\,*$ stau5x\u00e9\u2028") + QChar(0) + QChar(0xd800);
    QRandomGenerator random(7);
    for (int round = 0; round < 20'000; ++round) {
        QString text;
        for (quint32 i = random.bounded(24U); i > 0; --i)
            text += alphabet.at(random.bounded(static_cast<int>(alphabet.size())));
        const std::optional<FilterProblem> problem = Filter::problemIn(text);
        const Result<Filter> filter = Filter::parse(text);
        QCOMPARE(filter ? true : false, !problem.has_value());
        if (filter)
            filter.value().matches(event);
        else
            QVERIFY(problem->position >= 0 && problem->length > 0 &&
                    problem->position + problem->length <= text.size());
        Filter::completions(text, text.size());
    }
}

QTEST_GUILESS_MAIN(TestFilter)
#include "tst_filter.moc"
