// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/telemetry/statusjson.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <limits>

using namespace signalbox;

namespace {

QJsonObject parsed(const EngineSnapshot &snapshot)
{
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(statusJson(snapshot), &error);
    return error.error == QJsonParseError::NoError ? document.object() : QJsonObject();
}

} // namespace

class TestStatusJson : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void alarmsTellWhoHasThemInHand()
    {
        EngineSnapshot snapshot;
        Alarm alarm;
        alarm.id = QStringLiteral("port_lost");
        alarm.count = 2;
        alarm.firstRaised = QDateTime(QDate(2026, 11, 24), QTime(1, 2, 3), Qt::UTC);
        snapshot.alarms = { alarm };
        alarm.state = AlarmState::Acknowledged;
        alarm.acknowledgedAt = alarm.firstRaised.addSecs(60);
        alarm.acknowledgedBy = QStringLiteral("ctl");
        snapshot.alarms.push_back(alarm);
        const QJsonArray alarms = parsed(snapshot)[u"alarms"].toArray();
        QCOMPARE(alarms.size(), 2);
        QCOMPARE(alarms[0][u"count"].toInt(), 2);
        QCOMPARE(alarms[0][u"firstRaised"].toString(), QStringLiteral("2026-11-24T01:02:03.000Z"));
        QVERIFY(alarms[0][u"acknowledgedAt"].isNull());
        QCOMPARE(alarms[1][u"acknowledgedAt"].toString(), QStringLiteral("2026-11-24T01:03:03.000Z"));
        QCOMPARE(alarms[1][u"acknowledgedBy"].toString(), QStringLiteral("ctl"));
    }

    void emptySnapshot()
    {
        const QJsonObject root = parsed({});
        QCOMPARE(root[u"version"].toString(), QStringLiteral(SIGNALBOX_VERSION));
        QVERIFY(root[u"providers"].toArray().isEmpty());
        QCOMPARE(root[u"listener"].toObject()[u"state"].toString(), QStringLiteral("stopped"));
        QVERIFY(root[u"takenAt"].isNull());
    }

    void valuesAndUnits()
    {
        EngineSnapshot snapshot;
        snapshot.takenAt = QDateTime(QDate(2026, 11, 24), QTime(1, 2, 3, 4), Qt::UTC);
        snapshot.uptime = Milliseconds(90500);
        snapshot.breaker = { 7, Milliseconds(45000) };
        snapshot.origins.breakerThreshold = SettingOrigin::Environment;
        snapshot.failovers = { { QStringLiteral("tls"), 2 } };
        snapshot.configWarnings = { QStringLiteral("/proxy/prot: unknown key") };
        ProviderSnapshot provider;
        provider.name = QStringLiteral("alpha");
        provider.breaker.state = BreakerState::Open;
        provider.breaker.retryIn = Milliseconds(2500);
        provider.breaker.reason = QStringLiteral("5 failures in a row");
        provider.firstByte = { 120.5, std::nullopt, std::nullopt, 4 };
        provider.firstByteHistogram = { { 0.5 }, { 3 }, 1.5, 4 };
        snapshot.providers.push_back(provider);

        const QJsonObject root = parsed(snapshot);
        QCOMPARE(root[u"takenAt"].toString(), QStringLiteral("2026-11-24T01:02:03.004Z"));
        QCOMPARE(root[u"uptimeMs"].toInteger(), 90500);
        const QJsonObject settings = root[u"settings"].toObject();
        QCOMPARE(settings[u"breakerThreshold"].toInt(), 7);
        QCOMPARE(settings[u"breakerTimeoutMs"].toInteger(), 45000);
        QCOMPARE(settings[u"origins"].toObject()[u"breakerThreshold"].toString(), QStringLiteral("environment"));
        QCOMPARE(root[u"failovers"].toArray()[0].toObject()[u"reason"].toString(), QStringLiteral("tls"));
        QCOMPARE(root[u"config"].toObject()[u"warnings"].toArray().size(), 1);
        const QJsonObject alpha = root[u"providers"].toArray()[0].toObject();
        QCOMPARE(alpha[u"breaker"].toObject()[u"state"].toString(), QStringLiteral("OPEN"));
        QCOMPARE(alpha[u"breaker"].toObject()[u"retryInMs"].toInteger(), 2500);
        QCOMPARE(alpha[u"firstByte"].toObject()[u"p50Ms"].toDouble(), 120.5);
        QVERIFY(alpha[u"firstByte"].toObject()[u"p95Ms"].isNull());
        QCOMPARE(alpha[u"firstByteHistogram"].toObject()[u"sumSeconds"].toDouble(), 1.5);
    }

    void notANumber()
    {
        EngineSnapshot snapshot;
        ProviderSnapshot provider;
        provider.score.value = std::numeric_limits<double>::quiet_NaN();
        snapshot.providers.push_back(provider);
        const QJsonObject root = parsed(snapshot);
        QVERIFY(root[u"providers"].toArray()[0].toObject()[u"score"].toObject()[u"value"].isNull());
    }

    void urlsLoseTheirSecrets()
    {
        EngineSnapshot snapshot;
        ProviderSnapshot provider;
        provider.baseUrl = QStringLiteral("https://user:hidden-password@example.test:8443/v1?key=hidden-key#hidden");
        snapshot.providers.push_back(provider);
        const QByteArray text = statusJson(snapshot);
        QVERIFY(!text.contains("hidden"));
        QVERIFY(!text.contains("user"));
        QVERIFY(text.contains("https://example.test:8443/v1"));
    }
};

QTEST_GUILESS_MAIN(TestStatusJson)
#include "tst_statusjson.moc"
