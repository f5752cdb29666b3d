// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/config/config.h"

#include <QHash>
#include <QWidget>

#include <vector>

class QLabel;
class QPushButton;

namespace signalbox {

class Console;
class ModelRules;
class ModelRulesTable;

/// Which models the selected provider takes. A draft until it is applied; one that is not stays with its provider.
class ModelRulesEditor : public QWidget
{
    Q_OBJECT

public:
    explicit ModelRulesEditor(Console &console, QWidget *parent = nullptr);

    /// What runs; null: no provider. fixedBecause: why it cannot be edited; empty: it can.
    void showProvider(const ProviderConfig *provider, const QString &fixedBecause);
    bool isDraft() const { return m_drafts.contains(m_provider); }
    /// What runs again. False if there was no draft.
    bool revert();

Q_SIGNALS:
    void providerShown(const QString &name);

private:
    QPushButton *addButton(const QString &text, const char *objectName, const QString &accessibleName);
    void apply();
    void keepDraft();
    void showState();

    Console &m_console;
    ModelRulesTable *m_table;
    ModelRules *m_model;
    QLabel *m_hint;
    QPushButton *m_revert;
    QPushButton *m_apply;
    QString m_provider;
    QString m_fixedBecause;
    std::vector<ModelMapping> m_running;
    QHash<QString, std::vector<ModelMapping>> m_drafts; ///< by provider
    bool m_waiting = false; ///< for the engine
};

} // namespace signalbox
