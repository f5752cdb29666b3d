// SPDX-License-Identifier: GPL-3.0-or-later
#include <QDir>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

#include <csignal>

namespace {

/// Generous: against a hang, not a measure.
constexpr int patience = 30'000;

} // namespace

/// The real program, twice.
class TestSingleInstance : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void theSecondHandsOverAndEnds();
    void anotherConfigurationIsAnotherConsole();
    void newInstanceRunsBeside();
    void aKilledOneLeavesThePlace();
    void takesTheOptionsOfQt();

private:
    std::unique_ptr<QProcess> start(const QStringList &more = {}, const QString &config = QStringLiteral("a.json"));
    QStringList sockets() const
    {
        return QDir(m_home->filePath(QStringLiteral("run"))).entryList({ QStringLiteral("*.socket") }, QDir::System);
    }
    static void end(QProcess &process)
    {
        process.terminate();
        QVERIFY(process.waitForFinished(patience));
        QCOMPARE(process.exitStatus(), QProcess::NormalExit);
        QCOMPARE(process.exitCode(), 0);
    }

    std::unique_ptr<QTemporaryDir> m_home;
};

void TestSingleInstance::init()
{
    m_home = std::make_unique<QTemporaryDir>();
    QVERIFY(QDir(m_home->path()).mkdir(QStringLiteral("run")));
    QFile::setPermissions(m_home->filePath(QStringLiteral("run")),
                          QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
}

std::unique_ptr<QProcess> TestSingleInstance::start(const QStringList &more, const QString &config)
{
    auto process = std::make_unique<QProcess>();
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("HOME"), m_home->path());
    environment.insert(QStringLiteral("XDG_RUNTIME_DIR"), m_home->filePath(QStringLiteral("run")));
    for (const char *variable : { "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME" })
        environment.insert(QLatin1String(variable), m_home->filePath(QLatin1String(variable)));
    environment.remove(QStringLiteral("DBUS_SESSION_BUS_ADDRESS"));
    process->setProcessEnvironment(environment);
    process->setProcessChannelMode(QProcess::MergedChannels);
    process->start(QStringLiteral(SIGNALBOX_PROGRAM),
                   QStringList { QStringLiteral("--demo"), QStringLiteral("--port"), QStringLiteral("0"),
                                 QStringLiteral("--config"), m_home->filePath(config) } +
                       more);
    return process;
}

void TestSingleInstance::theSecondHandsOverAndEnds()
{
    const auto first = start();
    QTRY_COMPARE_WITH_TIMEOUT(sockets().size(), 1, patience);
    const auto second = start({ QStringLiteral("--open"), QStringLiteral("thresholds") });
    QVERIFY(second->waitForFinished(patience));
    QCOMPARE(second->exitCode(), 0);
    QCOMPARE(first->state(), QProcess::Running);
    end(*first);
    // An orderly end leaves nothing that a later start could take for a crash.
    QVERIFY(QDir(m_home->filePath(QStringLiteral("run"))).entryList({ QStringLiteral("*.lock") }).isEmpty());
}

void TestSingleInstance::anotherConfigurationIsAnotherConsole()
{
    const auto first = start();
    QTRY_COMPARE_WITH_TIMEOUT(sockets().size(), 1, patience);
    const auto second = start({}, QStringLiteral("b.json"));
    QTRY_COMPARE_WITH_TIMEOUT(sockets().size(), 2, patience);
    QCOMPARE(second->state(), QProcess::Running);
    end(*second);
    end(*first);
}

void TestSingleInstance::newInstanceRunsBeside()
{
    const auto first = start();
    QTRY_COMPARE_WITH_TIMEOUT(sockets().size(), 1, patience);
    const auto second = start({ QStringLiteral("--new-instance") });
    QVERIFY(!second->waitForFinished(3000));
    QCOMPARE(second->state(), QProcess::Running);
    end(*second);
    end(*first);
}

void TestSingleInstance::aKilledOneLeavesThePlace()
{
    const auto first = start();
    QTRY_COMPARE_WITH_TIMEOUT(sockets().size(), 1, patience);
    first->kill();
    QVERIFY(first->waitForFinished(patience));
    const auto second = start();
    QVERIFY(!second->waitForFinished(3000));
    const QByteArray said = second->readAll();
    QVERIFY2(said.contains("closed unexpectedly at about 2"), said.constData());
    const auto third = start();
    QVERIFY(third->waitForFinished(patience));
    QCOMPARE(third->exitCode(), 0);
    end(*second);
}

void TestSingleInstance::takesTheOptionsOfQt()
{
    const auto console = start({ QStringLiteral("-reverse"), QStringLiteral("-style"), QStringLiteral("fusion") });
    QTRY_COMPARE_WITH_TIMEOUT(sockets().size(), 1, patience);
    end(*console);
    QVERIFY(!console->readAll().contains("closed unexpectedly")); // there was none before
    const auto unknown = start({ QStringLiteral("--revers") });
    QVERIFY(unknown->waitForFinished(patience));
    QCOMPARE(unknown->exitCode(), 2);
}

QTEST_GUILESS_MAIN(TestSingleInstance)
#include "tst_singleinstance.moc"
