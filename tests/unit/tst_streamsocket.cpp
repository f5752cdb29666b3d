// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/transport/streamsocket.h"
#include "tests/support/eventthread.h"

#include <QDeadlineTimer>
#include <QTest>

#include <array>
#include <cerrno>
#include <memory>

#include <sys/socket.h>
#include <unistd.h>

using namespace signalbox;
using namespace signalbox::test;

namespace {

constexpr int patience = 10'000;

struct Told final : Wire::Listener
{
    void wireReadable() override { ++readable; }
    void wireWritten() override { ++written; }
    void wireEnded() override { ++ended; }

    int readable = 0;
    int written = 0;
    int ended = 0;
};

/// A StreamSocket and the bare other end of its connection.
struct Line
{
    Line()
    {
        std::array<int, 2> ends {};
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.data()) != 0)
            qFatal("socketpair");
        ours = std::make_unique<StreamSocket>(ends[0]);
        ours->setListener(&told);
        theirs = ends[1];
    }
    ~Line() { hangUp(); }
    Q_DISABLE_COPY_MOVE(Line)

    void hangUp()
    {
        if (theirs >= 0)
            ::close(std::exchange(theirs, -1));
    }
    void say(const QByteArray &text) const { QCOMPARE(::write(theirs, text.constData(), text.size()), text.size()); }
    QByteArray hear() const
    {
        QByteArray text(1 << 20, Qt::Uninitialized);
        text.resize(std::max<ssize_t>(::read(theirs, text.data(), text.size()), 0));
        return text;
    }
    bool seesEnd() const
    {
        char byte = 0;
        return ::read(theirs, &byte, 1) == 0;
    }
    QByteArray read(qsizetype size) const
    {
        QByteArray bytes(size, Qt::Uninitialized);
        bytes.resize(ours->read(bytes.data(), size));
        return bytes;
    }

    Told told;
    std::unique_ptr<StreamSocket> ours;
    int theirs = -1;
};

/// In an EventThread.
template <typename Condition> bool turnUntil(const Condition &condition)
{
    const QDeadlineTimer end(patience);
    while (!condition() && !end.hasExpired())
        QCoreApplication::processEvents();
    return condition();
}

/// Answers with what it is asked.
class Echo final : public Wire::Listener
{
public:
    explicit Echo(Line &line) : m_line(line) { line.ours->setListener(this); }
    ~Echo() override { m_line.ours->setListener(nullptr); }
    Q_DISABLE_COPY_MOVE(Echo)

    void wireReadable() override
    {
        m_line.ours->write(m_line.read(16));
        m_line.ours->flushSoon();
        waiting = m_line.ours->bytesToWrite();
    }
    void wireWritten() override { }
    void wireEnded() override { }

    qint64 waiting = -1; ///< of the answer; -1: not asked

private:
    Line &m_line;
};

/// More than any socket's buffer.
QByteArray large()
{
    QByteArray bytes(8 << 20, Qt::Uninitialized);
    for (qsizetype i = 0; i < bytes.size(); ++i)
        bytes[i] = static_cast<char>(i * 31 >> 4);
    return bytes;
}

} // namespace

class TestStreamSocket : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tellsOfBytesAndHasThem();
    void keepsSmallPiecesUntilFlush();
    void writesEverythingInOrder();
    void doesNotReadWhileSwitchedOff();
    void tellsTheEndOnceAndLater();
    void shutsDownAfterWriting();
    void closesAfterWriting();
    void readsOnWhenThePeerTakesNothing();
    void abortsWithoutWriting();
    void sendsAtTheEndOfTheRound_data();
    void sendsAtTheEndOfTheRound();
    void sendsAtOnceIfNothingElseWillCome();
};

void TestStreamSocket::tellsOfBytesAndHasThem()
{
    const Line line;
    line.say("abcdef");
    QTRY_VERIFY_WITH_TIMEOUT(line.told.readable > 0, patience);
    QCOMPARE(line.read(4), QByteArray("abcd"));
    QVERIFY(line.ours->hasMore());
    QCOMPARE(line.read(4), QByteArray("ef"));
    QVERIFY(!line.ours->hasMore());
    QCOMPARE(line.read(4), QByteArray());
    QVERIFY(line.ours->isOpen());
}

void TestStreamSocket::keepsSmallPiecesUntilFlush()
{
    const Line line;
    line.ours->write("head\r\n");
    line.ours->write("body");
    QCOMPARE(line.hear(), QByteArray());
    QCOMPARE(line.ours->bytesToWrite(), 10);
    line.ours->flush();
    QCOMPARE(line.hear(), QByteArray("head\r\nbody"));
    QCOMPARE(line.ours->bytesToWrite(), 0);
    QCOMPARE(line.ours->bytesWritten(), 10);
}

void TestStreamSocket::writesEverythingInOrder()
{
    const Line line;
    const QByteArray body = large();
    line.ours->write("small");
    line.ours->write(body);
    line.ours->write("last");
    line.ours->flush();
    QVERIFY(line.ours->bytesToWrite() > 0);
    QByteArray heard;
    const QByteArray whole = "small" + body + "last";
    QTRY_VERIFY_WITH_TIMEOUT((heard += line.hear()).size() >= whole.size(), patience);
    QVERIFY(heard == whole);
    QVERIFY(line.told.written > 0);
    QCOMPARE(line.ours->bytesToWrite(), 0);
    QCOMPARE(line.ours->bytesWritten(), whole.size());
}

void TestStreamSocket::doesNotReadWhileSwitchedOff()
{
    const Line line;
    line.ours->setReading(false);
    line.say("x");
    QCoreApplication::processEvents();
    QTest::qWait(20);
    QCOMPARE(line.told.readable, 0);
    line.ours->setReading(true);
    QTRY_VERIFY_WITH_TIMEOUT(line.told.readable > 0, patience);
}

void TestStreamSocket::tellsTheEndOnceAndLater()
{
    Line line;
    line.say("bye");
    line.hangUp();
    QTRY_VERIFY_WITH_TIMEOUT(line.told.readable > 0, patience);
    QCOMPARE(line.read(16), QByteArray("bye"));
    QVERIFY(line.ours->isOpen());
    QCOMPARE(line.read(16), QByteArray());
    QVERIFY(!line.ours->isOpen());
    QCOMPARE(line.told.ended, 0);
    line.ours->abort();
    QTRY_COMPARE_WITH_TIMEOUT(line.told.ended, 1, patience);
    QCoreApplication::processEvents();
    QCOMPARE(line.told.ended, 1);
    QVERIFY(!line.ours->hasFailed());
    QVERIFY(line.ours->errorText().isEmpty());
}

void TestStreamSocket::shutsDownAfterWriting()
{
    const Line line;
    const QByteArray body = large();
    line.ours->write(body);
    line.ours->shutdownWhenWritten();
    qsizetype heard = 0;
    QTRY_VERIFY_WITH_TIMEOUT((heard += line.hear().size()) == body.size(), patience);
    QTRY_VERIFY_WITH_TIMEOUT(line.seesEnd(), patience);
    QVERIFY(line.ours->isOpen());
    line.say("still here");
    QCOMPARE(line.read(64), QByteArray("still here"));
}

void TestStreamSocket::closesAfterWriting()
{
    const Line line;
    const QByteArray body = large();
    line.ours->write(body);
    line.ours->closeWhenWritten();
    QVERIFY(line.ours->isOpen());
    line.ours->write("too late");
    qsizetype heard = 0;
    QTRY_VERIFY_WITH_TIMEOUT((heard += line.hear().size()) == body.size(), patience);
    QTRY_COMPARE_WITH_TIMEOUT(line.told.ended, 1, patience);
    QVERIFY(line.seesEnd());
}

/// An answer that comes early, before its sender closes: the rest of the request fails, the answer must not be lost.
void TestStreamSocket::readsOnWhenThePeerTakesNothing()
{
    Line line;
    line.ours->setReading(false);
    line.say("413");
    line.hangUp();
    line.ours->write(large());
    line.ours->flush();
    QVERIFY(line.ours->isOpen());
    QCOMPARE(line.ours->bytesToWrite(), 0);
    QTRY_VERIFY_WITH_TIMEOUT(line.told.readable > 0, patience);
    QCOMPARE(line.read(16), QByteArray("413"));
    QCOMPARE(line.read(16), QByteArray());
    QTRY_COMPARE_WITH_TIMEOUT(line.told.ended, 1, patience);
    QVERIFY(line.ours->hasFailed());
    QVERIFY(!line.ours->errorText().isEmpty());
}

void TestStreamSocket::abortsWithoutWriting()
{
    const Line line;
    line.ours->write("never sent");
    line.ours->abort();
    QVERIFY(!line.ours->isOpen());
    QCOMPARE(line.told.ended, 0);
    QTRY_COMPARE_WITH_TIMEOUT(line.told.ended, 1, patience);
    QVERIFY(line.seesEnd());
}

void TestStreamSocket::sendsAtTheEndOfTheRound_data()
{
    QTest::addColumn<QByteArray>("then");
    for (const char *then : { "nothing", "flush", "abort", "close", "shutdown", "delete" })
        QTest::newRow(then) << QByteArray(then);
}

/// Once flushed it goes out, whatever becomes of the socket in the same round.
void TestStreamSocket::sendsAtTheEndOfTheRound()
{
    QFETCH(const QByteArray, then);
    EventThread thread;
    std::unique_ptr<Line> line;
    QByteArray heard;
    qint64 waiting = 0;
    thread.run([&] {
        line = std::make_unique<Line>();
        line->ours->write("answer");
        line->ours->flushSoon();
        waiting = line->ours->bytesToWrite();
        heard = line->hear();
        if (then == "flush")
            line->ours->flush();
        else if (then == "abort")
            line->ours->abort();
        else if (then == "close")
            line->ours->closeWhenWritten();
        else if (then == "shutdown")
            line->ours->shutdownWhenWritten();
        else if (then == "delete")
            line->ours.reset();
    });
    QCOMPARE(heard, QByteArray());
    QCOMPARE(waiting, 6);
    QTRY_COMPARE_WITH_TIMEOUT(heard += line->hear(), QByteArray("answer"), patience);
    if (then != "nothing" && then != "flush")
        QTRY_VERIFY_WITH_TIMEOUT(line->seesEnd(), patience);
    thread.run([&] { line.reset(); });
}

/// Of two that are asked in one round the answers go out together, and an answer alone does not wait.
void TestStreamSocket::sendsAtOnceIfNothingElseWillCome()
{
    EventThread thread;
    thread.run([] {
        std::array<Line, 2> lines;
        Echo first(lines[0]);
        lines[0].say("one");
        QVERIFY(turnUntil([&] { return first.waiting >= 0; }));
        QCOMPARE(first.waiting, 0);
        QCOMPARE(lines[0].hear(), QByteArray("one"));

        Echo second(lines[1]);
        first.waiting = -1;
        lines[0].say("two");
        lines[1].say("three");
        QVERIFY(turnUntil([&] { return first.waiting >= 0 && second.waiting >= 0; }));
        QVERIFY(first.waiting > 0 || second.waiting > 0);
        QCOMPARE(lines[0].hear(), QByteArray("two"));
        QCOMPARE(lines[1].hear(), QByteArray("three"));
    });
}

QTEST_GUILESS_MAIN(TestStreamSocket)
#include "tst_streamsocket.moc"
