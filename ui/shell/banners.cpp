// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/banners.h"

#include "ui/models/alarmwords.h"
#include "ui/page/console.h"
#include "ui/shell/banner.h"
#include "ui/shell/proxyactions.h"
#include "ui/style/format.h"

#include <QAction>
#include <QDesktopServices>
#include <QUrl>
#include <QVBoxLayout>

namespace signalbox {

Banners::Banners(Console &console, const ProxyActions &actions, QWidget *parent) : QWidget(parent), m_console(console)
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    m_listen = add("listenBanner", true);
    m_stopped = add("stoppedBanner", false);
    m_stale = add("staleBanner", false);
    m_config = add("configBanner", false);
    m_failure = add("failureBanner", false);
    m_listen->addButton(actions.useNextPort());
    m_listen->addButton(actions.retry());
    auto *place = new QAction(tr("Another &place…"), this);
    place->setObjectName(QStringLiteral("listenElsewhere"));
    connect(place, &QAction::triggered, this, [this] {
        PageTarget target;
        target.page = PageId::Settings;
        target.item = QStringLiteral("proxy");
        m_console.open(target);
    });
    m_listen->addButton(place);
    m_stopped->addButton(actions.startStop());
    m_crash = add("crashBanner", false);
    QAction *readAgain = makeAction(tr("&Retry"), "readAgain");
    connect(readAgain, &QAction::triggered, this, [this] {
        m_console.refresh();
        showAge();
    });
    m_stale->addButton(readAgain);
    QAction *dismiss = makeAction(tr("&Dismiss"), "dismissFailure");
    connect(dismiss, &QAction::triggered, this, [this] { showFailure({}); });
    m_failure->addButton(dismiss);
    QAction *openFolder = makeAction(tr("Open &log folder"), "openLogFolder");
    connect(openFolder, &QAction::triggered, this,
            [this] { QDesktopServices::openUrl(QUrl::fromLocalFile(m_crashFolder)); });
    m_crash->addButton(openFolder);
    QAction *forget = makeAction(tr("&Dismiss"), "dismissCrash");
    connect(forget, &QAction::triggered, this, [this] { m_crash->setText({}); });
    m_crash->addButton(forget);
}

QAction *Banners::makeAction(const QString &text, const char *objectName)
{
    auto *action = new QAction(text, this);
    action->setObjectName(QLatin1String(objectName));
    return action;
}

Banner *Banners::add(const char *objectName, bool critical)
{
    auto *banner = new Banner(m_console.appearance(), critical ? LampShape::Square : LampShape::Triangle, this);
    banner->setObjectName(QLatin1String(objectName));
    layout()->addWidget(banner);
    return banner;
}

void Banners::refresh()
{
    const EngineSnapshot &snapshot = *m_console.snapshot();
    m_listen->setText(snapshot.listener.state == ListenState::Failed ? snapshot.listener.error : QString());
    m_stopped->setText(snapshot.listener.state == ListenState::Stopped
                           ? tr("The proxy is stopped: tools cannot reach any provider.")
                           : QString());
    QString config;
    if (!snapshot.configProblem.isEmpty())
        config = tr("The changed configuration is not in use: %1").arg(snapshot.configProblem);
    else if (!snapshot.configWarnings.isEmpty())
        config = snapshot.configWarnings.join(QLatin1Char('\n'));
    m_config->setText(config);
}

void Banners::showAge()
{
    const DataAge &age = m_console.age();
    m_stale->setText(age.isStale()
                         ? tr("The engine does not answer. These are the figures of %1, %2 ago.")
                               .arg(m_console.snapshot()->takenAt.toLocalTime().toString(QStringLiteral("HH:mm:ss")),
                                    formatSpan(age.age()))
                         : QString());
}

void Banners::showCrash(const QDateTime &at, const QString &folder)
{
    m_crashFolder = folder;
    m_crash->setText(tr("Signalbox closed unexpectedly at about %1. What it recorded until then is in %2.")
                         .arg(clockText(at, QDateTime::currentDateTime()), folder));
}

void Banners::showFailure(const QString &reason)
{
    m_failure->setText(reason);
}

} // namespace signalbox
