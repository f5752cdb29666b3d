// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/thresholds/draftbar.h"

#include "ui/style/lamp.h"

#include <QAction>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>

#include <algorithm>

namespace signalbox {

DraftBar::DraftBar(const Appearance &appearance, QWidget *parent)
    : QWidget(parent), m_scope(new QComboBox(this)), m_lamp(new LampWidget(appearance, this)),
      m_draft(new QLabel(this)),
      m_apply(add(tr("&Apply the draft now"), QStringLiteral("applyDraft"), Qt::CTRL | Qt::Key_Return)),
      m_shadow(add(tr("&Shadow the draft for 1 h"), QStringLiteral("shadowDraft"), Qt::CTRL | Qt::SHIFT | Qt::Key_D)),
      m_stopShadow(add(tr("S&top the shadow run"), QStringLiteral("stopShadow"), {})),
      m_revert(add(tr("&Revert the draft"), QStringLiteral("revertDraft"), Qt::CTRL | Qt::SHIFT | Qt::Key_R)),
      m_history(add(tr("&Versions of the configuration…"), QStringLiteral("configHistory"), Qt::CTRL | Qt::Key_H))
{
    m_scope->setObjectName(QStringLiteral("thresholdScope"));
    m_scope->setAccessibleName(tr("Whom these settings are for"));
    m_scope->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_draft->setObjectName(QStringLiteral("draftState"));
    m_draft->setWordWrap(true);
    m_lamp->setShape(LampShape::Square);
    auto *label = new QLabel(tr("&For"), this);
    label->setBuddy(m_scope);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(label);
    layout->addWidget(m_scope);
    layout->addSpacing(8);
    layout->addWidget(m_lamp);
    layout->addWidget(m_draft, 1);
    layout->addWidget(buttonFor(m_apply, tr("Apply now")));
    layout->addWidget(buttonFor(m_shadow, tr("Shadow 1 h")));
    layout->addWidget(buttonFor(m_stopShadow, tr("Stop shadow")));
    layout->addWidget(buttonFor(m_revert, tr("Revert")));
    layout->addSpacing(8);
    layout->addWidget(buttonFor(m_history, tr("Versions…")));
    connect(m_scope, &QComboBox::activated, this,
            [this](int index) { Q_EMIT providerChosen(m_scope->itemData(index).toString()); });
    showState({});
}

QAction *DraftBar::add(const QString &text, const QString &objectName, const QKeySequence &key)
{
    auto *action = new QAction(text, this);
    action->setObjectName(objectName);
    action->setShortcut(key);
    action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    return action;
}

QWidget *DraftBar::buttonFor(QAction *action, const QString &text)
{
    auto *button = new QPushButton(text, this);
    button->setObjectName(action->objectName() + QStringLiteral("Button"));
    button->setAccessibleName(action->iconText());
    const QString keys = action->shortcut().toString(QKeySequence::NativeText);
    button->setToolTip(keys.isEmpty() ? action->iconText() : QStringLiteral("%1 (%2)").arg(action->iconText(), keys));
    connect(button, &QPushButton::clicked, action, &QAction::trigger);
    connect(action, &QAction::enabledChanged, button, &QPushButton::setEnabled);
    connect(action, &QAction::visibleChanged, button, [action, button] { button->setVisible(action->isVisible()); });
    return button;
}

QList<QAction *> DraftBar::draftActions() const
{
    return { m_apply, m_shadow, m_stopShadow, m_revert, m_history };
}

void DraftBar::setProviders(const QStringList &providers, const QString &chosen)
{
    QStringList listed;
    for (int i = 1; i < m_scope->count(); ++i)
        listed.append(m_scope->itemData(i).toString());
    const QSignalBlocker quiet(m_scope);
    if (listed != providers || m_scope->count() == 0) {
        m_scope->clear();
        m_scope->addItem(tr("all providers"), QString());
        for (const QString &provider : providers)
            m_scope->addItem(tr("only %1").arg(provider), provider);
    }
    m_scope->setCurrentIndex(std::max(0, m_scope->findData(chosen)));
}

void DraftBar::showState(const State &state)
{
    const bool any = state.changes > 0;
    QString text = any ? tr("Draft: %n change(s)", nullptr, state.changes) : tr("No changes");
    if (any && !state.problem.isEmpty())
        text += QStringLiteral(". ") + state.problem;
    if (state.waiting)
        text = tr("Applying…");
    m_draft->setText(text);
    m_lamp->setVisible(any && !state.problem.isEmpty());
    const bool ready = any && state.editable && !state.waiting;
    m_apply->setEnabled(ready && state.problem.isEmpty());
    m_shadow->setEnabled(ready && state.canShadow);
    m_stopShadow->setVisible(state.shadowRuns);
    m_stopShadow->setEnabled(state.shadowRuns && state.editable);
    m_revert->setEnabled(any && !state.waiting);
    m_history->setEnabled(state.editable);
}

} // namespace signalbox
