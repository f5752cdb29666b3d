// SPDX-License-Identifier: GPL-3.0-or-later
// A provider's certificate that ends soon is seen by its connections and checks, and told in time.
#include "tests/support/scene.h"

#include <QTest>

using namespace signalbox;
using namespace signalbox::test;

class ProxyCertificateTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void requestsShowIt();
    void checksShowIt();

private:
    /// A provider behind TLS, whose certificate is good for two more days.
    bool start(ProxyProcess &proxy, const FakeProvider &provider) const
    {
        proxy.provider(QStringLiteral("alpha"), QStringLiteral("openai"), provider.baseUrl(QStringLiteral("/v1")),
                       alphaKey, { { QStringLiteral("caFile"), m_certificate.certificateFile } });
        return proxy.start();
    }
    static QDateTime expiry(const ProxyProcess &proxy)
    {
        const QString text =
            proxy.providerStatus(QStringLiteral("alpha")).value(QStringLiteral("certificateExpiry")).toString();
        return QDateTime::fromString(text, Qt::ISODate);
    }
    static bool isToldOf(const ProxyProcess &proxy)
    {
        const QJsonArray alarms = proxy.status().value(QStringLiteral("alarms")).toArray();
        return std::any_of(alarms.begin(), alarms.end(), [](const QJsonValue &alarm) {
            return alarm[QLatin1String("rule")].toString() == QLatin1String("certificate_expiry") &&
                alarm[QLatin1String("subject")].toString() == QLatin1String("alpha") &&
                alarm[QLatin1String("state")].toString() == QLatin1String("active");
        });
    }
    static void check(const ProxyProcess &proxy)
    {
        QTRY_VERIFY(expiry(proxy).isValid());
        const qint64 hours = QDateTime::currentDateTimeUtc().secsTo(expiry(proxy)) / 3600;
        QVERIFY2(hours >= 46 && hours <= 48, qPrintable(QString::number(hours)));
        QTRY_VERIFY_WITH_TIMEOUT(isToldOf(proxy), 20'000);
        QVERIFY(proxy.metrics().contains("signalbox_provider_certificate_expiry_timestamp_seconds{"));
    }

    QTemporaryDir m_folder;
    Certificate m_certificate;
};

void ProxyCertificateTest::initTestCase()
{
    m_certificate = makeCertificate(m_folder.path());
    QVERIFY(!m_certificate.certificateFile.isEmpty());
}

void ProxyCertificateTest::requestsShowIt()
{
    FakeProvider provider(healthy("alpha"), m_certificate);
    ProxyProcess proxy;
    QVERIFY(start(proxy, provider));
    QVERIFY(!expiry(proxy).isValid());
    QCOMPARE(ask(proxy.port(), postJson(chatPath, payload::chat())).status(), 200);
    check(proxy);
}

void ProxyCertificateTest::checksShowIt()
{
    FakeProvider provider(healthy("alpha"), m_certificate);
    ProxyProcess proxy;
    proxy.config().insert(QStringLiteral("health"), QJsonObject { { QStringLiteral("intervalMs"), 1000 } });
    QVERIFY(start(proxy, provider));
    check(proxy);
    QCOMPARE(provider.count(), 0);
}

QTEST_GUILESS_MAIN(ProxyCertificateTest)
#include "tst_proxy_certificate.moc"
