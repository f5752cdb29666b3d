// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/alarms/alarmactions.h"

#include "ui/alarms/journaltable.h"
#include "ui/alarms/shelvedialog.h"
#include "ui/page/answer.h"
#include "ui/page/commanddialog.h"
#include "ui/page/console.h"

#include <QAction>
#include <QClipboard>
#include <QGuiApplication>
#include <QMenu>

#include <algorithm>

namespace signalbox {

namespace {

using namespace std::chrono_literals;

constexpr qint64 aroundSeconds = 300; ///< shown before and after an alarm

} // namespace

AlarmActions::AlarmActions(Console &console, AlarmModel &model, JournalTable &table, QWidget *panel)
    : QObject(panel), m_console(console), m_model(model), m_table(table), m_panel(panel), m_menu(new QMenu(panel)),
      m_shelveMenu(new QMenu(tr("&Mute (shelve)"), panel)),
      m_acknowledge(make(tr("&Acknowledge"), QStringLiteral("acknowledge"), QKeySequence(Qt::CTRL | Qt::Key_A))),
      m_acknowledgeAll(make(tr("Acknowledge a&ll…"), QStringLiteral("acknowledgeAll"),
                            QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_A))),
      m_mute(make(tr("&Mute…"), QStringLiteral("muteAlarm"), QKeySequence(Qt::Key_M))),
      m_unshelve(make(tr("&Unmute (unshelve)"), QStringLiteral("unshelve"), {})),
      m_open(make(tr("&Show what happened around it"), QStringLiteral("openRelated"), {})),
      m_copy(make(tr("&Copy as text"), QStringLiteral("copyAlarm"), QKeySequence::Copy))
{
    m_shelveMenu->setObjectName(QStringLiteral("shelveMenu"));
    addShelve(tr("For &15 minutes"), QStringLiteral("shelve15min"), 15min);
    addShelve(tr("For &1 hour"), QStringLiteral("shelve1h"), 1h);
    addShelve(tr("For &8 hours"), QStringLiteral("shelve8h"), 8h);
    QAction *until = m_shelveMenu->addAction(tr("&Until…"));
    until->setObjectName(QStringLiteral("shelveUntilAction"));
    connect(until, &QAction::triggered, this, &AlarmActions::askUntilWhen);
    connect(m_acknowledge, &QAction::triggered, this,
            [this] { acknowledgeIds(selectedIds(AlarmState::Active) + selectedIds(AlarmState::Cleared)); });
    connect(m_acknowledgeAll, &QAction::triggered, this, &AlarmActions::askToAcknowledgeAll);
    connect(m_mute, &QAction::triggered, this, &AlarmActions::popUpShelveMenu);
    connect(m_unshelve, &QAction::triggered, this, [this] { shelveSelected(0ms); });
    connect(m_open, &QAction::triggered, this, &AlarmActions::showRelated);
    connect(m_copy, &QAction::triggered, this, &AlarmActions::copyText);
    connect(&table, &JournalTable::opened, m_open, &QAction::trigger);
    m_menu->addAction(m_acknowledge);
    m_menu->addMenu(m_shelveMenu);
    m_menu->addAction(m_unshelve);
    m_menu->addSeparator();
    m_menu->addActions({ m_open, m_copy });
    update();
}

QAction *AlarmActions::make(const QString &text, const QString &objectName, const QKeySequence &shortcut)
{
    auto *action = new QAction(text, this);
    action->setObjectName(objectName);
    action->setShortcut(shortcut);
    // In a text these keys mean something else.
    action->setShortcutContext(Qt::WidgetShortcut);
    m_table.addAction(action);
    return action;
}

void AlarmActions::addShelve(const QString &text, const QString &objectName, std::chrono::milliseconds duration)
{
    QAction *action = m_shelveMenu->addAction(text);
    action->setObjectName(objectName);
    connect(action, &QAction::triggered, this, [this, duration] { shelveSelected(duration); });
}

QList<QAction *> AlarmActions::all() const
{
    return QList<QAction *> { m_acknowledge, m_acknowledgeAll } + m_shelveMenu->actions() +
        QList<QAction *> { m_unshelve, m_open, m_copy };
}

void AlarmActions::update()
{
    const bool any = !selectedIds().isEmpty();
    const bool shelved = !selectedIds(AlarmState::Shelved).isEmpty();
    m_acknowledge->setEnabled(!selectedIds(AlarmState::Active).isEmpty() ||
                              !selectedIds(AlarmState::Cleared).isEmpty());
    m_acknowledgeAll->setEnabled(!unacknowledgedIds().isEmpty());
    m_unshelve->setEnabled(shelved);
    m_shelveMenu->setEnabled(any);
    const QList<QAction *> shelves = m_shelveMenu->actions();
    for (QAction *action : shelves + QList<QAction *> { m_mute, m_open, m_copy })
        action->setEnabled(any);
}

QStringList AlarmActions::selectedIds() const
{
    QStringList ids;
    const QList<int> rows = m_table.selectedRows();
    for (const int row : rows) {
        if (const Alarm *alarm = m_model.alarm(row))
            ids.append(alarm->id);
    }
    return ids;
}

QStringList AlarmActions::selectedIds(AlarmState state) const
{
    QStringList ids;
    const QList<int> rows = m_table.selectedRows();
    for (const int row : rows) {
        const Alarm *alarm = m_model.alarm(row);
        if (alarm && alarm->state == state)
            ids.append(alarm->id);
    }
    return ids;
}

QStringList AlarmActions::unacknowledgedIds() const
{
    QStringList ids;
    for (int row = 0; row < m_model.rowCount(); ++row) {
        const Alarm &alarm = *m_model.alarm(row);
        if (alarm.state == AlarmState::Active || alarm.state == AlarmState::Cleared)
            ids.append(alarm.id);
    }
    return ids;
}

void AlarmActions::acknowledgeIds(const QStringList &ids)
{
    for (const QString &id : ids) {
        onAnswer(m_console.acknowledgeAlarm(id), this, [this](const Status &status) {
            if (!status)
                m_console.reportFailure(status.error().reason);
        });
    }
    if (!ids.isEmpty())
        m_console.tell(tr("Acknowledged %n alarm(s)", nullptr, static_cast<int>(ids.size())));
}

void AlarmActions::askToAcknowledgeAll()
{
    const QStringList ids = unacknowledgedIds();
    CommandQuestion question;
    question.title = tr("Acknowledge %n alarm(s)?", nullptr, static_cast<int>(ids.size()));
    question.consequence =
        tr("You say by it that you have seen every one of them. Each is told again only after it was "
           "over and comes back.");
    question.verb = tr("Acknowledge all");
    auto *dialog = new CommandDialog(question, m_panel);
    connect(dialog, &QDialog::accepted, this, [this, ids] { acknowledgeIds(ids); });
    dialog->open();
}

void AlarmActions::askUntilWhen()
{
    const QStringList ids = selectedIds();
    if (ids.isEmpty())
        return;
    const QString what = ids.size() == 1 ? ids.first() : tr("%n alarm(s)", nullptr, static_cast<int>(ids.size()));
    auto *dialog = new ShelveDialog(what, m_model.takenAt(), m_panel);
    connect(dialog, &QDialog::accepted, this, [this, dialog] {
        const qint64 left = QDateTime::currentDateTimeUtc().msecsTo(dialog->until());
        if (left > 0)
            shelveSelected(std::chrono::milliseconds(left));
    });
    dialog->open();
}

void AlarmActions::shelveSelected(std::chrono::milliseconds duration)
{
    const QStringList ids = duration.count() > 0 ? selectedIds() : selectedIds(AlarmState::Shelved);
    for (const QString &id : ids) {
        onAnswer(m_console.engine().shelveAlarm(id, duration), this, [this](const Status &status) {
            if (!status)
                m_console.reportFailure(status.error().reason);
        });
    }
}

void AlarmActions::popUpShelveMenu()
{
    const QRect row = m_table.visualRect(m_table.currentIndex());
    m_shelveMenu->popup(m_table.viewport()->mapToGlobal(row.bottomLeft()), m_shelveMenu->actions().value(0));
}

/// The provider's charts, or the requests of a whole dialect.
void AlarmActions::showRelated()
{
    const Alarm *alarm = m_model.alarm(m_table.selectedRow());
    if (!alarm)
        return;
    PageTarget target;
    target.since = alarm->since.addSecs(-aroundSeconds);
    target.until = alarm->since.addSecs(aroundSeconds);
    const std::vector<ProviderSnapshot> &providers = m_console.snapshot()->providers;
    const bool known = std::any_of(providers.begin(), providers.end(), [alarm](const ProviderSnapshot &provider) {
        return provider.name == alarm->subject;
    });
    target.page = known ? PageId::Provider : PageId::Requests;
    if (known)
        target.provider = alarm->subject;
    else if (!alarm->subject.isEmpty())
        target.filter = QStringLiteral("dialect:%1").arg(alarm->subject);
    m_console.open(target);
}

void AlarmActions::copyText()
{
    QStringList lines;
    const QList<int> rows = m_table.selectedRows();
    for (const int row : rows) {
        QStringList cells;
        for (int column = 0; column < AlarmModel::ColumnCount; ++column)
            cells.append(m_model.index(row, column).data().toString().replace(QChar(0x202F), QLatin1Char(' ')));
        lines.append(cells.join(QLatin1Char('\t')));
    }
    QGuiApplication::clipboard()->setText(lines.join(QLatin1Char('\n')));
    m_console.tell(tr("Copied %n alarm(s)", nullptr, static_cast<int>(lines.size())));
}

} // namespace signalbox
