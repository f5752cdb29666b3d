// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/config/keychain.h"

#include <qt6keychain/keychain.h>

#include <QObject>
#include <QPointer>
#include <QThread>

namespace signalbox {

namespace {

constexpr unsigned long longestGoodbyeMs = 1000;

QString serviceName()
{
    return QStringLiteral("signalbox");
}

QString explain(const QKeychain::Job &job)
{
    if (job.error() == QKeychain::EntryNotFound)
        return QStringLiteral("the keyring has no such entry");
    return QStringLiteral("the keyring cannot be used (%1); without a keyring use {\"env\"} or {\"file\"}")
        .arg(job.errorString());
}

class SystemKeychain final : public Keychain
{
public:
    SystemKeychain() : m_thread(new QThread), m_jobs(new QObject)
    {
        m_thread->setObjectName(QStringLiteral("keychain"));
        m_jobs->moveToThread(m_thread);
        QObject::connect(m_thread, &QThread::finished, m_jobs, &QObject::deleteLater);
        m_thread->start();
    }

    ~SystemKeychain() override
    {
        m_thread->quit();
        // A thread that hangs in a D-Bus call is left behind: the process must be able to end.
        if (m_thread->wait(longestGoodbyeMs))
            delete m_thread;
    }

    void read(const QString &entry, QObject *context, std::function<void(Result<Secret>)> done) override
    {
        auto *job = new QKeychain::ReadPasswordJob(serviceName());
        launch(job, entry, context, [job, done = std::move(done)] {
            const bool good = job->error() == QKeychain::NoError;
            return [result = good ? Result<Secret>(Secret(job->textData().toUtf8()))
                                  : Result<Secret>(Error { explain(*job), {} }),
                    done] { done(result); };
        });
    }

    void write(const QString &entry, const Secret &secret, QObject *context, std::function<void(Status)> done) override
    {
        auto *job = new QKeychain::WritePasswordJob(serviceName());
        job->setTextData(QString::fromUtf8(secret.reveal()));
        launch(job, entry, context, [job, done = std::move(done)] {
            const bool good = job->error() == QKeychain::NoError;
            return [result = good ? ok() : Status(Error { explain(*job), {} }), done] { done(result); };
        });
    }

    void remove(const QString &entry, QObject *context, std::function<void(Status)> done) override
    {
        auto *job = new QKeychain::DeletePasswordJob(serviceName());
        launch(job, entry, context, [job, done = std::move(done)] {
            const bool good = job->error() == QKeychain::NoError || job->error() == QKeychain::EntryNotFound;
            return [result = good ? ok() : Status(Error { explain(*job), {} }), done] { done(result); };
        });
    }

private:
    /// `finish` runs on the keychain's thread and gives what to run on the caller's.
    template <typename Finish> void launch(QKeychain::Job *job, const QString &entry, QObject *context, Finish finish)
    {
        // The answer is posted to an object of this thread, and only here it is asked whether the context still lives.
        const std::shared_ptr<QObject> answers = m_answers;
        const QPointer<QObject> target(context);
        job->setKey(entry);
        job->moveToThread(m_thread);
        QObject::connect(job, &QKeychain::Job::finished, m_jobs, [answers, target, finish = std::move(finish)] {
            QMetaObject::invokeMethod(
                answers.get(),
                [target, report = finish()] {
                    if (target)
                        report();
                },
                Qt::QueuedConnection);
        });
        QMetaObject::invokeMethod(
            job, [job] { job->start(); }, Qt::QueuedConnection);
    }

    QThread *m_thread;
    QObject *m_jobs; ///< lives on m_thread
    std::shared_ptr<QObject> m_answers { std::make_shared<QObject>() };
};

} // namespace

std::shared_ptr<Keychain> makeSystemKeychain()
{
    return std::make_shared<SystemKeychain>();
}

} // namespace signalbox
