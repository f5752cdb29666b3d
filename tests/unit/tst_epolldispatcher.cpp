// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/eventthread.h"

#include <QBasicTimer>
#include <QElapsedTimer>
#include <QSemaphore>
#include <QSocketNotifier>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>
#include <QThread>
#include <QTimer>
#include <QTimerEvent>

#include <memory>
#include <sys/socket.h>
#include <unistd.h>

using namespace signalbox;
using namespace signalbox::test;

namespace {

/// Both ends of a connected pair.
struct Pair
{
    Pair()
    {
        if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends) != 0)
            qFatal("socketpair");
    }
    ~Pair() { closeBoth(); }
    void closeBoth()
    {
        for (int &end : ends) {
            if (end >= 0)
                ::close(end);
            end = -1;
        }
    }
    Pair(const Pair &) = delete;
    Pair &operator=(const Pair &) = delete;
    int ends[2] { -1, -1 };
};

class TimedObject : public QObject
{
    Q_OBJECT

public:
    explicit TimedObject(QSemaphore &told) : m_told(told) { }
    QBasicTimer timer;
    std::vector<qint64> at;
    QElapsedTimer clock;

protected:
    void timerEvent(QTimerEvent *event) override
    {
        if (event->timerId() != timer.timerId())
            return;
        at.push_back(clock.elapsed());
        m_told.release();
    }

private:
    QSemaphore &m_told;
};

constexpr int patience = 20'000;

} // namespace

class TestEpollDispatcher : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anotherThreadsPostWakesIt();
    void ownPostsAreSentBeforeItSleeps();
    void timersFireInOrderOfTheirTime();
    void aRepeatingTimerGoesOnUntilItIsStopped();
    void aTimerThatAnotherOneStopsDoesNotFire();
    void aZeroTimerLetsSocketsHaveTheirTurn();
    void remainingTimeCountsDown();
    void aReaderIsToldOfDataAndOfTheEnd();
    void aDisabledReaderIsNotTold();
    void aNumberThatIsGivenOutAgainIsWatchedAgain();
    void aNotifierThatItsNeighbourDeletesIsNotTold();
    void objectsMoveBetweenThreadsWithTheirTimers();
    void tcpSocketsTalk();
    void quitEndsAnIdleThread();
};

void TestEpollDispatcher::anotherThreadsPostWakesIt()
{
    EventThread runner;
    for (int i = 0; i < 1000; ++i) {
        QSemaphore told;
        QMetaObject::invokeMethod(
            runner.home(), [&] { told.release(); }, Qt::QueuedConnection);
        QVERIFY(told.tryAcquire(1, patience));
    }
}

void TestEpollDispatcher::ownPostsAreSentBeforeItSleeps()
{
    EventThread runner;
    QSemaphore told;
    runner.run([&] {
        QMetaObject::invokeMethod(
            runner.home(),
            [&] {
                auto *object = new QObject;
                QObject::connect(object, &QObject::destroyed, runner.home(), [&] { told.release(); });
                object->deleteLater();
                QMetaObject::invokeMethod(
                    runner.home(), [&] { told.release(); }, Qt::QueuedConnection);
            },
            Qt::QueuedConnection);
    });
    QVERIFY(told.tryAcquire(2, patience));
}

void TestEpollDispatcher::timersFireInOrderOfTheirTime()
{
    EventThread runner;
    QSemaphore told;
    std::vector<int> order;
    runner.run([&] {
        for (const int ms : { 60, 20, 40, 0 }) {
            QTimer::singleShot(ms, Qt::PreciseTimer, runner.home(), [&, ms] {
                order.push_back(ms);
                told.release();
            });
        }
    });
    QVERIFY(told.tryAcquire(4, patience));
    QCOMPARE(order, (std::vector { 0, 20, 40, 60 }));
}

void TestEpollDispatcher::aRepeatingTimerGoesOnUntilItIsStopped()
{
    EventThread runner;
    QSemaphore told;
    TimedObject object(told);
    object.moveToThread(runner.thread());
    runner.run([&] {
        object.clock.start();
        object.timer.start(10, Qt::PreciseTimer, &object);
    });
    QVERIFY(told.tryAcquire(5, patience));
    std::size_t fired = 0;
    runner.run([&] {
        object.timer.stop();
        fired = object.at.size();
    });
    for (std::size_t i = 0; i < fired; ++i)
        QVERIFY2(object.at[i] >= static_cast<qint64>(10 * (i + 1)) - 1, "a timer fired too early");
    QTest::qWait(50);
    runner.run([&] { QCOMPARE(object.at.size(), fired); });
}

void TestEpollDispatcher::aTimerThatAnotherOneStopsDoesNotFire()
{
    EventThread runner;
    QSemaphore told;
    int fired = 0;
    std::unique_ptr<QTimer> first;
    std::unique_ptr<QTimer> second;
    runner.run([&] {
        first = std::make_unique<QTimer>();
        second = std::make_unique<QTimer>();
        for (QTimer *timer : { first.get(), second.get() }) {
            timer->setSingleShot(true);
            QTimer *other = timer == first.get() ? second.get() : first.get();
            QObject::connect(timer, &QTimer::timeout, timer, [&, other] {
                ++fired;
                other->stop();
                told.release();
            });
            timer->start(5);
        }
        QThread::msleep(20); // both are due in the same round
    });
    QVERIFY(told.tryAcquire(1, patience));
    QTest::qWait(30);
    runner.run([&] {
        QCOMPARE(fired, 1);
        first.reset();
        second.reset();
    });
}

void TestEpollDispatcher::aZeroTimerLetsSocketsHaveTheirTurn()
{
    EventThread runner;
    Pair pair;
    QSemaphore told;
    std::unique_ptr<QTimer> timer;
    std::unique_ptr<QSocketNotifier> reader;
    runner.run([&] {
        timer = std::make_unique<QTimer>();
        timer->start(0);
        reader = std::make_unique<QSocketNotifier>(pair.ends[0], QSocketNotifier::Read);
        QObject::connect(reader.get(), &QSocketNotifier::activated, reader.get(), [&] {
            reader->setEnabled(false);
            told.release();
        });
    });
    QCOMPARE(::write(pair.ends[1], "x", 1), 1);
    QVERIFY(told.tryAcquire(1, patience));
    runner.run([&] {
        timer.reset();
        reader.reset();
    });
}

void TestEpollDispatcher::remainingTimeCountsDown()
{
    EventThread runner;
    runner.run([&] {
        QTimer timer;
        timer.start(60'000);
        QVERIFY(timer.remainingTime() > 50'000);
        QVERIFY(timer.remainingTime() <= 60'000);
        timer.stop();
        QCOMPARE(timer.remainingTime(), -1);
    });
}

void TestEpollDispatcher::aReaderIsToldOfDataAndOfTheEnd()
{
    EventThread runner;
    Pair pair;
    QSemaphore data;
    QSemaphore end;
    std::unique_ptr<QSocketNotifier> reader;
    runner.run([&] {
        reader = std::make_unique<QSocketNotifier>(pair.ends[0], QSocketNotifier::Read);
        QObject::connect(reader.get(), &QSocketNotifier::activated, reader.get(), [&] {
            char byte = 0;
            if (::read(pair.ends[0], &byte, 1) == 1)
                return data.release();
            reader->setEnabled(false);
            end.release();
        });
    });
    QCOMPARE(::write(pair.ends[1], "abc", 3), 3);
    QVERIFY(data.tryAcquire(3, patience));
    ::close(std::exchange(pair.ends[1], -1));
    QVERIFY(end.tryAcquire(1, patience));
    runner.run([&] { reader.reset(); });
}

void TestEpollDispatcher::aDisabledReaderIsNotTold()
{
    EventThread runner;
    Pair pair;
    QSemaphore told;
    std::unique_ptr<QSocketNotifier> reader;
    runner.run([&] {
        reader = std::make_unique<QSocketNotifier>(pair.ends[0], QSocketNotifier::Read);
        QObject::connect(reader.get(), &QSocketNotifier::activated, reader.get(), [&] {
            reader->setEnabled(false);
            told.release();
        });
        reader->setEnabled(false);
    });
    QCOMPARE(::write(pair.ends[1], "x", 1), 1);
    QVERIFY(!told.tryAcquire(1, 50));
    runner.run([&] { reader->setEnabled(true); });
    QVERIFY(told.tryAcquire(1, patience));
    runner.run([&] { reader.reset(); });
}

void TestEpollDispatcher::aNumberThatIsGivenOutAgainIsWatchedAgain()
{
    EventThread runner;
    QSemaphore told;
    Pair pair;
    std::unique_ptr<QSocketNotifier> reader;
    const auto watch = [&] {
        reader = std::make_unique<QSocketNotifier>(pair.ends[0], QSocketNotifier::Read);
        QObject::connect(reader.get(), &QSocketNotifier::activated, reader.get(), [&] {
            reader->setEnabled(false);
            told.release();
        });
    };
    runner.run(watch);
    const int before = pair.ends[0];
    // In one go, so that the dispatcher does not come round between the old descriptor and the new one.
    runner.run([&] {
        reader.reset();
        pair.closeBoth();
        QCOMPARE(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair.ends), 0);
        watch();
    });
    QCOMPARE(pair.ends[0], before);
    QCOMPARE(::write(pair.ends[1], "x", 1), 1);
    QVERIFY(told.tryAcquire(1, patience));
    runner.run([&] { reader.reset(); });
}

void TestEpollDispatcher::aNotifierThatItsNeighbourDeletesIsNotTold()
{
    EventThread runner;
    Pair one;
    Pair two;
    QSemaphore told;
    int calls = 0;
    std::unique_ptr<QSocketNotifier> first;
    std::unique_ptr<QSocketNotifier> second;
    runner.run([&] {
        first = std::make_unique<QSocketNotifier>(one.ends[0], QSocketNotifier::Read);
        second = std::make_unique<QSocketNotifier>(two.ends[0], QSocketNotifier::Read);
        const auto deleteOther = [&](std::unique_ptr<QSocketNotifier> &own, std::unique_ptr<QSocketNotifier> &other) {
            return [&] {
                ++calls;
                own->setEnabled(false);
                other.reset();
                told.release();
            };
        };
        QObject::connect(first.get(), &QSocketNotifier::activated, first.get(), deleteOther(first, second));
        QObject::connect(second.get(), &QSocketNotifier::activated, second.get(), deleteOther(second, first));
        QCOMPARE(::write(one.ends[1], "x", 1), 1);
        QCOMPARE(::write(two.ends[1], "x", 1), 1);
    });
    QVERIFY(told.tryAcquire(1, patience));
    QTest::qWait(20);
    runner.run([&] {
        QCOMPARE(calls, 1);
        first.reset();
        second.reset();
    });
}

void TestEpollDispatcher::objectsMoveBetweenThreadsWithTheirTimers()
{
    EventThread runner;
    QSemaphore told;
    TimedObject object(told);
    object.clock.start();
    object.timer.start(5, &object);
    object.moveToThread(runner.thread());
    QVERIFY(told.tryAcquire(3, patience));
    runner.run([&] { object.timer.stop(); });
}

void TestEpollDispatcher::tcpSocketsTalk()
{
    EventThread runner;
    QSemaphore ended;
    std::unique_ptr<QTcpServer> server;
    std::unique_ptr<QTcpSocket> client;
    QByteArray echoed;
    const QByteArray message(1 << 20, 'm');
    runner.run([&] {
        server = std::make_unique<QTcpServer>();
        QVERIFY(server->listen(QHostAddress::LocalHost));
        QObject::connect(server.get(), &QTcpServer::newConnection, server.get(), [&] {
            QTcpSocket *socket = server->nextPendingConnection();
            QObject::connect(socket, &QTcpSocket::readyRead, socket, [socket] { socket->write(socket->readAll()); });
        });
        client = std::make_unique<QTcpSocket>();
        QObject::connect(client.get(), &QTcpSocket::readyRead, client.get(), [&] {
            echoed += client->readAll();
            if (echoed.size() == message.size())
                client->disconnectFromHost();
        });
        QObject::connect(client.get(), &QTcpSocket::disconnected, client.get(), [&] { ended.release(); });
        client->connectToHost(QHostAddress::LocalHost, server->serverPort());
        client->write(message);
    });
    QVERIFY(ended.tryAcquire(1, patience));
    QCOMPARE(echoed, message);
    runner.run([&] {
        client.reset();
        server.reset();
    });
}

void TestEpollDispatcher::quitEndsAnIdleThread()
{
    for (int i = 0; i < 100; ++i) {
        QThread thread;
        thread.setEventDispatcher(new EpollDispatcher);
        thread.start();
        thread.quit();
        QVERIFY(thread.wait(patience));
    }
}

QTEST_GUILESS_MAIN(TestEpollDispatcher)
#include "tst_epolldispatcher.moc"
