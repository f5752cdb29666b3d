// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/engine.h"

#include <QObject>

#include <vector>

class QAction;
class QMenu;
class QWidget;

namespace signalbox {

/// Everything an operator can order for the selected provider, as actions. What disturbs requests asks first.
class ProviderCommands : public QObject
{
    Q_OBJECT

public:
    /// Dialogs open over window.
    ProviderCommands(Engine &engine, QWidget *window);

    void addTo(QMenu *menu) const;
    QAction *action(ProviderCommand::Kind kind) const;

    /// The provider that is meant, as it is now; null: none.
    void setProvider(const ProviderSnapshot *provider);

Q_SIGNALS:
    /// The engine did as told: what, in words.
    void done(const QString &text);
    void failed(const QString &reason);

private:
    struct Entry
    {
        ProviderCommand::Kind kind;
        QAction *action;
        bool startsGroup;
    };

    void add(ProviderCommand::Kind kind, const QString &text, const QString &objectName, bool startsGroup = false);
    void run(ProviderCommand::Kind kind);
    void send(const ProviderCommand &command);

    Engine &m_engine;
    QWidget *m_window;
    std::vector<Entry> m_entries;
    QString m_provider;
};

} // namespace signalbox
