// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/routing/modelruleseditor.h"

#include "ui/page/console.h"
#include "ui/page/modelrulestable.h"
#include "ui/page/undoable.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPointer>
#include <QPushButton>

namespace signalbox {

ModelRulesEditor::ModelRulesEditor(Console &console, QWidget *parent)
    : QWidget(parent), m_console(console), m_table(new ModelRulesTable(console.appearance(), this)),
      m_model(&m_table->model()), m_hint(new QLabel(this)),
      m_revert(addButton(tr("Re&vert"), "revertModels", tr("Revert the models"))),
      m_apply(addButton(tr("App&ly"), "applyModels", tr("Apply the models")))
{
    m_hint->setObjectName(QStringLiteral("modelsHint"));
    m_hint->setWordWrap(true);
    m_hint->setForegroundRole(QPalette::PlaceholderText);
    auto *outcome = new QHBoxLayout;
    outcome->setSpacing(8);
    outcome->addWidget(m_hint, 1);
    outcome->addWidget(m_revert);
    outcome->addWidget(m_apply);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(m_table, 1);
    layout->addLayout(outcome);
    connect(m_revert, &QPushButton::clicked, this, &ModelRulesEditor::revert);
    connect(m_apply, &QPushButton::clicked, this, &ModelRulesEditor::apply);
    connect(m_model, &ModelRules::edited, this, &ModelRulesEditor::keepDraft);
    showState();
}

QPushButton *ModelRulesEditor::addButton(const QString &text, const char *objectName, const QString &accessibleName)
{
    auto *button = new QPushButton(text, this);
    button->setObjectName(QLatin1String(objectName));
    button->setAccessibleName(accessibleName);
    return button;
}

void ModelRulesEditor::showProvider(const ProviderConfig *provider, const QString &fixedBecause)
{
    const QString name = provider ? provider->name : QString();
    const bool another = name != m_provider;
    m_provider = name;
    m_running = provider ? provider->models : std::vector<ModelMapping>();
    m_fixedBecause = fixedBecause;
    if (isDraft() && m_drafts.value(name) == m_running)
        m_drafts.remove(name);
    m_model->setMappings(isDraft() ? m_drafts.value(name) : m_running);
    if (another) {
        m_table->selectFirst();
        Q_EMIT providerShown(name);
    }
    showState();
}

void ModelRulesEditor::keepDraft()
{
    if (m_model->mappings() == m_running)
        m_drafts.remove(m_provider);
    else
        m_drafts.insert(m_provider, m_model->mappings());
    showState();
}

void ModelRulesEditor::showState()
{
    const bool editable = !m_provider.isEmpty() && m_fixedBecause.isEmpty() && !m_waiting;
    m_table->setEditable(editable);
    m_revert->setEnabled(isDraft() && !m_waiting);
    m_apply->setEnabled(editable && isDraft() && m_model->isValid());
    if (!m_fixedBecause.isEmpty())
        m_hint->setText(m_fixedBecause);
    else if (isDraft())
        m_hint->setText(m_model->isValid() ? tr("Not applied yet.")
                                           : tr("Not applied yet: mend the marked rows first."));
    else
        m_hint->setText(tr("A name goes before a pattern with *; patterns go from the top."));
}

bool ModelRulesEditor::revert()
{
    if (!isDraft() || m_waiting)
        return false;
    m_drafts.remove(m_provider);
    m_model->setMappings(m_running);
    showState();
    return true;
}

void ModelRulesEditor::apply()
{
    const QString provider = m_provider;
    const std::vector<ModelMapping> before = m_running;
    const std::vector<ModelMapping> after = m_model->mappings();
    m_waiting = true;
    showState();
    const UndoableChange change { tr("models of %1").arg(provider),
                                  [provider, after](Engine &engine) { return engine.setModels(provider, after); },
                                  [provider, before](Engine &engine) { return engine.setModels(provider, before); } };
    makeUndoable(m_console, change, [editor = QPointer(this), provider](const Status &status) {
        if (!editor)
            return;
        editor->m_waiting = false;
        if (status)
            editor->m_drafts.remove(provider);
        else
            editor->m_console.reportFailure(
                tr("The models of %1 were not changed: %2").arg(provider, status.error().reason));
        editor->showState();
    });
}

} // namespace signalbox
