// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/page/console.h"

#include "ui/page/preferences.h"
#include "ui/page/providercommands.h"
#include "ui/page/shortcuts.h"

#include <QUndoStack>

namespace signalbox {

Console::Console(Engine &engine, const Appearance &appearance, DataAge::Now now, QObject *parent)
    : QObject(parent), m_engine(engine), m_appearance(appearance), m_age(std::move(now)), m_snapshot(engine.snapshot()),
      m_undoStack(new QUndoStack(this)), m_preferences(new Preferences(this)), m_shortcuts(new Shortcuts(this)),
      m_commands(new ProviderCommands(engine, this))
{
    m_providers.setSnapshot(m_snapshot);
    connect(&engine, &Engine::snapshotPublished, this, &Console::takeSnapshot);
    connect(&m_age, &DataAge::staleChanged, this, [this](bool stale) {
        m_providers.setStale(stale);
        Q_EMIT staleChanged(stale);
    });
    const auto fitList = [this] { m_requests.setCapacity(static_cast<std::size_t>(m_preferences->requestListSize())); };
    connect(m_preferences, &Preferences::changed, this, fitList);
    fitList();
    connect(m_commands, &ProviderCommands::done, this, &Console::told);
    connect(m_commands, &ProviderCommands::failed, this, &Console::failed);
    connect(m_commands, &ProviderCommands::detailsRequested, this, [this](const QString &name) {
        PageTarget target;
        target.page = PageId::Provider;
        target.provider = name;
        open(target);
    });
    connect(m_commands, &ProviderCommands::editRequested, this, [this](const QString &name) {
        PageTarget target;
        target.page = PageId::Settings;
        target.item = QStringLiteral("providers");
        target.provider = name;
        open(target);
    });
    connect(m_commands, &ProviderCommands::addRequested, this, [this] {
        PageTarget target;
        target.page = PageId::Settings;
        target.item = QStringLiteral("addProvider");
        open(target);
    });
}

Console::~Console() = default;

void Console::takeSnapshot(const EngineSnapshotPtr &snapshot)
{
    const bool demoEnded = m_snapshot->demo && !snapshot->demo;
    m_snapshot = snapshot;
    m_age.noteData();
    if (demoEnded) {
        forgetRecorded();
        tell(tr("The simulation has ended. What happens from now on is real, and recorded as such."));
    }
    if (m_seen)
        show();
}

void Console::forgetRecorded()
{
    m_requests.forget();
    Q_EMIT recordedForgotten();
}

void Console::refresh()
{
    const EngineSnapshotPtr snapshot = m_engine.snapshot();
    if (snapshot->sequence != m_snapshot->sequence)
        takeSnapshot(snapshot);
    m_age.check();
}

void Console::setSeen(bool seen)
{
    if (m_seen == seen)
        return;
    m_seen = seen;
    Q_EMIT seenChanged(seen);
    if (m_seen)
        show();
}

void Console::show()
{
    m_providers.setSnapshot(m_snapshot);
    m_commands->setProvider(m_snapshot, m_selectedProvider);
    Q_EMIT snapshotChanged();
}

QFuture<Status> Console::acknowledgeAlarm(const QString &id) const
{
    return m_engine.acknowledgeAlarm(id, QStringLiteral("console"));
}

void Console::selectProvider(const QString &name)
{
    if (m_selectedProvider == name)
        return;
    m_selectedProvider = name;
    m_commands->setProvider(m_snapshot, name);
    Q_EMIT selectedProviderChanged(name);
}

} // namespace signalbox
