// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/page/providercommands.h"

#include "ui/models/providerstate.h"
#include "ui/page/answer.h"
#include "ui/page/commanddialog.h"

#include <QAction>
#include <QClipboard>
#include <QGuiApplication>
#include <QMenu>

#include <algorithm>

namespace signalbox {

namespace {

using Kind = ProviderCommand::Kind;
using Duration = CommandQuestion::Duration;

QString tr(const char *text)
{
    return QCoreApplication::translate("ProviderCommands", text);
}

/// nullopt: the command disturbs nobody and is sent at once.
std::optional<CommandQuestion> question(Kind kind, const QString &provider)
{
    const auto ask = [&provider](const char *title, const char *consequence, const char *verb,
                                 Duration duration = Duration::None, const char *label = "") {
        return CommandQuestion { tr(title).arg(provider), tr(consequence), tr(verb), duration,
                                 *label ? tr(label) : QString() };
    };
    switch (kind) {
    case Kind::ForceOpen:
        return ask(QT_TRANSLATE_NOOP("ProviderCommands", "Force %1 open?"),
                   QT_TRANSLATE_NOOP("ProviderCommands",
                                     "It gets no requests, not even when every other provider fails. Requests in "
                                     "flight finish."),
                   QT_TRANSLATE_NOOP("ProviderCommands", "Force open"), Duration::Optional,
                   QT_TRANSLATE_NOOP("ProviderCommands", "&Return to automatic after"));
    case Kind::ForceClosed:
        return ask(QT_TRANSLATE_NOOP("ProviderCommands", "Force %1 closed?"),
                   QT_TRANSLATE_NOOP("ProviderCommands",
                                     "It stays in use however often it fails, until it is returned to automatic."),
                   QT_TRANSLATE_NOOP("ProviderCommands", "Force closed"));
    case Kind::NoBreaker:
        return ask(QT_TRANSLATE_NOOP("ProviderCommands", "Switch the breaker of %1 off?"),
                   QT_TRANSLATE_NOOP("ProviderCommands",
                                     "Everything is admitted, even while the provider asks to slow down, until it is "
                                     "returned to automatic."),
                   QT_TRANSLATE_NOOP("ProviderCommands", "No breaker"));
    case Kind::Reset:
        return ask(QT_TRANSLATE_NOOP("ProviderCommands", "Reset the breaker of %1?"),
                   QT_TRANSLATE_NOOP("ProviderCommands",
                                     "It closes and forgets the failures it has counted. A provider that still fails "
                                     "gets requests until it opens again."),
                   QT_TRANSLATE_NOOP("ProviderCommands", "Reset"));
    case Kind::TripFor:
        return ask(QT_TRANSLATE_NOOP("ProviderCommands", "Open the breaker of %1 for a time?"),
                   QT_TRANSLATE_NOOP("ProviderCommands",
                                     "It gets no requests for that long and then recovers by itself, one trial request "
                                     "at a time."),
                   QT_TRANSLATE_NOOP("ProviderCommands", "Trip"), Duration::Required,
                   QT_TRANSLATE_NOOP("ProviderCommands", "&Open for"));
    case Kind::Drain:
        return ask(QT_TRANSLATE_NOOP("ProviderCommands", "Drain %1?"),
                   QT_TRANSLATE_NOOP("ProviderCommands", "It gets no new requests. Requests in flight finish."),
                   QT_TRANSLATE_NOOP("ProviderCommands", "Drain"), Duration::Optional,
                   QT_TRANSLATE_NOOP("ProviderCommands", "&Enable again after"));
    case Kind::Disable:
        return ask(QT_TRANSLATE_NOOP("ProviderCommands", "Disable %1?"),
                   QT_TRANSLATE_NOOP("ProviderCommands", "It gets no new requests until it is enabled again."),
                   QT_TRANSLATE_NOOP("ProviderCommands", "Disable"));
    case Kind::Auto:
    case Kind::ProbeNow:
    case Kind::Enable:
        break;
    }
    return std::nullopt;
}

bool makesSense(Kind kind, const ProviderSnapshot &provider)
{
    switch (kind) {
    case Kind::ForceOpen:
        return provider.breaker.mode != BreakerMode::ForcedOpen;
    case Kind::ForceClosed:
        return provider.breaker.mode != BreakerMode::ForcedClosed;
    case Kind::NoBreaker:
        return provider.breaker.mode != BreakerMode::Disabled;
    case Kind::Auto:
        return provider.breaker.mode != BreakerMode::Auto;
    case Kind::Drain:
        return provider.enabled && !provider.draining;
    case Kind::Enable:
        return !provider.enabled || provider.draining;
    case Kind::Disable:
        return provider.enabled;
    case Kind::Reset:
    case Kind::TripFor:
    case Kind::ProbeNow:
        return true;
    }
    return true;
}

} // namespace

ProviderCommands::ProviderCommands(Engine &engine, QObject *parent)
    : QObject(parent), m_engine(engine), m_details(make(tr("De&tails"), QStringLiteral("providerDetails"))),
      m_edit(make(tr("Edit its &settings…"), QStringLiteral("editProvider"))),
      m_add(make(tr("Add pro&vider…"), QStringLiteral("addProvider"))),
      m_copy(make(tr("Copy as te&xt"), QStringLiteral("copyProvider"))),
      m_mute(make(tr("&Mute its alarms…"), QStringLiteral("muteAlarms")))
{
    m_edit->setShortcut(QKeySequence(Qt::Key_F2));
    m_mute->setShortcut(QKeySequence(Qt::Key_M));
    m_mute->setShortcutContext(Qt::WidgetShortcut); // a single letter: only where the providers are
    connect(m_details, &QAction::triggered, this, [this] { Q_EMIT detailsRequested(m_provider); });
    connect(m_edit, &QAction::triggered, this, [this] { Q_EMIT editRequested(m_provider); });
    connect(m_add, &QAction::triggered, this, &ProviderCommands::addRequested);
    connect(m_mute, &QAction::triggered, this, &ProviderCommands::askToMute);
    connect(m_copy, &QAction::triggered, this, &ProviderCommands::copy);
    add(Kind::ProbeNow, tr("&Probe now"), QStringLiteral("probeNow"));
    add(Kind::ForceOpen, tr("Force &open…"), QStringLiteral("forceOpen"), true);
    add(Kind::ForceClosed, tr("Force &closed…"), QStringLiteral("forceClosed"));
    add(Kind::NoBreaker, tr("&No breaker…"), QStringLiteral("noBreaker"));
    add(Kind::Auto, tr("Return to &automatic"), QStringLiteral("returnToAutomatic"));
    add(Kind::TripFor, tr("&Trip for…"), QStringLiteral("tripFor"), true);
    add(Kind::Reset, tr("&Reset breaker…"), QStringLiteral("resetBreaker"));
    add(Kind::Drain, tr("&Drain…"), QStringLiteral("drain"), true);
    add(Kind::Disable, tr("D&isable…"), QStringLiteral("disable"));
    add(Kind::Enable, tr("&Enable"), QStringLiteral("enable"));
    action(Kind::ProbeNow)->setShortcuts({ QKeySequence(Qt::Key_F5), QKeySequence(Qt::CTRL | Qt::Key_R) });
    action(Kind::ForceOpen)->setShortcut(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_O));
    action(Kind::ForceClosed)->setShortcut(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_L));
    setProvider(engine.snapshot(), {});
}

QAction *ProviderCommands::make(const QString &text, const QString &objectName)
{
    auto *action = new QAction(text, this);
    action->setObjectName(objectName);
    return action;
}

void ProviderCommands::add(Kind kind, const QString &text, const QString &objectName, bool startsGroup)
{
    QAction *action = make(text, objectName);
    connect(action, &QAction::triggered, this, [this, kind] { run(kind); });
    m_entries.push_back({ kind, action, startsGroup });
}

void ProviderCommands::addTo(QMenu *menu) const
{
    menu->addAction(m_details);
    for (const Entry &entry : m_entries) {
        if (entry.startsGroup)
            menu->addSeparator();
        menu->addAction(entry.action);
    }
    menu->addSeparator();
    menu->addAction(m_mute);
    menu->addAction(m_copy);
    menu->addSeparator();
    menu->addAction(m_edit);
    menu->addAction(m_add);
}

QAction *ProviderCommands::action(Kind kind) const
{
    for (const Entry &entry : m_entries) {
        if (entry.kind == kind)
            return entry.action;
    }
    return nullptr;
}

void ProviderCommands::setProvider(const EngineSnapshotPtr &snapshot, const QString &name)
{
    m_snapshot = snapshot;
    m_provider = name;
    const ProviderSnapshot *meant = provider();
    m_details->setEnabled(meant);
    m_edit->setEnabled(meant);
    m_copy->setEnabled(meant);
    m_mute->setEnabled(meant && !alarmIds().isEmpty());
    for (const Entry &entry : m_entries)
        entry.action->setEnabled(meant && makesSense(entry.kind, *meant));
}

const ProviderSnapshot *ProviderCommands::provider() const
{
    const auto &all = m_snapshot->providers;
    const auto at = std::find_if(all.begin(), all.end(),
                                 [this](const ProviderSnapshot &provider) { return provider.name == m_provider; });
    return at == all.end() ? nullptr : &*at;
}

QStringList ProviderCommands::alarmIds() const
{
    QStringList ids;
    for (const Alarm &alarm : m_snapshot->alarms) {
        const bool holds = alarm.state == AlarmState::Active || alarm.state == AlarmState::Acknowledged;
        if (holds && alarm.subject == m_provider)
            ids.append(alarm.id);
    }
    return ids;
}

void ProviderCommands::askToMute()
{
    CommandQuestion question;
    question.title = tr("Mute the alarms of %1?").arg(m_provider);
    question.consequence =
        tr("They stay in the list, but neither flash nor notify for that long. Alarms that are still "
           "true then come back.");
    question.verb = tr("Mute");
    question.duration = Duration::Required;
    question.durationLabel = tr("&Mute for");
    auto *dialog = new CommandDialog(question, m_window);
    connect(dialog, &QDialog::accepted, this, [this, dialog] { mute(*dialog->duration()); });
    dialog->open();
}

void ProviderCommands::mute(Milliseconds duration)
{
    for (const QString &id : alarmIds()) {
        onAnswer(m_engine.shelveAlarm(id, duration), this, [this, id](const Status &status) {
            if (status)
                Q_EMIT done(tr("Muted: %1").arg(id));
            else
                Q_EMIT failed(tr("%1 was not muted: %2").arg(id, status.error().reason));
        });
    }
}

void ProviderCommands::copy()
{
    if (const ProviderSnapshot *meant = provider()) {
        QGuiApplication::clipboard()->setText(spokenSummary(*meant, m_snapshot->takenAt));
        Q_EMIT done(tr("Copied: %1").arg(meant->name));
    }
}

void ProviderCommands::run(Kind kind)
{
    ProviderCommand command;
    command.kind = kind;
    command.provider = m_provider;
    const auto asked = question(kind, m_provider);
    if (!asked) {
        send(command);
        return;
    }
    auto *dialog = new CommandDialog(*asked, m_window);
    connect(dialog, &QDialog::accepted, this, [this, dialog, command] {
        ProviderCommand confirmed = command;
        confirmed.duration = dialog->duration();
        send(confirmed);
    });
    dialog->open();
}

void ProviderCommands::send(const ProviderCommand &command)
{
    const QString what = action(command.kind)->iconText();
    const QString provider = command.provider;
    onAnswer(m_engine.command(command), this, [this, what, provider](const Status &status) {
        if (status)
            Q_EMIT done(tr("%1: %2").arg(provider, what));
        else
            Q_EMIT failed(tr("%1: %2 failed: %3").arg(provider, what, status.error().reason));
    });
}

} // namespace signalbox
