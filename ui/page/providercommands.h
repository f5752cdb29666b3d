// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/engine.h"

#include <QObject>

#include <vector>

class QAction;
class QMenu;
class QWidget;

namespace signalbox {

/// Everything an operator can do with one provider, as actions that all pages share. What disturbs requests asks first.
class ProviderCommands : public QObject
{
    Q_OBJECT

public:
    explicit ProviderCommands(Engine &engine, QObject *parent = nullptr);

    /// Where dialogs open. Without one they have no parent.
    void setWindow(QWidget *window) { m_window = window; }

    void addTo(QMenu *menu) const;
    QAction *action(ProviderCommand::Kind kind) const;
    QAction *details() const { return m_details; }
    /// Opens its entry in the settings.
    QAction *edit() const { return m_edit; }
    /// A new one; needs no provider.
    QAction *addProvider() const { return m_add; }
    QAction *copyAsText() const { return m_copy; }
    /// Enabled while the provider has an alarm.
    QAction *muteAlarms() const { return m_mute; }

    /// The provider that is meant, as the snapshot has it; a name that it has not: none.
    void setProvider(const EngineSnapshotPtr &snapshot, const QString &name);

Q_SIGNALS:
    /// The engine did as told: what, in words.
    void done(const QString &text);
    void failed(const QString &reason);
    void detailsRequested(const QString &provider);
    void editRequested(const QString &provider);
    void addRequested();

private:
    struct Entry
    {
        ProviderCommand::Kind kind;
        QAction *action;
        bool startsGroup;
    };

    void add(ProviderCommand::Kind kind, const QString &text, const QString &objectName, bool startsGroup = false);
    QAction *make(const QString &text, const QString &objectName);
    const ProviderSnapshot *provider() const;
    void run(ProviderCommand::Kind kind);
    void send(const ProviderCommand &command);
    void copy();
    QStringList alarmIds() const;
    void askToMute();
    void mute(Milliseconds duration);

    Engine &m_engine;
    QWidget *m_window = nullptr;
    QAction *m_details;
    QAction *m_edit;
    QAction *m_add;
    QAction *m_copy;
    QAction *m_mute;
    std::vector<Entry> m_entries;
    EngineSnapshotPtr m_snapshot;
    QString m_provider;
};

} // namespace signalbox
