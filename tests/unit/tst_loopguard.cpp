// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/proxy/proxycontext.h"

#include <QNetworkInterface>
#include <QTest>

using namespace signalbox;
using namespace Qt::StringLiterals;

/// Which base URLs are this proxy itself. Addresses of the machine that others can reach are taken as it has them.
class LoopGuardTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_context.listenPort = 8787;
        m_context.listenAddress = QHostAddress(QHostAddress::LocalHost);
    }

    void loopback_data()
    {
        QTest::addColumn<QString>("baseUrl");
        QTest::addColumn<bool>("us");
        QTest::newRow("address") << u"http://127.0.0.1:8787/v1"_s << true;
        QTest::newRow("another loopback address") << u"http://127.0.0.9:8787/v1"_s << true;
        QTest::newRow("IPv6") << u"http://[::1]:8787/v1"_s << true;
        QTest::newRow("name") << u"http://LocalHost:8787/v1"_s << true;
        QTest::newRow("name below it") << u"http://proxy.localhost:8787/v1"_s << true;
        QTest::newRow("another port") << u"http://127.0.0.1:8788/v1"_s << false;
        QTest::newRow("the scheme's port") << u"http://127.0.0.1/v1"_s << false;
        QTest::newRow("another host") << u"http://192.0.2.1:8787/v1"_s << false;
        QTest::newRow("a name elsewhere") << u"https://api.openai.com/v1"_s << false;
    }

    void loopback()
    {
        QFETCH(QString, baseUrl);
        QFETCH(bool, us);
        QCOMPARE(m_context.pointsAtUs(QUrl(baseUrl)), us);
    }

    void ownAddressOnlyWhereWeListen()
    {
        const QList<QHostAddress> all = QNetworkInterface::allAddresses();
        for (const QHostAddress &address : all) {
            if (address.isLoopback() || !address.scopeId().isEmpty())
                continue;
            QUrl url(u"http://host:8787/v1"_s);
            url.setHost(address.toString());
            m_context.listenAddress = QHostAddress(QHostAddress::LocalHost);
            QVERIFY2(!m_context.pointsAtUs(url), qPrintable(url.toString()));
            m_context.listenAddress = address;
            QVERIFY2(m_context.pointsAtUs(url), qPrintable(url.toString()));
            m_context.listenAddress = QHostAddress(QHostAddress::Any);
            QVERIFY2(m_context.pointsAtUs(url), qPrintable(url.toString()));
        }
    }

    void nobodyListens()
    {
        m_context.listenPort = 0;
        QVERIFY(!m_context.pointsAtUs(QUrl(u"http://127.0.0.1:8787/v1"_s)));
    }

private:
    ManualClock m_clock;
    ProxyContext m_context { m_clock, [] { return 0.5; } };
};

QTEST_GUILESS_MAIN(LoopGuardTest)

#include "tst_loopguard.moc"
