// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/alarms/alarmpanel.h"

#include "ui/alarms/alarmactions.h"
#include "ui/alarms/journaltable.h"
#include "ui/models/alarmwords.h"
#include "ui/page/console.h"
#include "ui/style/appearance.h"
#include "ui/style/format.h"
#include "ui/style/lamp.h"

#include <QAction>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QStackedWidget>
#include <QToolButton>

namespace signalbox {

namespace {

QLabel *sentence(const QString &objectName, QWidget *parent)
{
    auto *label = new QLabel(parent);
    label->setObjectName(objectName);
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return label;
}

/// Since when, how long, and who has it in hand.
QString storyOf(const Alarm &alarm, bool suppressed, const QDateTime &now)
{
    const auto span = [](const QDateTime &from, const QDateTime &to) {
        return formatSpan(std::chrono::milliseconds(from.msecsTo(to)));
    };
    const QString since = clockText(alarm.since, now);
    QString story;
    if (alarm.state == AlarmState::Cleared)
        story = AlarmPanel::tr("It began at %1 and was over at %2, after %3.")
                    .arg(since, clockText(alarm.changed, now), span(alarm.since, alarm.changed));
    else
        story = AlarmPanel::tr("Since %1, %2.").arg(since, span(alarm.since, now));
    if (alarm.acknowledgedAt.isValid())
        story += AlarmPanel::tr(" Acknowledged %1 ago (%2).")
                     .arg(span(alarm.acknowledgedAt, now), acknowledgerWord(alarm.acknowledgedBy));
    if (alarm.count > 1)
        story +=
            AlarmPanel::tr(" Raised %n time(s) since %1.", nullptr, alarm.count).arg(clockText(alarm.firstRaised, now));
    if (alarm.state == AlarmState::Shelved && alarm.shelvedUntil.isValid())
        story += AlarmPanel::tr(" Silent until %1.").arg(clockText(alarm.shelvedUntil, now));
    if (suppressed)
        story += AlarmPanel::tr(" Its provider is disabled, so it needs no answer now.");
    return story;
}

} // namespace

AlarmPanel::AlarmPanel(Console &console, QWidget *parent)
    : QWidget(parent), m_console(console),
      m_table(new JournalTable(m_model, console.appearance(), AlarmModel::LampRole, AlarmModel::TintRole, this)),
      m_actions(new AlarmActions(console, m_model, *m_table, this)), m_stack(new QStackedWidget(this))
{
    m_table->setObjectName(QStringLiteral("alarms"));
    m_table->setAccessibleName(tr("Alarms, those that need an answer first"));
    m_table->setContextMenu(m_actions->contextMenu());
    m_table->sizeColumns({ tr("Medium") + QStringLiteral("000"), tr("Shelved until 00:00:00"),
                           QStringLiteral("00:00:00 · 00 min"), QStringLiteral("anthropic-eu-west"),
                           QStringLiteral("anthropic-eu gets no requests since 12:41:07: failure rate 62 % of"),
                           tr("signalboxctl · 00:00:00 · 00 min ago"), QStringLiteral("000") });
    m_table->stretchColumn(AlarmModel::TextColumn);
    auto *none = new QLabel(tr("No alarms. Everything that needs an answer is listed here; what only happened is under "
                               "Events."),
                            this);
    none->setObjectName(QStringLiteral("noAlarms"));
    none->setAlignment(Qt::AlignCenter);
    none->setWordWrap(true);
    none->setBackgroundRole(QPalette::AlternateBase);
    none->setAutoFillBackground(true);
    m_stack->addWidget(m_table);
    m_stack->addWidget(none);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 8, 0, 0);
    layout->setSpacing(8);
    layout->addLayout(buildHead());
    layout->addWidget(m_stack, 1);
    layout->addWidget(buildDetail());
    connect(m_table, &JournalTable::selectedRowsChanged, this, &AlarmPanel::showSelection);
    connect(&m_model, &QAbstractItemModel::rowsInserted, this, &AlarmPanel::showSelection);
    connect(&m_model, &QAbstractItemModel::rowsRemoved, this, &AlarmPanel::showSelection);
    connect(&m_model, &QAbstractItemModel::dataChanged, this, &AlarmPanel::showSelection);
}

QToolButton *AlarmPanel::buttonFor(QAction *action)
{
    auto *button = new QToolButton(this);
    button->setDefaultAction(action);
    button->setObjectName(action->objectName() + QStringLiteral("Button"));
    button->setAccessibleName(action->iconText());
    button->setToolButtonStyle(Qt::ToolButtonTextOnly);
    button->setFocusPolicy(Qt::StrongFocus);
    button->setMinimumHeight(28);
    return button;
}

QLayout *AlarmPanel::buildHead()
{
    m_counts = new QLabel(this);
    m_counts->setObjectName(QStringLiteral("alarmCounts"));
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(m_counts, 1);
    row->addWidget(buttonFor(m_actions->acknowledgeAll()));
    return row;
}

QWidget *AlarmPanel::buildDetail()
{
    m_detail = new QWidget(this);
    m_detail->setBackgroundRole(QPalette::AlternateBase);
    m_detail->setAutoFillBackground(true);
    m_lamp = new LampWidget(m_console.appearance(), m_detail);
    m_text = sentence(QStringLiteral("alarmText"), m_detail);
    QFont bold = m_text->font();
    bold.setBold(true);
    m_text->setFont(bold);
    m_story = sentence(QStringLiteral("alarmStory"), m_detail);
    m_story->setForegroundRole(QPalette::PlaceholderText);
    m_advice = sentence(QStringLiteral("alarmAdvice"), m_detail);
    auto *shelve = new QToolButton(m_detail);
    shelve->setObjectName(QStringLiteral("shelveButton"));
    shelve->setText(tr("Mute"));
    shelve->setAccessibleName(tr("Mute (shelve) for a time"));
    shelve->setPopupMode(QToolButton::InstantPopup);
    shelve->setFocusPolicy(Qt::StrongFocus);
    shelve->setMinimumHeight(28);
    shelve->setMenu(m_actions->shelveMenu());
    auto *head = new QHBoxLayout;
    head->setSpacing(8);
    head->addWidget(m_lamp, 0, Qt::AlignTop);
    head->addWidget(m_text, 1);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addWidget(buttonFor(m_actions->acknowledge()));
    buttons->addWidget(shelve);
    buttons->addWidget(buttonFor(m_actions->unshelve()));
    buttons->addWidget(buttonFor(m_actions->openRelated()));
    buttons->addStretch(1);
    auto *layout = new QVBoxLayout(m_detail);
    layout->setContentsMargins(12, 12, 12, 12);
    layout->setSpacing(8);
    layout->addLayout(head);
    layout->addWidget(m_story);
    layout->addWidget(m_advice);
    layout->addLayout(buttons);
    m_detail->hide();
    return m_detail;
}

void AlarmPanel::refresh()
{
    m_model.setSnapshot(*m_console.snapshot());
    m_stack->setCurrentIndex(m_model.rowCount() == 0 ? 1 : 0);
    if (!m_pending.isEmpty())
        select(m_pending);
    showCounts();
    showSelection();
}

void AlarmPanel::select(const QString &id)
{
    const int row = m_model.rowOf(id);
    m_pending = row < 0 ? id : QString();
    if (row >= 0)
        m_table->setCurrentIndex(m_model.index(row, 0));
}

QString AlarmPanel::selectedId() const
{
    const Alarm *alarm = m_model.alarm(m_table->selectedRow());
    return alarm ? alarm->id : QString();
}

QList<QAction *> AlarmPanel::actions() const
{
    return m_actions->all();
}

void AlarmPanel::showCounts()
{
    int waiting = 0;
    int shelved = 0;
    for (int row = 0; row < m_model.rowCount(); ++row) {
        const AlarmState state = m_model.alarm(row)->state;
        waiting += state == AlarmState::Active && !m_model.isSuppressed(row) ? 1 : 0;
        shelved += state == AlarmState::Shelved ? 1 : 0;
    }
    QString text = waiting == 0 ? tr("Nothing waits for an answer.") : tr("%n unacknowledged", nullptr, waiting);
    if (shelved > 0)
        text += tr(" · %n muted", nullptr, shelved);
    m_counts->setText(text);
}

void AlarmPanel::showSelection()
{
    m_actions->update();
    const int row = m_table->selectedRow();
    const Alarm *alarm = m_model.alarm(row);
    m_detail->setVisible(alarm);
    if (!alarm)
        return;
    const bool suppressed = m_model.isSuppressed(row);
    m_lamp->setShape(alarmLamp(*alarm, suppressed));
    m_text->setText(alarm->text);
    m_story->setText(storyOf(*alarm, suppressed, m_model.takenAt()));
    const QString advice = whatToDo(alarm->rule);
    m_advice->setText(advice.isEmpty() ? QString() : tr("What to do: %1").arg(advice));
    m_advice->setVisible(!advice.isEmpty());
}

} // namespace signalbox
