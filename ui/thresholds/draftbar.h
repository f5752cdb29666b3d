// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QAction;
class QComboBox;
class QLabel;

namespace signalbox {

class Appearance;
class LampWidget;

/// Whom the settings are for, what the draft holds, and what can be done with it.
class DraftBar : public QWidget
{
    Q_OBJECT

public:
    struct State
    {
        int changes = 0;
        QString problem; ///< why it cannot be applied; empty: it can
        bool canShadow = false;
        bool shadowRuns = false;
        bool editable = true; ///< false: the engine does not answer
        bool waiting = false; ///< for the engine's answer
    };

    DraftBar(const Appearance &appearance, QWidget *parent = nullptr);

    /// Empty: all of them.
    void setProviders(const QStringList &providers, const QString &chosen);
    void showState(const State &state);
    QAction *applyAction() const { return m_apply; }
    QAction *shadowAction() const { return m_shadow; }
    QAction *stopShadowAction() const { return m_stopShadow; }
    QAction *revertAction() const { return m_revert; }
    QAction *historyAction() const { return m_history; }
    QList<QAction *> draftActions() const;

Q_SIGNALS:
    void providerChosen(const QString &provider);

private:
    QAction *add(const QString &text, const QString &objectName, const QKeySequence &key);
    QWidget *buttonFor(QAction *action, const QString &text);

    QComboBox *m_scope;
    LampWidget *m_lamp;
    QLabel *m_draft;
    QAction *m_apply;
    QAction *m_shadow;
    QAction *m_stopShadow;
    QAction *m_revert;
    QAction *m_history;
};

} // namespace signalbox
