// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/engine.h"
#include "ui/models/dataage.h"
#include "ui/models/providermodel.h"
#include "ui/models/requestmodel.h"
#include "ui/page/pagetarget.h"

#include <QObject>

class QUndoStack;

namespace signalbox {

class Appearance;
class Preferences;
class ProviderCommands;
class Shortcuts;

/// What the pages share: the engine, the models over it, what can be undone, and the way from one page to another.
class Console : public QObject
{
    Q_OBJECT

public:
    Console(Engine &engine, const Appearance &appearance, DataAge::Now now = DataAge::steadyNow,
            QObject *parent = nullptr);
    ~Console() override;

    Engine &engine() const { return m_engine; }
    const Appearance &appearance() const { return m_appearance; }
    /// What the engine said last. Never null.
    const EngineSnapshotPtr &snapshot() const { return m_snapshot; }
    ProviderModel &providers() { return m_providers; }
    RequestModel &requests() { return m_requests; }
    DataAge &age() { return m_age; }
    QUndoStack &undoStack() { return *m_undoStack; }
    Preferences &preferences() const { return *m_preferences; }
    Shortcuts &shortcuts() const { return *m_shortcuts; }

    /// The provider that the menu's and the keyboard's commands are meant for; empty: none. A page that shows or
    /// selects one says so.
    void selectProvider(const QString &name);
    const QString &selectedProvider() const { return m_selectedProvider; }
    /// One set of actions for all pages: their shortcuts hold wherever the operator is.
    ProviderCommands &commands() { return *m_commands; }

    /// In the console's name.
    QFuture<Status> acknowledgeAlarm(const QString &id) const;

    /// Goes to that place.
    void open(const PageTarget &target) { Q_EMIT openRequested(target); }
    /// A line in the status bar, for a few seconds.
    void tell(const QString &text) { Q_EMIT told(text); }
    /// Asks for simulated providers, or for the configured ones, which are another engine with data of its own.
    void switchDemo(bool simulated) { Q_EMIT demoRequested(simulated); }
    /// Something that was asked for did not happen: stays until dismissed.
    void reportFailure(const QString &reason) { Q_EMIT failed(reason); }

    /// What was recorded is gone from the engine, so it goes from the lists too.
    void forgetRecorded();

    /// Takes over the engine's newest snapshot. While nobody looks, snapshots are kept but not shown.
    void refresh();
    void setSeen(bool seen);
    bool isSeen() const { return m_seen; }

Q_SIGNALS:
    /// Only while the window can be seen.
    void snapshotChanged();
    /// The window came into sight, or was hidden or minimised: timers that only repaint stop then.
    void seenChanged(bool seen);
    void staleChanged(bool stale);
    void openRequested(const signalbox::PageTarget &target);
    void told(const QString &text);
    void failed(const QString &reason);
    void selectedProviderChanged(const QString &name);
    void demoRequested(bool simulated);
    void recordedForgotten();

private:
    void takeSnapshot(const EngineSnapshotPtr &snapshot);
    void show();

    Engine &m_engine;
    const Appearance &m_appearance;
    DataAge m_age;
    EngineSnapshotPtr m_snapshot;
    ProviderModel m_providers;
    RequestModel m_requests;
    QUndoStack *m_undoStack;
    Preferences *m_preferences;
    Shortcuts *m_shortcuts;
    ProviderCommands *m_commands;
    QString m_selectedProvider;
    bool m_seen = false;
};

} // namespace signalbox
