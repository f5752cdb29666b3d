// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/page/console.h"

#include <QUndoStack>

namespace signalbox {

Console::Console(Engine &engine, const Appearance &appearance, DataAge::Now now, QObject *parent)
    : QObject(parent), m_engine(engine), m_appearance(appearance), m_age(std::move(now)), m_snapshot(engine.snapshot()),
      m_undoStack(new QUndoStack(this))
{
    m_providers.setSnapshot(m_snapshot);
    connect(&engine, &Engine::snapshotPublished, this, &Console::takeSnapshot);
    connect(&m_age, &DataAge::staleChanged, this, [this](bool stale) {
        m_providers.setStale(stale);
        Q_EMIT staleChanged(stale);
    });
}

Console::~Console() = default;

void Console::takeSnapshot(const EngineSnapshotPtr &snapshot)
{
    m_snapshot = snapshot;
    m_age.noteData();
    if (m_seen)
        show();
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
    if (m_seen)
        show();
}

void Console::show()
{
    m_providers.setSnapshot(m_snapshot);
    Q_EMIT snapshotChanged();
}

} // namespace signalbox
