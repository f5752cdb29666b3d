// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/telemetry/prices.h"

#include <QTest>

using namespace signalbox;

namespace {

const QDateTime &day()
{
    static const QDateTime time = QDateTime::fromString(QStringLiteral("2026-06-01T00:00:00Z"), Qt::ISODate);
    return time;
}

constexpr std::uint64_t thousand = 1000;

} // namespace

class PricesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void shippedPrices_data();
    void shippedPrices();
    void usersPricesGoBeforeAndBadOnesChangeNothing();
    void unknownIsNotFree();
};

void PricesTest::shippedPrices_data()
{
    QTest::addColumn<QString>("url");
    QTest::addColumn<QByteArray>("model");
    QTest::addColumn<double>("usd"); ///< of 1,000 tokens in, 1,000 from the cache and 1,000 out
    const QString openAi = QStringLiteral("https://api.openai.com/v1");
    const QString anthropic = QStringLiteral("https://api.anthropic.com");
    QTest::newRow("gpt-4o") << openAi << QByteArray("gpt-4o") << (2.5 + 1.25 + 10) / 1000;
    QTest::newRow("gpt-4o, dated") << openAi << QByteArray("gpt-4o-2024-08-06") << (2.5 + 1.25 + 10) / 1000;
    QTest::newRow("gpt-4o-mini") << openAi << QByteArray("gpt-4o-mini") << (0.15 + 0.075 + 0.6) / 1000;
    QTest::newRow("claude-sonnet-4") << anthropic << QByteArray("claude-sonnet-4-20250514") << (3 + 0.3 + 15.0) / 1000;
    QTest::newRow("by family") << QStringLiteral("http://127.0.0.1:9/v1") << QByteArray("gpt-4o")
                               << (2.5 + 1.25 + 10) / 1000;
}

void PricesTest::shippedPrices()
{
    QFETCH(QString, url);
    QFETCH(QByteArray, model);
    QFETCH(double, usd);
    const TokenUsage usage { true, thousand, thousand, 0, thousand, 0, 0 };
    const std::optional<double> cost = PriceTable::shipped().cost(QUrl(url), model, usage, day());
    QVERIFY(cost);
    QVERIFY2(std::abs(*cost - usd) < 1e-9, QByteArray::number(*cost, 'g', 12).constData());
}

void PricesTest::usersPricesGoBeforeAndBadOnesChangeNothing()
{
    PriceTable prices = PriceTable::shipped();
    QVERIFY(prices.setUserPrices(R"({"models":{"gpt-4o":{"input_mtok":1,"output_mtok":2,"cache_read_mtok":0}}})"));
    const TokenUsage usage { true, thousand, thousand, 0, thousand, 0, 0 };
    const QUrl url(QStringLiteral("https://api.openai.com/v1"));
    QCOMPARE(prices.cost(url, "gpt-4o", usage, day()).value_or(-1), 0.003);
    QVERIFY(!prices.setUserPrices("{"));
    QVERIFY(!prices.setUserPrices(R"({"models":{"gpt-4o":{"input_mtok":"free"}}})"));
    QCOMPARE(prices.cost(url, "gpt-4o", usage, day()).value_or(-1), 0.003);
}

void PricesTest::unknownIsNotFree()
{
    const PriceTable prices = PriceTable::shipped();
    const QUrl url(QStringLiteral("https://api.openai.com/v1"));
    QVERIFY(!prices.cost(url, "nobody-sells-this", { true, 1, 0, 0, 1, 0, 0 }, day()));
    QVERIFY(!prices.cost(url, "gpt-4o", {}, day()));
}

QTEST_GUILESS_MAIN(PricesTest)
#include "tst_prices.moc"
