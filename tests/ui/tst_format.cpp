// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/style/englishplurals.h"
#include "ui/style/format.h"

#include <QLocale>
#include <QTest>

#include <limits>

using namespace signalbox;
using std::chrono::milliseconds;

namespace {

/// The narrow no-break space between number and unit, written as a plain one for reading.
QString plain(QString text)
{
    return text.replace(QChar(0x202F), QLatin1Char(' '));
}

} // namespace

class TestFormat : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); }
    void readsPlurals();
    void writesLatencies_data();
    void writesLatencies();
    void writesShares_data();
    void writesShares();
    void writesCountdowns_data();
    void writesCountdowns();
    void writesSpans_data();
    void writesSpans();
    void saysWhenSamplesAreFew();
    void dropsTrailingZeros();
    void followsTheLocale();
};

void TestFormat::readsPlurals()
{
    EnglishPlurals plurals;
    QCoreApplication::installTranslator(&plurals);
    QCOMPARE(tr("%n request(s)", nullptr, 1), QStringLiteral("1 request"));
    QCOMPARE(tr("%n request(s)", nullptr, 2), QStringLiteral("2 requests"));
    QCOMPARE(tr("%n request(s)", nullptr, 0), QStringLiteral("0 requests"));
    QCOMPARE(tr("port(s)"), QStringLiteral("port(s)"));
}

void TestFormat::writesLatencies_data()
{
    QTest::addColumn<double>("ms");
    QTest::addColumn<QString>("text");
    QTest::newRow("below one") << 0.524 << QStringLiteral("0.52 ms");
    QTest::newRow("three digits") << 5.234 << QStringLiteral("5.23 ms");
    QTest::newRow("rounding adds a digit") << 9.996 << QStringLiteral("10.0 ms");
    QTest::newRow("tens") << 52.34 << QStringLiteral("52.3 ms");
    QTest::newRow("hundreds") << 840.2 << QStringLiteral("840 ms");
    QTest::newRow("just below a second") << 999.4 << QStringLiteral("999 ms");
    QTest::newRow("rounds to a second") << 999.6 << QStringLiteral("1.0 s");
    QTest::newRow("seconds") << 8400.0 << QStringLiteral("8.4 s");
    QTest::newRow("tens of seconds") << 31240.0 << QStringLiteral("31.2 s");
    QTest::newRow("hundreds of seconds") << 123400.0 << QStringLiteral("123 s");
    QTest::newRow("clock went back") << -3.0 << QStringLiteral("0.00 ms");
}

void TestFormat::writesLatencies()
{
    QFETCH(const double, ms);
    QTEST(plain(formatLatency(ms)), "text");
    QCOMPARE(formatLatency(std::nullopt), noValue());
    QCOMPARE(formatLatency(std::numeric_limits<double>::quiet_NaN()), noValue());
}

void TestFormat::writesShares_data()
{
    QTest::addColumn<double>("share");
    QTest::addColumn<QString>("text");
    QTest::newRow("all") << 1.0 << QStringLiteral("100 %");
    QTest::newRow("none") << 0.0 << QStringLiteral("0 %");
    QTest::newRow("usual") << 0.9941 << QStringLiteral("99.4 %");
    QTest::newRow("not quite all is not all") << 0.99999 << QStringLiteral("99.9 %");
    QTest::newRow("nearly none is not none") << 0.00001 << QStringLiteral("0.1 %");
}

void TestFormat::writesShares()
{
    QFETCH(const double, share);
    QTEST(plain(formatShare(share)), "text");
}

void TestFormat::writesCountdowns_data()
{
    QTest::addColumn<int>("ms");
    QTest::addColumn<QString>("text");
    QTest::newRow("over") << -5 << QStringLiteral("0:00");
    QTest::newRow("never early") << 22'001 << QStringLiteral("0:23");
    QTest::newRow("exact") << 23'000 << QStringLiteral("0:23");
    QTest::newRow("minutes") << 600'000 << QStringLiteral("10:00");
    QTest::newRow("hours") << 3'723'000 << QStringLiteral("1:02:03");
}

void TestFormat::writesCountdowns()
{
    QFETCH(const int, ms);
    QTEST(formatCountdown(milliseconds { ms }), "text");
}

void TestFormat::writesSpans_data()
{
    QTest::addColumn<int>("seconds");
    QTest::addColumn<QString>("text");
    QTest::newRow("seconds") << 14 << QStringLiteral("14 s");
    QTest::newRow("still seconds") << 99 << QStringLiteral("99 s");
    QTest::newRow("minutes") << 719 << QStringLiteral("12 min");
    QTest::newRow("hours") << 3 * 3600 << QStringLiteral("3 h");
}

void TestFormat::writesSpans()
{
    QFETCH(const int, seconds);
    QTEST(plain(formatSpan(std::chrono::seconds { seconds })), "text");
}

void TestFormat::saysWhenSamplesAreFew()
{
    QCOMPARE(formatSamples(9), QStringLiteral("n=9 (few)"));
    QCOMPARE(formatSamples(10), QStringLiteral("n=10"));
    QCOMPARE(formatSamples(1204), QStringLiteral("n=1,204"));
}

void TestFormat::dropsTrailingZeros()
{
    QCOMPARE(formatPlain(60, 3), QStringLiteral("60"));
    QCOMPARE(formatPlain(1.5, 3), QStringLiteral("1.5"));
    QCOMPARE(formatPlain(0.001, 3), QStringLiteral("0.001"));
    QCOMPARE(formatPlain(100, 0), QStringLiteral("100"));
    QCOMPARE(formatPlain(86400, 3), QStringLiteral("86400"));
}

void TestFormat::followsTheLocale()
{
    QLocale::setDefault(QLocale(QLocale::German, QLocale::Germany));
    QCOMPARE(plain(formatLatency(8400)), QStringLiteral("8,4 s"));
    QCOMPARE(formatPlain(1.5, 3), QStringLiteral("1,5"));
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
}

QTEST_GUILESS_MAIN(TestFormat)
#include "tst_format.moc"
