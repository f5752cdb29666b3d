// SPDX-License-Identifier: GPL-3.0-or-later
// EngineCore: a configuration that was loaded becomes the one that runs.
#include "engine/config/configwatcher.h"
#include "engine/configkeeper.h"
#include "engine/demo/simulatedproviders.h"
#include "engine/demo/trafficgenerator.h"
#include "engine/enginecore.h"

#include <QDir>
#include <QFileInfo>

#include <algorithm>

namespace signalbox {

namespace {

constexpr std::size_t mostChangesTold = 100;

QString wayOf(const QString &by)
{
    if (by == QLatin1String("console"))
        return QStringLiteral("changed in the console");
    if (by == QLatin1String("undo"))
        return QStringLiteral("taken back in the console");
    if (by == QLatin1String("file"))
        return QStringLiteral("edited in the file");
    return QStringLiteral("changed by ") + by;
}

} // namespace

void EngineCore::makeKeeper()
{
    const QString base =
        m_options.dataDirectory.isEmpty() ? QFileInfo(m_options.configPath).absolutePath() : m_options.dataDirectory;
    m_keeper =
        std::make_unique<ConfigKeeper>(m_options.configPath, QDir(base).filePath(QStringLiteral("config-versions")),
                                       m_options.overlay, m_options.config.text);
    m_keeper->accept = [this](const Config &config) { return mayApply(config); };
    m_keeper->written = [this](const LoadResult &loaded, const QString &by) {
        applyLoaded(loaded, by);
        publish(); // whoever asks next sees it
    };
    m_keeper->dropped = [this] { m_listener.cancelReservation(); };
}

/// Taking the new port before the file says so: a port that cannot be had must not get into it.
Status EngineCore::mayApply(const Config &config)
{
    return m_listenState == ListenState::Listening ? m_listener.reserve(config.proxy.address, config.proxy.port) : ok();
}

void EngineCore::onFileChanged(const LoadResult &loaded)
{
    if (m_keeper->isWriting(loaded.text))
        return;
    applyLoaded(loaded, QStringLiteral("file"));
    if (loaded.ok() && !loaded.missing)
        m_keeper->noteEdit(loaded.text);
}

void EngineCore::applyLoaded(const LoadResult &loaded, const QString &by)
{
    if (!loaded.ok() || loaded.missing) {
        m_configProblem = loaded.missing ? QStringLiteral("The config file is gone; the last configuration goes on.")
                                         : loaded.errorText();
        report(StateEvent::Kind::Config, {}, {}, {}, m_configProblem);
        return publishSoon();
    }
    const std::vector<ConfigChange> changes = configChanges(m_keeper->text(), loaded.text);
    const bool changesNothing = changes.empty() && loaded.config == *m_context.config;
    m_configProblem.clear();
    m_configWarnings = loaded.warningTexts();
    if (changesNothing)
        return publishSoon();
    if (m_options.demo && !loaded.config.providers.empty())
        endDemo();
    applyConfig(loaded.config);
    if (const std::optional<Secret> &token = m_context.config->proxy.token) {
        m_keeper->setFallbackToken(*token);
        m_watcher->setFallbackToken(*token);
    }
    if (!m_options.demo)
        m_simulated.reset();
    if (const Status status = applyListenPlace(); !status)
        m_configProblem = status.error().reason;
    tellChanges(changes, by);
    publishSoon();
}

/// What is simulated never mixes with what happened.
void EngineCore::endDemo()
{
    m_options.demo = false;
    m_traffic.reset();
    if (m_options.realDataDirectory.isEmpty() || m_options.realDataDirectory == m_options.dataDirectory)
        return;
    keepInputs(); // the simulated ones, where they belong
    m_options.dataDirectory = m_options.realDataDirectory;
    m_context.totals = {};
    forgetHistory();
    m_telemetry.startOver(m_options.dataDirectory, m_clock.now());
    report(StateEvent::Kind::Recording, {}, QStringLiteral("simulated"), QStringLiteral("real"),
           QStringLiteral("The simulation has ended. What happens from now on is recorded in %1.")
               .arg(m_options.dataDirectory));
}

Status EngineCore::applyListenPlace()
{
    const ProxyConfig &proxy = m_context.config->proxy;
    if (m_listenState != ListenState::Listening)
        return ok();
    const QString before = QStringLiteral("%1:%2").arg(m_listener.address(), QString::number(m_listener.port()));
    Status status = m_listener.listen(proxy.address, proxy.port);
    const QString after = QStringLiteral("%1:%2").arg(m_listener.address(), QString::number(m_listener.port()));
    if (!status)
        report(StateEvent::Kind::Listener, {}, before, before, status.error().reason);
    else if (after != before)
        report(StateEvent::Kind::Listener, {}, before, after, QStringLiteral("Now listening on %1.").arg(after));
    if (!m_listener.isListening()) {
        m_listenState = ListenState::Failed;
        m_listenError = status ? QString() : status.error().reason;
    }
    return status;
}

void EngineCore::tellChanges(const std::vector<ConfigChange> &changes, const QString &by)
{
    if (changes.empty())
        return report(StateEvent::Kind::Config, {}, {}, {}, QStringLiteral("The configuration was applied."));
    for (std::size_t i = 0; i < std::min(changes.size(), mostChangesTold); ++i) {
        const ConfigChange &change = changes[i];
        report(StateEvent::Kind::Config, change.provider, change.before, change.after,
               QStringLiteral("%1 (%2).").arg(change.text(), wayOf(by)));
    }
    if (changes.size() > mostChangesTold)
        report(StateEvent::Kind::Config, {}, {}, {},
               QStringLiteral("%1 more settings changed.").arg(changes.size() - mostChangesTold));
}

} // namespace signalbox
