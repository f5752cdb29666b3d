// SPDX-License-Identifier: GPL-3.0-or-later
#include <QDir>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

#include <csignal>

namespace {

/// Generous: against a hang, not a measure.
constexpr int patience = 60'000;

/// It is up so far that SIGTERM is an order and not its death.
bool handlesTermination(const QProcess &process)
{
    QFile status(QStringLiteral("/proc/%1/status").arg(process.processId()));
    if (!status.open(QIODevice::ReadOnly))
        return false;
    for (const QByteArray &line : status.readAll().split('\n')) {
        if (line.startsWith("SigCgt:"))
            return line.sliced(7).trimmed().toULongLong(nullptr, 16) >> (SIGTERM - 1) & 1;
    }
    return false;
}

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
        QTRY_VERIFY_WITH_TIMEOUT(handlesTermination(process), patience);
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
    process->waitForStarted(patience); // before that it is a copy of this test, with its signal handlers
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
    QTRY_VERIFY_WITH_TIMEOUT(handlesTermination(*second), patience);
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
    QByteArray said;
    QTRY_VERIFY2_WITH_TIMEOUT((said += second->readAll()).contains("closed unexpectedly at about 2"), said.constData(),
                              patience);
    QTRY_VERIFY_WITH_TIMEOUT(handlesTermination(*second), patience);
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
