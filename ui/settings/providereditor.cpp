// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/providereditor.h"

#include "ui/page/answer.h"
#include "ui/settings/editorform.h"
#include "ui/settings/probeview.h"
#include "ui/settings/providersave.h"
#include "ui/settings/timeoutsform.h"
#include "ui/style/appearance.h"
#include "ui/style/lamp.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

#include <algorithm>

namespace signalbox {

ProviderEditor::ProviderEditor(Console &console, QWidget *parent)
    : QWidget(parent), m_console(console), m_save(new ProviderSave(console, this)),
      m_probe(new ProbeView(console.appearance(), this)), m_scroll(new QScrollArea(this)),
      m_form(new EditorForm(console.appearance()))
{
    setObjectName(QStringLiteral("providerEditor"));
    m_scroll->setFocusPolicy(Qt::NoFocus);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setWidgetResizable(true);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setWidget(m_form);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addLayout(buildHead());
    layout->addLayout(buildNotice());
    layout->addWidget(buildKeyringChoice());
    layout->addWidget(m_probe);
    layout->addWidget(m_scroll, 1);
    connect(m_form, &EditorForm::edited, this, [this] {
        m_problem.clear();
        m_keyringChoice->hide();
        showState();
    });
    connect(m_save, &ProviderSave::saved, this, &ProviderEditor::onSaved);
    connect(m_save, &ProviderSave::keyNotStored, this, &ProviderEditor::onKeyNotStored);
    connect(m_save, &ProviderSave::failed, this, [this](const QString &reason) {
        m_problem = tr("Not saved: %1").arg(reason);
        showState();
    });
    showNone();
}

QPushButton *ProviderEditor::addButton(QLayout *layout, const QString &text, const char *objectName)
{
    auto *button = new QPushButton(text, this);
    button->setObjectName(QLatin1String(objectName));
    layout->addWidget(button);
    return button;
}

QLayout *ProviderEditor::buildHead()
{
    m_title = new QLabel(this);
    m_title->setObjectName(QStringLiteral("editorTitle"));
    QFont heading = font();
    heading.setPointSizeF(heading.pointSizeF() * 1.25);
    m_title->setFont(heading);
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(m_title, 1);
    m_testButton = addButton(row, tr("&Test connection"), "testProvider");
    m_discardButton = addButton(row, tr("D&iscard"), "discardProvider");
    m_saveButton = addButton(row, tr("&Save"), "saveProvider");
    connect(m_testButton, &QPushButton::clicked, this, &ProviderEditor::test);
    connect(m_discardButton, &QPushButton::clicked, this, &ProviderEditor::discard);
    connect(m_saveButton, &QPushButton::clicked, this, [this] { save(false); });
    return row;
}

QLayout *ProviderEditor::buildNotice()
{
    m_lamp = new LampWidget(m_console.appearance(), this);
    m_lamp->setShape(LampShape::Triangle);
    m_notice = new QLabel(this);
    m_notice->setObjectName(QStringLiteral("editorNotice"));
    m_notice->setWordWrap(true);
    m_notice->setTextFormat(Qt::PlainText);
    m_notice->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(m_lamp, 0, Qt::AlignTop);
    row->addWidget(m_notice, 1);
    m_confirmButton = addButton(row, QString(), "useKeyHere");
    connect(m_confirmButton, &QPushButton::clicked, this, &ProviderEditor::confirmKey);
    return row;
}

QWidget *ProviderEditor::buildKeyringChoice()
{
    m_keyringChoice = new QWidget(this);
    m_keyringChoice->setObjectName(QStringLiteral("keyringChoice"));
    m_keyringReason = new QLabel(m_keyringChoice);
    m_keyringReason->setObjectName(QStringLiteral("keyringReason"));
    m_keyringReason->setWordWrap(true);
    m_keyringReason->setTextFormat(Qt::PlainText);
    auto *buttons = new QHBoxLayout;
    buttons->setContentsMargins(lampSize + 8, 0, 0, 0);
    buttons->setSpacing(8);
    const QPushButton *again = addButton(buttons, tr("Try the keyring &again"), "retryKeyring");
    const QPushButton *session = addButton(buttons, tr("Use it until Si&gnalbox ends"), "useSessionKey");
    const QPushButton *variable = addButton(buttons, tr("Use an environment variable"), "useVariable");
    buttons->addStretch(1);
    connect(again, &QPushButton::clicked, this, [this] { save(false); });
    connect(session, &QPushButton::clicked, this, [this] { save(true); });
    connect(variable, &QPushButton::clicked, this, &ProviderEditor::useVariable);
    auto *lamp = new LampWidget(m_console.appearance(), m_keyringChoice);
    lamp->setShape(LampShape::Triangle);
    auto *text = new QHBoxLayout;
    text->setSpacing(8);
    text->addWidget(lamp, 0, Qt::AlignTop);
    text->addWidget(m_keyringReason, 1);
    auto *layout = new QVBoxLayout(m_keyringChoice);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addLayout(text);
    layout->addLayout(buttons);
    m_keyringChoice->hide();
    return m_keyringChoice;
}

const ProviderConfig *ProviderEditor::configured() const
{
    const auto &all = m_console.snapshot()->config->providers;
    const auto found =
        std::find_if(all.begin(), all.end(), [this](const ProviderConfig &each) { return each.name == m_name; });
    return found == all.end() ? nullptr : &*found;
}

bool ProviderEditor::isEdited() const
{
    return (m_new || configured()) && m_form->isEdited();
}

void ProviderEditor::edit(const QString &name)
{
    m_name = name;
    m_new = false;
    load();
}

void ProviderEditor::startNew()
{
    m_name.clear();
    m_new = true;
    load();
}

void ProviderEditor::showNone()
{
    m_name.clear();
    m_new = false;
    load();
}

void ProviderEditor::load()
{
    const Config &config = *m_console.snapshot()->config;
    m_problem.clear();
    m_keyringChoice->hide();
    m_probe->forget();
    ++m_test;
    m_testing = false;
    const ProviderConfig *provider = configured();
    m_scroll->setVisible(m_new || provider);
    if (m_new)
        m_form->startNew(config.timeouts);
    else if (provider)
        m_form->setProvider(*provider, config.timeouts, config.origins);
    m_form->setReadOnly(provider && provider->simulated);
    m_scroll->ensureVisible(0, 0);
    showState();
}

void ProviderEditor::discard()
{
    const bool wasNew = m_new;
    if (wasNew)
        showNone();
    else
        load();
    if (wasNew)
        Q_EMIT discarded();
}

void ProviderEditor::refresh()
{
    const ProviderConfig *provider = configured();
    if (!m_name.isEmpty() && !provider && !isEdited()) {
        showNone();
    } else if (provider && !m_form->isEdited() && !m_save->isBusy() && !m_form->isOf(*provider)) {
        load();
    }
    showState();
}

void ProviderEditor::showState()
{
    const ProviderConfig *provider = configured();
    const bool simulated = provider && provider->simulated;
    const bool open = m_new || (provider && !simulated);
    const bool busy = m_save->isBusy() || m_console.age().isStale();
    const bool edited = open && m_form->isEdited();
    m_title->setText(m_new ? tr("New provider") : provider ? provider->name : tr("No provider chosen"));
    const bool keyDecided = !open || !m_form->movesKey() || m_form->confirmsKey();
    m_testButton->setVisible(m_new || provider);
    m_discardButton->setVisible(open);
    m_saveButton->setVisible(open);
    m_testButton->setEnabled(open && !busy && !m_testing);
    m_discardButton->setEnabled(m_new || edited);
    m_saveButton->setEnabled(edited && !busy && keyDecided);
    m_saveButton->setToolTip(keyDecided ? QString() : tr("First say which key goes to the new address."));
    showKeyState();
}

/// What the operator must know of this provider before anything else.
void ProviderEditor::showKeyState()
{
    m_confirmButton->hide();
    if (!m_problem.isEmpty())
        return showNotice(m_problem);
    const ProviderConfig *provider = configured();
    if (!provider)
        return showNotice({});
    if (provider->simulated)
        return showNotice(tr("A simulated provider: no real one is called. Adding a real one ends the simulation."));
    const auto &all = m_console.snapshot()->providers;
    const auto state =
        std::find_if(all.begin(), all.end(), [this](const ProviderSnapshot &each) { return each.name == m_name; });
    if (state == all.end() || !state->keyMissing || m_form->isEdited())
        return showNotice({});
    showNotice(tr("It gets no requests, because it has no key: %1").arg(state->keyProblem));
    m_confirmButton->setVisible(state->keyUnconfirmed);
    m_confirmButton->setText(tr("Use its &key at %1").arg(provider->baseUrl.host()));
}

void ProviderEditor::showNotice(const QString &problem)
{
    m_lamp->setVisible(!problem.isEmpty());
    m_notice->setVisible(!problem.isEmpty());
    if (m_notice->text() != problem)
        m_notice->setText(problem);
}

void ProviderEditor::save(bool sessionOnly)
{
    m_form->finishEditing();
    EditedProvider edited;
    edited.name = m_name;
    edited.before = m_form->before();
    edited.after = m_form->draft();
    edited.timeouts = m_form->timeouts().edits(m_new ? edited.after.name : m_name);
    edited.timeoutsBack = m_form->timeouts().inverseEdits(m_name);
    edited.typedKey = m_form->key().typedKey();
    edited.sessionOnly = sessionOnly;
    edited.confirmKey = m_form->confirmsKey();
    const bool needsKey =
        edited.after.key.kind == KeySource::Kind::Keychain && !edited.typedKey && !m_form->key().keepsStoredKey();
    m_problem.clear();
    m_keyringChoice->hide();
    if (needsKey) {
        m_problem = tr("Not saved: type the key, or choose where else it comes from.");
        m_form->key().focusKey();
        return showState();
    }
    m_save->start(edited);
    showState();
}

void ProviderEditor::onSaved(const QString &name)
{
    m_console.tell(tr("%1 is saved and in use.").arg(name));
    edit(name);
    Q_EMIT saved(name);
}

void ProviderEditor::onKeyNotStored(const QString &reason)
{
    m_keyringReason->setText(
        tr("The key was not stored, and nothing was saved: %1. It is written nowhere else. Until the keyring works, "
           "Signalbox can keep the key in its memory, or read it from an environment variable.")
            .arg(reason));
    m_keyringChoice->show();
    showState();
}

void ProviderEditor::useVariable()
{
    m_form->key().forgetTyped();
    m_form->key().choose(KeySource::Kind::Environment);
    m_keyringChoice->hide();
    m_form->key().focusReference();
    showState();
}

void ProviderEditor::confirmKey()
{
    onAnswer(m_console.engine().confirmKey(m_name), this, [this](const Status &status) {
        if (!status)
            m_problem = tr("The key was not confirmed: %1").arg(status.error().reason);
        m_console.refresh();
        showState();
    });
}

void ProviderEditor::test()
{
    m_form->finishEditing();
    m_testing = true;
    m_probe->showWaiting();
    showState();
    const quint64 mine = ++m_test;
    onAnswer(m_console.engine().testProvider(m_form->draft(), m_form->key().typedKey()), this,
             [this, mine](const ProbeReport &report) {
                 if (mine != m_test)
                     return;
                 m_testing = false;
                 m_probe->showReport(report);
                 showState();
             });
}

void ProviderEditor::focusFirst()
{
    m_form->focusFirst();
}

} // namespace signalbox
