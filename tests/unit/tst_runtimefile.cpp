// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/admin/runtimefile.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

#include <sys/stat.h>
#include <unistd.h>

using namespace signalbox;

namespace {

AdminAddress address()
{
    return { 4711, ::getpid(), Secret("token-0123456789abcdef") };
}

mode_t modeOf(const QString &path)
{
    struct stat info
    {
    };
    return ::lstat(QFile::encodeName(path).constData(), &info) == 0 ? info.st_mode & 07777 : 0;
}

void put(const QString &path, const QByteArray &content, mode_t mode = 0600)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(content), content.size());
    file.close();
    QCOMPARE(::chmod(QFile::encodeName(path).constData(), mode), 0);
}

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

/// The one file that holds the admin API's token.
class TestRuntimeFile : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_home = std::make_unique<QTemporaryDir>(); }
    void isPrivateAndGoesAway();
    void closesALooseDirectory();
    void refusesALinkAsDirectory();
    void refusesSomebodyElsesDirectory();
    void replacesALinkInsteadOfFollowingIt();
    void readsNoLooseFile();
    void readsNoLink();

private:
    QString directory() const { return m_home->filePath(QStringLiteral("signalbox")); }
    QString file() const { return directory() + QStringLiteral("/admin.json"); }
    QString outside() const { return m_home->filePath(QStringLiteral("outside")); }

    std::unique_ptr<QTemporaryDir> m_home;
};

void TestRuntimeFile::isPrivateAndGoesAway()
{
    {
        RuntimeFile runtime;
        QVERIFY(runtime.write(file(), address()));
        QCOMPARE(modeOf(directory()), mode_t(0700));
        QCOMPARE(modeOf(file()), mode_t(0600));
        const Result<AdminAddress> read = readAdminFile(file());
        QVERIFY(read);
        QCOMPARE(read.value().port, std::uint16_t(4711));
        QVERIFY(read.value().token.matches(address().token.reveal()));
    }
    QVERIFY(!QFileInfo::exists(file()));
}

void TestRuntimeFile::closesALooseDirectory()
{
    QVERIFY(QDir().mkpath(directory()));
    QCOMPARE(::chmod(QFile::encodeName(directory()).constData(), 0777), 0);
    RuntimeFile runtime;
    QVERIFY(runtime.write(file(), address()));
    QCOMPARE(modeOf(directory()), mode_t(0700));
}

void TestRuntimeFile::refusesALinkAsDirectory()
{
    QVERIFY(QDir().mkpath(outside()));
    QVERIFY(QFile::link(outside(), directory()));
    RuntimeFile runtime;
    const Status status = runtime.write(file(), address());
    QVERIFY(!status);
    QVERIFY(!status.error().reason.isEmpty());
    QVERIFY(QDir(outside()).isEmpty());
}

/// Root can give one away; to everybody else /usr is such a directory.
void TestRuntimeFile::refusesSomebodyElsesDirectory()
{
    QString theirs = QStringLiteral("/usr");
    if (::geteuid() == 0) {
        theirs = directory();
        QVERIFY(QDir().mkpath(theirs));
        QCOMPARE(::chown(QFile::encodeName(theirs).constData(), 12345, 12345), 0);
    }
    RuntimeFile runtime;
    QVERIFY(!runtime.write(theirs + QStringLiteral("/admin.json"), address()));
    QVERIFY(!QFileInfo::exists(theirs + QStringLiteral("/admin.json")));
}

void TestRuntimeFile::replacesALinkInsteadOfFollowingIt()
{
    QVERIFY(QDir().mkpath(directory()));
    put(outside(), "precious");
    QVERIFY(QFile::link(outside(), file()));
    RuntimeFile runtime;
    QVERIFY(runtime.write(file(), address()));
    QCOMPARE(contentOf(outside()), QByteArray("precious"));
    QVERIFY(!QFileInfo(file()).isSymLink());
    QVERIFY(readAdminFile(file()));
}

void TestRuntimeFile::readsNoLooseFile()
{
    RuntimeFile runtime;
    QVERIFY(runtime.write(file(), address()));
    for (const mode_t loose : { 0640, 0604, 0620, 0602 }) {
        QCOMPARE(::chmod(QFile::encodeName(file()).constData(), loose), 0);
        QVERIFY(!readAdminFile(file()));
    }
    QCOMPARE(::chmod(QFile::encodeName(file()).constData(), 0600), 0);
    QVERIFY(readAdminFile(file()));
}

void TestRuntimeFile::readsNoLink()
{
    RuntimeFile runtime;
    QVERIFY(runtime.write(file(), address()));
    const QString link = m_home->filePath(QStringLiteral("link.json"));
    QVERIFY(QFile::link(file(), link));
    QVERIFY(!readAdminFile(link));
}

QTEST_APPLESS_MAIN(TestRuntimeFile)
#include "tst_runtimefile.moc"
