// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/requestmodel.h"
#include "ui/models/requestwords.h"

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
