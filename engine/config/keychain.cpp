// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/config/keychain.h"

#include <qt6keychain/keychain.h>

#include <QObject>
#include <QPointer>
#include <QThread>

namespace signalbox {

namespace {

const QString service = QStringLiteral("signalbox");

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
    SystemKeychain()
    {
        m_thread.setObjectName(QStringLiteral("keychain"));
        m_home.moveToThread(&m_thread);
        m_thread.start();
    }
    ~SystemKeychain() override
    {
        m_thread.quit();
        m_thread.wait();
    }

    void read(const QString &entry, QObject *context, std::function<void(Result<Secret>)> done) override
    {
        auto *job = new QKeychain::ReadPasswordJob(service);
        launch(job, entry, context, [job, done = std::move(done)] {
            const bool good = job->error() == QKeychain::NoError;
            return [result = good ? Result<Secret>(Secret(job->textData().toUtf8()))
                                  : Result<Secret>(Error { explain(*job), {} }),
                    done] { done(result); };
        });
    }

    void write(const QString &entry, const Secret &secret, QObject *context, std::function<void(Status)> done) override
    {
        auto *job = new QKeychain::WritePasswordJob(service);
        job->setTextData(QString::fromUtf8(secret.reveal()));
        launch(job, entry, context, [job, done = std::move(done)] {
            const bool good = job->error() == QKeychain::NoError;
            return [result = good ? ok() : Status(Error { explain(*job), {} }), done] { done(result); };
        });
    }

private:
    /// `finish` runs on the keychain's thread and gives what to run on the context's.
    template <typename Finish> void launch(QKeychain::Job *job, const QString &entry, QObject *context, Finish finish)
    {
        job->setKey(entry);
        job->moveToThread(&m_thread);
        QObject::connect(job, &QKeychain::Job::finished, &m_home,
                         [target = QPointer<QObject>(context), finish = std::move(finish)] {
                             if (target)
                                 QMetaObject::invokeMethod(target, finish());
                         });
        QMetaObject::invokeMethod(
            job, [job] { job->start(); }, Qt::QueuedConnection);
    }

    QThread m_thread;
    QObject m_home;
};

} // namespace

std::shared_ptr<Keychain> makeSystemKeychain()
{
    return std::make_shared<SystemKeychain>();
}

} // namespace signalbox
