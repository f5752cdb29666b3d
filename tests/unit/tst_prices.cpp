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

std::optional<double> costAt(const PriceTable &table, const QUrl &url, const QByteArray &model, const TokenUsage &usage,
                             const QDateTime &at)
{
    return PriceTable::cost(table.find(url, model), usage, at);
}

} // namespace

class PricesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void shippedPrices_data();
    void shippedPrices();
    void pricesDependOnSizeTimeAndCache_data();
    void pricesDependOnSizeTimeAndCache();
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
    const QString google = QStringLiteral("https://generativelanguage.googleapis.com");
    const QString xai = QStringLiteral("https://api.x.ai/v1");
    const auto row = [](const QString &url, const char *model, double input, double cached, double output) {
        QTest::newRow(model) << url << QByteArray(model) << (input + cached + output) / 1000;
    };
    row(openAi, "gpt-4o", 2.5, 1.25, 10);
    row(openAi, "gpt-4o-2024-08-06", 2.5, 1.25, 10);
    row(openAi, "gpt-4o-mini", 0.15, 0.075, 0.6);
    row(openAi, "gpt-4.1", 2, 0.5, 8);
    row(openAi, "o3", 2, 0.5, 8); // since its price was cut
    row(openAi, "gpt-5", 1.25, 0.125, 10);
    row(openAi, "gpt-5-mini", 0.25, 0.025, 2);
    row(openAi, "gpt-5-nano", 0.05, 0.005, 0.4);
    row(anthropic, "claude-sonnet-4-20250514", 3, 0.3, 15);
    row(anthropic, "claude-sonnet-4-5", 3, 0.3, 15);
    row(anthropic, "claude-opus-4-1-20250805", 15, 1.5, 75);
    row(anthropic, "claude-haiku-4-5", 1, 0.1, 5);
    row(anthropic, "claude-3-5-haiku-20241022", 0.8, 0.08, 4);
    row(google, "gemini-2.5-pro", 1.25, 0.125, 10);
    row(google, "gemini-2.5-flash", 0.3, 0.03, 2.5);
    row(google, "gemini-2.5-flash-lite", 0.1, 0.01, 0.4);
    row(google, "gemini-2.0-flash", 0.1, 0.025, 0.4);
    row(xai, "grok-3", 3, 0.75, 15);
    row(xai, "grok-3-mini", 0.3, 0.075, 0.5);
    row(QStringLiteral("https://api.moonshot.ai/v1"), "kimi-k2-0905-preview", 0.6, 0.15, 2.5);
    row(QStringLiteral("https://api.deepseek.com"), "deepseek-chat", 0.135, 0.035, 0.55); // at night
    QTest::newRow("by family") << QStringLiteral("http://127.0.0.1:9/v1") << QByteArray("gpt-4o")
                               << (2.5 + 1.25 + 10) / 1000;
}

void PricesTest::shippedPrices()
{
    QFETCH(QString, url);
    QFETCH(QByteArray, model);
    QFETCH(double, usd);
    const TokenUsage usage { true, thousand, thousand, 0, thousand, 0, 0 };
    const std::optional<double> cost = costAt(PriceTable::shipped(), QUrl(url), model, usage, day());
    QVERIFY(cost);
    QVERIFY2(std::abs(*cost - usd) < 1e-9, QByteArray::number(*cost, 'g', 12).constData());
}

void PricesTest::pricesDependOnSizeTimeAndCache_data()
{
    QTest::addColumn<QString>("url");
    QTest::addColumn<QByteArray>("model");
    QTest::addColumn<QList<qulonglong>>("tokens"); ///< as in TokenUsage
    QTest::addColumn<int>("hour");
    QTest::addColumn<double>("usd");
    const QString anthropic = QStringLiteral("https://api.anthropic.com");
    const QString google = QStringLiteral("https://generativelanguage.googleapis.com");
    const QString deepSeek = QStringLiteral("https://api.deepseek.com");
    const auto row = [](const char *name, const QString &url, const char *model, const QList<qulonglong> &tokens,
                        int hour,
                        double usd) { QTest::newRow(name) << url << QByteArray(model) << tokens << hour << usd; };
    row("long prompt", google, "gemini-2.5-pro", { 300'000, 0, 0, 1000, 0, 0 }, 0, (300 * 2.5 + 15) / 1000);
    row("long prompt, mostly cached", anthropic, "claude-sonnet-4-5", { 1000, 299'000, 0, 1000, 0, 0 }, 0,
        (6 + 299 * 0.6 + 22.5) / 1000);
    row("cache writes", anthropic, "claude-opus-4-1", { 1000, 0, 2000, 1000, 0, 0 }, 0, (15 + 2 * 18.75 + 75) / 1000);
    row("cache writes for an hour", anthropic, "claude-opus-4-1", { 1000, 0, 2000, 1000, 0, 1000 }, 0,
        (15 + 18.75 + 30 + 75) / 1000);
    row("reasoning is a part of the output", google, "gemini-2.5-flash", { 1000, 0, 0, 1000, 900, 0 }, 0,
        (0.3 + 2.5) / 1000);
    row("by day", deepSeek, "deepseek-chat", { 1000, 1000, 0, 1000, 0, 0 }, 12, (0.27 + 0.07 + 1.1) / 1000);
    row("by night", deepSeek, "deepseek-chat", { 1000, 1000, 0, 1000, 0, 0 }, 20, (0.135 + 0.035 + 0.55) / 1000);
    row("no cache price needed", QStringLiteral("https://api.groq.com/openai/v1"), "llama-3.3-70b-versatile",
        { 1000, 0, 0, 1000, 0, 0 }, 0, (0.59 + 0.79) / 1000);
    row("mistral", QStringLiteral("https://api.mistral.ai/v1"), "mistral-large-latest", { 1000, 0, 0, 1000, 0, 0 }, 0,
        8.0 / 1000);
    row("cohere", QStringLiteral("https://api.cohere.com/v2"), "command-a", { 1000, 0, 0, 1000, 0, 0 }, 0, 12.5 / 1000);
    row("cerebras", QStringLiteral("https://api.cerebras.ai/v1"), "gpt-oss-120b", { 1000, 0, 0, 1000, 0, 0 }, 0,
        1.1 / 1000);
}

void PricesTest::pricesDependOnSizeTimeAndCache()
{
    QFETCH(QString, url);
    QFETCH(QByteArray, model);
    QFETCH(QList<qulonglong>, tokens);
    QFETCH(int, hour);
    QFETCH(double, usd);
    const TokenUsage usage { true, tokens[0], tokens[1], tokens[2], tokens[3], tokens[4], tokens[5] };
    const std::optional<double> cost =
        costAt(PriceTable::shipped(), QUrl(url), model, usage, day().addSecs(hour * qint64 { 3600 }));
    QVERIFY(cost);
    QVERIFY2(std::abs(*cost - usd) < 1e-9, QByteArray::number(*cost, 'g', 12).constData());
}

void PricesTest::usersPricesGoBeforeAndBadOnesChangeNothing()
{
    PriceTable prices = PriceTable::shipped();
    QVERIFY(prices.setUserPrices(R"({"models":{"gpt-4o":{"input_mtok":1,"output_mtok":2,"cache_read_mtok":0}}})"));
    const TokenUsage usage { true, thousand, thousand, 0, thousand, 0, 0 };
    const QUrl url(QStringLiteral("https://api.openai.com/v1"));
    QCOMPARE(costAt(prices, url, "gpt-4o", usage, day()).value_or(-1), 0.003);
    QVERIFY(!prices.setUserPrices("{"));
    QVERIFY(!prices.setUserPrices(R"({"models":{"gpt-4o":{"input_mtok":"free"}}})"));
    QCOMPARE(costAt(prices, url, "gpt-4o", usage, day()).value_or(-1), 0.003);
}

void PricesTest::unknownIsNotFree()
{
    const PriceTable prices = PriceTable::shipped();
    const QUrl url(QStringLiteral("https://api.openai.com/v1"));
    QVERIFY(!costAt(prices, url, "nobody-sells-this", { true, 1, 0, 0, 1, 0, 0 }, day()));
    QVERIFY(!costAt(prices, url, "gpt-4o", {}, day()));
}

QTEST_GUILESS_MAIN(PricesTest)
#include "tst_prices.moc"
