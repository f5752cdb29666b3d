// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/dialect/clientkind.h"

#include <QTest>

using namespace signalbox;

class ClientKindTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void agentsAreKnown_data();
    void agentsAreKnown();
    void sessionsAreHashed();
};

void ClientKindTest::agentsAreKnown_data()
{
    QTest::addColumn<QByteArray>("agent");
    QTest::addColumn<QByteArray>("kind");
    QTest::newRow("claude") << QByteArray("claude-cli/2.0.14 (external, cli)") << QByteArray("claude-code");
    QTest::newRow("codex") << QByteArray("codex_cli_rs/0.46.0 (Debian 12; x86_64)") << QByteArray("codex");
    QTest::newRow("openai js") << QByteArray("OpenAI/JS 5.23.0") << QByteArray("openai-js");
    QTest::newRow("anthropic py") << QByteArray("Anthropic/Python 0.70.0") << QByteArray("anthropic-python");
    QTest::newRow("curl") << QByteArray("curl/7.88.1") << QByteArray("curl");
    QTest::newRow("strange") << QByteArray("\"}{ bad\\label") << QByteArray("other");
    QTest::newRow("none") << QByteArray() << QByteArray("unknown");
}

void ClientKindTest::agentsAreKnown()
{
    QFETCH(QByteArray, agent);
    HeaderList headers;
    if (!agent.isEmpty())
        headers.append("User-Agent", agent);
    QTEST(clientKind(headers), "kind");
}

void ClientKindTest::sessionsAreHashed()
{
    QVERIFY(sessionKey({}).isEmpty());
    HeaderList headers;
    headers.append("Session_Id", "abc");
    const QByteArray key = sessionKey(headers);
    QCOMPARE(key.size(), 12);
    QCOMPARE(sessionKey({}, "abc"), key);
    QVERIFY(sessionKey({}, "abd") != key);
    headers.append("X-Claude-Code-Session-Id", "other");
    QVERIFY(sessionKey(headers) != key);
}

QTEST_GUILESS_MAIN(ClientKindTest)
#include "tst_dialect_clientkind.moc"
