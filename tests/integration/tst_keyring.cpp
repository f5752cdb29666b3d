// SPDX-License-Identifier: GPL-3.0-or-later
// {"keychain": ...} with a real keyring on a real bus, and without one.
#include "engine/config/keychain.h"
#include "tests/support/scene.h"
#include "tests/support/sessionkeyring.h"

#include <QTest>

using namespace signalbox;
using namespace signalbox::test;
using namespace Qt::Literals::StringLiterals;

namespace {

const QByteArray storedKey = "sk-ring-5e4d3c2b1a0f99887766";

/// alpha's key is in the keyring, beta needs none.
struct RingScene : Scene
{
    explicit RingScene(const SessionKeyring &ring, const QString &entry = u"alpha"_s) : Scene(healthy("alpha"))
    {
        proxy.environment().insert(u"DBUS_SESSION_BUS_ADDRESS"_s, QString::fromLocal8Bit(ring.busAddress()));
        proxy.addSecret(storedKey);
        proxy.provider(u"alpha"_s, u"openai"_s, alpha.baseUrl(u"/v1"_s), {},
                       { { u"key"_s, QJsonObject { { u"keychain"_s, entry } } } });
        proxy.provider(u"beta"_s, u"openai"_s, beta.baseUrl(u"/v1"_s), {});
    }

    QString problem() const { return proxy.providerStatus(u"alpha"_s).value(u"keyProblem"_s).toString(); }
    bool hasKey() const { return !proxy.providerStatus(u"alpha"_s).value(u"keyMissing"_s).toBool(); }
};

} // namespace

class TestKeyring : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void storedKeyIsUsed();
    void missingEntryIsNamed();
    void keyIsStored();
    void busWithoutKeyringIsExplained();
    void noBusIsExplained();

private:
    void compareExplained(RingScene &scene);

    SessionKeyring m_ring;
};

void TestKeyring::initTestCase()
{
    QVERIFY2(m_ring.startBus(), qPrintable(m_ring.problem()));
    QVERIFY2(m_ring.startKeyring(), qPrintable(m_ring.problem()));
    QVERIFY(m_ring.store(u"alpha"_s, storedKey));
    qputenv("DBUS_SESSION_BUS_ADDRESS", m_ring.busAddress());
}

void TestKeyring::storedKeyIsUsed()
{
    RingScene scene(m_ring);
    QVERIFY(scene.proxy.start());
    QVERIFY2(waitUntil([&] { return scene.hasKey(); }), qPrintable(scene.problem()));
    QCOMPARE(scene.problem(), QString());
    QCOMPARE(scene.chat().header("x-signalbox-provider"), QByteArray("alpha"));
    QCOMPARE(scene.alpha.requests("POST").front().head.headers.value("authorization"), "Bearer " + storedKey);
}

void TestKeyring::missingEntryIsNamed()
{
    RingScene scene(m_ring, u"nobody"_s);
    QVERIFY(scene.proxy.start());
    QVERIFY(waitUntil([&] { return scene.problem().contains(u"no such entry"_s); }));
    QCOMPARE(scene.chat().header("x-signalbox-provider"), QByteArray("beta"));
}

void TestKeyring::keyIsStored()
{
    const QByteArray key = "sk-typed-00aa11bb22cc33dd44ee";
    const std::shared_ptr<Keychain> keychain = makeSystemKeychain();
    std::optional<Status> written;
    keychain->write(u"typed"_s, Secret(key), this, [&](const Status &status) { written = status; });
    QTRY_VERIFY_WITH_TIMEOUT(written.has_value(), 20000);
    QVERIFY2(*written, *written ? "" : qPrintable(written->error().reason));
    QCOMPARE(m_ring.lookup(u"typed"_s), key);
    std::optional<Result<Secret>> read;
    keychain->read(u"typed"_s, this, [&](const Result<Secret> &secret) { read = secret; });
    QTRY_VERIFY_WITH_TIMEOUT(read.has_value(), 20000);
    QVERIFY(*read);
    QVERIFY(read->value().matches(key));
}

/// The other provider serves, and the message tells what to do instead.
void TestKeyring::compareExplained(RingScene &scene)
{
    QVERIFY(scene.proxy.start());
    QVERIFY(waitUntil([&] { return scene.problem().contains(u"keyring"_s); }));
    QVERIFY2(scene.problem().contains(u"{\"env\"}"_s) && scene.problem().contains(u"{\"file\"}"_s),
             qPrintable(scene.problem()));
    QCOMPARE(scene.chat().header("x-signalbox-provider"), QByteArray("beta"));
    const Answer pinned = scene.ask(postJson("/providers/alpha/v1/chat/completions", payload::chat()));
    QCOMPARE(pinned.status(), 503);
    QVERIFY2(pinned.body.contains("keyring"), pinned.body.constData());
}

void TestKeyring::busWithoutKeyringIsExplained()
{
    SessionKeyring empty;
    QVERIFY2(empty.startBus(), qPrintable(empty.problem()));
    RingScene scene(empty);
    compareExplained(scene);
}

void TestKeyring::noBusIsExplained()
{
    const SessionKeyring none;
    RingScene scene(none);
    compareExplained(scene);
}

QTEST_GUILESS_MAIN(TestKeyring)
#include "tst_keyring.moc"
