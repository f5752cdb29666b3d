// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/requestmodel.h"
#include "ui/models/requestwords.h"
#include "ui/models/routingrows.h"
#include "ui/models/waterfall.h"

#include <QAbstractItemModelTester>
#include <QLocale>
#include <QPersistentModelIndex>
#include <QSignalSpy>
#include <QTest>

using namespace signalbox;

namespace {

AttemptEvent attemptAt(const char *provider, int status)
{
    AttemptEvent attempt;
    attempt.provider = QString::fromLatin1(provider);
    attempt.status = status;
    attempt.reason = status == 200 ? QStringLiteral("ok") : QStringLiteral("status_5xx");
    return attempt;
}

RequestEvent requestOf(std::uint64_t sequence, int status = 200)
{
    RequestEvent event;
    event.sequence = sequence;
    event.at = QDateTime(QDate(2026, 3, 1), QTime(12, 0, 1, 7), Qt::UTC);
    event.path = "/v1/chat/completions";
    event.model = "gpt-5";
    event.status = status;
    event.end = status == 200 ? RequestEvent::End::Completed : RequestEvent::End::Failed;
    event.provider = status == 200 ? QStringLiteral("openai") : QString();
    event.attempts = { attemptAt("openai", status) };
    return event;
}

std::vector<RequestEvent> requestsFrom(std::uint64_t first, std::uint64_t last)
{
    std::vector<RequestEvent> events;
    for (std::uint64_t sequence = last; sequence >= first; --sequence)
        events.push_back(requestOf(sequence, sequence % 2 == 0 ? 200 : 503));
    return events;
}

RequestEvent checkOf(std::uint64_t sequence)
{
    RequestEvent event = requestOf(sequence);
    event.healthCheck = true;
    return event;
}

QStringList numbersIn(const RequestModel &model)
{
    QStringList numbers;
    for (int row = 0; row < model.rowCount(); ++row)
        numbers.append(model.index(row, RequestModel::NumberColumn).data().toString());
    return numbers;
}

QString numbers(const RequestModel &model)
{
    return numbersIn(model).join(QLatin1Char(' '));
}

} // namespace

class TestRequestModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); }
    void takesOverlappingPagesOnce();
    void forgetsTheOldest();
    void filtersWhatIsHereAndWhatComes();
    void keepsItsCapacityInOneBatch();
    void holdsOlderOnesBesides();
    void mixesHealthChecksIn();
    void forgetsWhatWasChosenBeforeItCame();
    void showsThoseInFlightAtTheEnd();
    void siftsWhileOthersCome();
    void drawsEveryPhaseOnce();
    void tellsTheRoute();
    void saysTheWholeChain();
    void saysHowItFailed();
    void showsEveryColumn();
};

void TestRequestModel::takesOverlappingPagesOnce()
{
    RequestModel model;
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.add(requestsFrom(1, 4));
    model.add(requestsFrom(3, 6));
    QCOMPARE(numbers(model), QStringLiteral("1 2 3 4 5 6"));
    QCOMPARE(model.rowOf(5), 4);
    QCOMPARE(model.rowOf(9), -1);
    QVERIFY(!model.request(6));
}

void TestRequestModel::forgetsTheOldest()
{
    RequestModel model(4);
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.add(requestsFrom(1, 4));
    const QPersistentModelIndex first(model.index(0, 0));
    const QPersistentModelIndex last(model.index(3, 0));
    QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
    model.add(requestsFrom(5, 6));
    QCOMPARE(numbers(model), QStringLiteral("3 4 5 6"));
    QVERIFY(!first.isValid());
    QCOMPARE(last.row(), 1);
    QCOMPARE(last.data().toString(), QStringLiteral("4"));
    QCOMPARE(resets.size(), 0);
}

void TestRequestModel::filtersWhatIsHereAndWhatComes()
{
    RequestModel model(6);
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.add(requestsFrom(1, 6));
    model.setFilter(Filter::parse(QStringLiteral("outcome:failed")).value());
    QCOMPARE(numbers(model), QStringLiteral("1 3 5"));
    QCOMPARE(model.total(), std::size_t(6));
    model.add(requestsFrom(7, 8));
    QCOMPARE(numbers(model), QStringLiteral("3 5 7"));
    QCOMPARE(model.total(), std::size_t(6));
    model.setFilter({});
    QCOMPARE(numbers(model), QStringLiteral("3 4 5 6 7 8"));
}

void TestRequestModel::keepsItsCapacityInOneBatch()
{
    RequestModel model(3);
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.add(requestsFrom(1, 2));
    model.add(requestsFrom(3, 12));
    QCOMPARE(numbers(model), QStringLiteral("10 11 12"));
}

void TestRequestModel::holdsOlderOnesBesides()
{
    RequestModel model(4);
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.add(requestsFrom(7, 10));
    model.addOlder(requestsFrom(5, 8), false);
    QCOMPARE(numbers(model), QStringLiteral("5 6 7 8 9 10"));
    model.add(requestsFrom(11, 12));
    QCOMPARE(numbers(model), QStringLiteral("7 8 9 10 11 12"));
    model.setFilter(Filter::parse(QStringLiteral("outcome:failed")).value());
    model.addOlder(requestsFrom(5, 6), false);
    QCOMPARE(numbers(model), QStringLiteral("5 7 9 11"));
    model.clear();
    QCOMPARE(model.rowCount(), 0);
    QCOMPARE(model.total(), std::size_t(0));
    model.add(requestsFrom(1, 6));
    QCOMPARE(numbers(model), QStringLiteral("3 5"));
}

void TestRequestModel::mixesHealthChecksIn()
{
    RequestModel model(3);
    const QAbstractItemModelTester tester(&model);
    model.add({ checkOf(50), requestOf(100), checkOf(150), requestOf(200) });
    QCOMPARE(numbers(model), QStringLiteral("100 200"));
    RequestChoice choice;
    choice.healthChecks = true;
    model.setChoice(choice);
    // What is older than the oldest request would stand in a stretch of which nothing else is known.
    QCOMPARE(numbers(model), QStringLiteral("100 150 200"));
    model.add({ requestOf(300), checkOf(250), checkOf(150) });
    QCOMPARE(numbers(model), QStringLiteral("100 150 200 250 300"));
    QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
    model.addOlder({ requestOf(80), requestOf(40) }, false);
    QCOMPARE(numbers(model), QStringLiteral("40 50 80 100 150 200 250 300"));
    QCOMPARE(resets.count(), 0);
    model.add({ checkOf(220) });
    QCOMPARE(numbers(model), QStringLiteral("40 50 80 100 150 200 220 250 300"));
    QCOMPARE(model.healthCheckCount(), 4);
    QCOMPARE(model.total(), std::size_t { 5 });
    model.add({ requestOf(400), requestOf(500) }); // room for five: the two oldest go, and what stood before the third
    QCOMPARE(numbers(model), QStringLiteral("100 150 200 220 250 300 400 500"));
    model.setChoice({});
    QCOMPARE(numbers(model), QStringLiteral("100 200 300 400 500"));
    model.clear();
    model.setChoice(choice);
    QCOMPARE(model.rowCount(), 0);
}

void TestRequestModel::forgetsWhatWasChosenBeforeItCame()
{
    RequestModel model;
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.add(requestsFrom(7, 10));
    model.setFilter(Filter::parse(QStringLiteral("outcome:failed")).value());
    model.addOlder({ requestOf(1, 503), requestOf(3, 503) }, true);
    QCOMPARE(numbers(model), QStringLiteral("1 3 7 9"));
    model.setFilter({}); // 2, 4, 5 and 6 are not here, so 1 and 3 would pass for all of that time
    QCOMPARE(numbers(model), QStringLiteral("7 8 9 10"));
}

void TestRequestModel::showsThoseInFlightAtTheEnd()
{
    RequestModel model;
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.add(requestsFrom(1, 2));
    InFlightRequest first;
    first.id = "a";
    first.at = requestOf(1).at.addSecs(10);
    first.model = "gpt-5";
    first.provider = QStringLiteral("openai");
    first.attempt = 2;
    first.phase = InFlightRequest::Phase::Streaming;
    first.elapsed = std::chrono::seconds(12);
    first.bytesToClient = 2048;
    InFlightRequest second = first;
    second.id = "b";
    second.at = first.at.addSecs(1);
    second.model = "claude";
    model.setInFlight({ second, first }); // newest first, as the engine says them
    QCOMPARE(model.rowCount(), 4);
    QCOMPARE(model.finishedCount(), 2);
    QCOMPARE(model.inFlight(2)->id, QByteArray("a"));
    QCOMPARE(model.index(2, RequestModel::OutcomeColumn).data().toString(),
             QStringLiteral("in flight: openai, attempt 2, answering"));
    QCOMPARE(model.index(2, RequestModel::TotalColumn).data().toString().replace(QChar(0x202F), QLatin1Char(' ')),
             QStringLiteral("12 s"));
    QVERIFY(!model.request(2));

    const QPersistentModelIndex kept(model.index(3, 0));
    first.elapsed += std::chrono::seconds(1);
    QSignalSpy changes(&model, &QAbstractItemModel::dataChanged);
    model.setInFlight({ second, first });
    QCOMPARE(changes.size(), 1); // only the one whose text is another
    RequestEvent ended = requestOf(3);
    ended.id = "a";
    model.add({ ended });
    QCOMPARE(model.rowCount(), 4);
    QCOMPARE(model.request(2)->id, QByteArray("a"));
    QCOMPARE(kept.row(), 3);

    model.setFilter(Filter::parse(QStringLiteral("model:claude")).value());
    QCOMPARE(model.rowCount(), 1);
    model.setFilter(Filter::parse(QStringLiteral("status:200")).value()); // has none yet
    QCOMPARE(model.rowCount(), 2);
    RequestChoice choice;
    choice.onlyInFlight = true;
    model.setChoice(choice);
    QCOMPARE(model.rowCount(), 1);
    model.setInFlight({});
    QCOMPARE(model.rowCount(), 0);
}

void TestRequestModel::siftsWhileOthersCome()
{
    RequestModel model(60'000);
    model.add(requestsFrom(1, 60'000));
    QSignalSpy sifted(&model, &RequestModel::sifted);
    model.setFilter(Filter::parse(QStringLiteral("-\"no such text\" outcome:failed")).value());
    QVERIFY(model.isSifting()); // it is not over in one go
    QCOMPARE(model.rowCount(), 60'000);
    model.add(requestsFrom(60'001, 60'010)); // pushes ten out
    QTRY_COMPARE_WITH_TIMEOUT(sifted.size(), 1, 60'000);
    QCOMPARE(model.rowCount(), 30'000);
    QCOMPARE(model.request(0)->sequence, std::uint64_t(11));
    QCOMPARE(model.request(29'999)->sequence, std::uint64_t(60'009));
}

void TestRequestModel::drawsEveryPhaseOnce()
{
    using namespace std::chrono_literals;
    RequestEvent event = requestOf(1);
    event.attempts = { attemptAt("a", 0), attemptAt("b", 200) };
    event.attempts[0].phases.dns = 2ms;
    event.attempts[0].phases.connect = 10ms;
    event.attempts[0].phases.sent = 11ms;
    event.attempts[0].total = 40ms;
    event.attempts[1].startedAfter = 50ms;
    event.attempts[1].phases.queue = 1ms; // on a connection that was open
    event.attempts[1].phases.sent = 2ms;
    event.attempts[1].phases.head = 20ms;
    event.attempts[1].phases.firstByte = 22ms;
    event.attempts[1].phases.lastByte = 90ms;
    event.attempts[1].total = 90ms;
    const std::vector<WaterfallRow> rows = waterfallOf(event);
    QCOMPARE(rows.size(), std::size_t(2));
    const std::vector<WaterfallSegment> first { { WaterfallPhase::Dns, 0us, 2ms },
                                                { WaterfallPhase::Connect, 2ms, 10ms },
                                                { WaterfallPhase::Sending, 10ms, 11ms },
                                                { WaterfallPhase::Waiting, 11ms, 40ms } };
    QVERIFY(rows[0].segments == first);
    event.attempts[0].phases.lastByte = 40ms; // it ended there, without an answer
    QVERIFY(waterfallOf(event)[0].segments == first);
    const std::vector<WaterfallSegment> second { { WaterfallPhase::Queue, 50ms, 51ms },
                                                 { WaterfallPhase::Sending, 51ms, 52ms },
                                                 { WaterfallPhase::Waiting, 52ms, 72ms },
                                                 { WaterfallPhase::Stream, 72ms, 140ms } };
    QVERIFY(rows[1].segments == second);
    QVERIFY(waterfallWords(rows).contains(QStringLiteral("answer 68.0")));
}

void TestRequestModel::tellsTheRoute()
{
    RequestEvent event = requestOf(1);
    event.attempts = { attemptAt("a", 503), attemptAt("b", 200) };
    event.attempts[0].skipped = { { QStringLiteral("c"), QStringLiteral("open") } };
    RequestDetails details;
    for (const char *name : { "c", "a", "b", "d", "e" })
        details.considered.push_back({ QString::fromLatin1(name), QStringLiteral("asked"), 50, {} });
    details.considered[3].reason = QStringLiteral("not_needed");
    details.considered[4].reason = QStringLiteral("key_missing");
    const auto words = [](const std::vector<RoutingRow> &rows) {
        QStringList texts;
        for (const RoutingRow &row : rows)
            texts.append(QString(row.provider + QLatin1Char(' ') + row.decision));
        return texts.join(QStringLiteral(", "));
    };
    QCOMPARE(words(routingRows(event)), QStringLiteral("c skipped, a asked, b asked"));
    QCOMPARE(words(routingRows(event, &details)),
             QStringLiteral("c skipped, a asked, b asked, d not needed, e skipped"));
    QCOMPARE(routingRows(event, &details)[4].why, QStringLiteral("no key"));
    details.notLookedAt = 92;
    QVERIFY(words(routingRows(event, &details)).endsWith(QStringLiteral(", 92 others not looked at")));
}

void TestRequestModel::saysTheWholeChain()
{
    RequestEvent event = requestOf(1);
    event.attempts = { attemptAt("anthropic-eu", 529), attemptAt("openai", 200) };
    event.attempts[1].skipped = { { QStringLiteral("local-vllm"), QStringLiteral("open") },
                                  { QStringLiteral("anthropic-eu"), QStringLiteral("throttled") } };
    QCOMPARE(outcomeWords(event),
             QStringLiteral("served by openai on attempt 2 of 3 (anthropic-eu 529, skipped local-vllm: breaker open)"));
    event.attempts.erase(event.attempts.begin());
    event.attempts[0].skipped.clear();
    QCOMPARE(outcomeWords(event), QStringLiteral("served by openai"));
}

void TestRequestModel::saysHowItFailed()
{
    RequestEvent event = requestOf(1, 503);
    event.attempts[0].status = 0;
    event.attempts[0].reason = QStringLiteral("connect");
    QCOMPARE(outcomeWords(event), QStringLiteral("failed (openai: could not connect)"));
    event.end = RequestEvent::End::ClientGone;
    event.attempts[0].reason = QStringLiteral("some_new_name");
    QCOMPARE(outcomeWords(event), QStringLiteral("the client went away (openai: some new name)"));
    event.attempts.clear();
    event.end = RequestEvent::End::Failed;
    QCOMPARE(outcomeWords(event), QStringLiteral("failed, no provider could be asked"));
}

void TestRequestModel::showsEveryColumn()
{
    RequestModel model;
    RequestEvent event = requestOf(42);
    event.firstByte = std::chrono::milliseconds(840);
    event.attempts[0].usage.known = true;
    event.attempts[0].usage.inputTokens = 1000;
    event.attempts[0].usage.cachedTokens = 204;
    event.attempts[0].usage.outputTokens = 31;
    event.attempts[0].costUsd = 0.0123;
    model.add({ event });
    const auto text = [&model](int column) {
        return model.index(0, column).data().toString().replace(QChar(0x202F), QLatin1Char(' '));
    };
    QCOMPARE(text(RequestModel::TimeColumn), event.at.toLocalTime().toString(QStringLiteral("HH:mm:ss.zzz")));
    QCOMPARE(text(RequestModel::FirstByteColumn), QStringLiteral("840 ms"));
    QCOMPARE(text(RequestModel::TotalColumn), QStringLiteral("–"));
    QCOMPARE(text(RequestModel::TokensColumn), QStringLiteral("1,204 / 31"));
    QCOMPARE(text(RequestModel::CostColumn), QStringLiteral("$0.0123"));
    QCOMPARE(text(RequestModel::StatusColumn), QStringLiteral("200"));
    for (int column = 0; column < RequestModel::ColumnCount; ++column) {
        QVERIFY(!model.headerData(column, Qt::Horizontal).toString().isEmpty());
        QVERIFY(!model.index(0, column).data(Qt::AccessibleTextRole).toString().isEmpty());
    }
    QCOMPARE(model.index(0, RequestModel::TotalColumn).data(Qt::AccessibleTextRole).toString(),
             QStringLiteral("Total: no value"));
}

QTEST_GUILESS_MAIN(TestRequestModel)
#include "tst_requestmodel.moc"
