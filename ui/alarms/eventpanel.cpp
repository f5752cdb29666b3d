// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/alarms/eventpanel.h"

#include "engine/api/requestjson.h"
#include "ui/alarms/journaltable.h"
#include "ui/models/eventwords.h"
#include "ui/page/answer.h"
#include "ui/page/background.h"
#include "ui/page/console.h"
#include "ui/style/format.h"

#include <QAction>
#include <QComboBox>
#include <QDir>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSaveFile>
#include <QScrollBar>
#include <QSignalBlocker>
#include <QStackedWidget>
#include <QStandardPaths>
#include <QToolButton>

namespace signalbox {

namespace {

Status exportEvents(const QString &path, const std::vector<EventModel::EventPtr> &events)
{
    QSaveFile file(path);
    bool written = file.open(QIODevice::WriteOnly);
    for (auto event = events.rbegin(); written && event != events.rend(); ++event) { // oldest first, as a log is read
        const QByteArray line = toJsonLine(toJson(**event));
        written = file.write(line) == line.size();
    }
    if (!written || !file.commit())
        return Error { EventPanel::tr("Cannot write %1: %2").arg(path, file.errorString()), path };
    return ok();
}

} // namespace

EventPanel::EventPanel(Console &console, QWidget *parent)
    : QWidget(parent), m_console(console), m_feed(console.engine(), m_model),
      m_table(new JournalTable(m_model, console.appearance(), Qt::UserRole, Qt::UserRole, this)),
      m_stack(new QStackedWidget(this)), m_export(new QAction(tr("&Export the shown events…"), this))
{
    m_table->setObjectName(QStringLiteral("events"));
    m_table->setAccessibleName(tr("Events, newest first"));
    m_table->sizeColumns({ QStringLiteral("0000-00-00 00:00:00.000"), tr("Configuration"),
                           QStringLiteral("anthropic-eu"), QStringLiteral("half-open → closed, and more") });
    m_export->setObjectName(QStringLiteral("exportEvents"));
    m_export->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_E));
    m_export->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    addAction(m_export);
    connect(m_export, &QAction::triggered, this, &EventPanel::askWhereTo);
    auto *empty = new QWidget(this);
    empty->setBackgroundRole(QPalette::AlternateBase);
    empty->setAutoFillBackground(true);
    m_empty = new QLabel(empty);
    m_empty->setObjectName(QStringLiteral("eventsEmpty"));
    m_empty->setAlignment(Qt::AlignCenter);
    m_clear = new QPushButton(tr("Clear filter"), empty);
    m_clear->setObjectName(QStringLiteral("clearEventFilter"));
    connect(m_clear, &QPushButton::clicked, this, &EventPanel::clearFilter);
    auto *emptyLayout = new QVBoxLayout(empty);
    emptyLayout->addStretch(1);
    emptyLayout->addWidget(m_empty);
    emptyLayout->addWidget(m_clear, 0, Qt::AlignCenter);
    emptyLayout->addStretch(1);
    m_stack->addWidget(m_table);
    m_stack->addWidget(empty);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 8, 0, 0);
    layout->setSpacing(8);
    layout->addLayout(buildFilter());
    layout->addWidget(m_stack, 1);
    layout->addWidget(buildDetail());
    layout->addLayout(buildFooter());
    connect(m_table, &JournalTable::selectedRowsChanged, this, &EventPanel::showSelection);
    connect(&m_feed, &EventFeed::stateChanged, this, &EventPanel::showFooter);
    connect(&console, &Console::recordedForgotten, &m_feed, &EventFeed::restart);
    connect(&m_model, &QAbstractItemModel::rowsInserted, this, &EventPanel::showFooter);
    connect(&m_model, &QAbstractItemModel::rowsRemoved, this, &EventPanel::showFooter);
    connect(&m_model, &QAbstractItemModel::modelReset, this, &EventPanel::showFooter);
    connect(m_table->verticalScrollBar(), &QScrollBar::valueChanged, this, [this](int value) {
        if (value == m_table->verticalScrollBar()->maximum())
            m_feed.loadOlder();
    });
    showFooter();
}

QLayout *EventPanel::buildFilter()
{
    m_kind = new QComboBox(this);
    m_kind->setObjectName(QStringLiteral("eventKind"));
    m_kind->setAccessibleName(tr("Kind of event"));
    m_kind->addItem(tr("All kinds"));
    for (const StateEvent::Kind kind : allEventKinds())
        m_kind->addItem(kindWord(kind), static_cast<int>(kind));
    m_provider = new QComboBox(this);
    m_provider->setObjectName(QStringLiteral("eventProvider"));
    m_provider->setAccessibleName(tr("Provider"));
    m_provider->addItem(tr("All providers"));
    m_provider->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_text = new QLineEdit(this);
    m_text->setObjectName(QStringLiteral("eventText"));
    m_text->setAccessibleName(tr("Text in the events"));
    m_text->setPlaceholderText(tr("Filter by text"));
    m_text->setClearButtonEnabled(true);
    auto *exporter = new QPushButton(tr("Export…"), this);
    exporter->setObjectName(QStringLiteral("exportEventsButton"));
    exporter->setAccessibleName(tr("Export the shown events"));
    connect(exporter, &QPushButton::clicked, m_export, &QAction::trigger);
    connect(m_kind, &QComboBox::currentIndexChanged, this, &EventPanel::applyFilter);
    connect(m_provider, &QComboBox::currentIndexChanged, this, &EventPanel::applyFilter);
    connect(m_text, &QLineEdit::textChanged, this, &EventPanel::applyFilter);
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(m_kind);
    row->addWidget(m_provider);
    row->addWidget(m_text, 1);
    row->addWidget(exporter);
    return row;
}

QLayout *EventPanel::buildFooter()
{
    m_count = new QLabel(this);
    m_count->setObjectName(QStringLiteral("eventCount"));
    m_older = new QToolButton(this);
    m_older->setObjectName(QStringLiteral("olderEvents"));
    m_older->setText(tr("Load older"));
    m_older->setFocusPolicy(Qt::StrongFocus);
    m_older->setMinimumHeight(24);
    connect(m_older, &QToolButton::clicked, &m_feed, &EventFeed::loadOlder);
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(m_count);
    row->addWidget(m_older);
    row->addStretch(1);
    return row;
}

QWidget *EventPanel::buildDetail()
{
    m_detail = new QWidget(this);
    m_detail->setBackgroundRole(QPalette::AlternateBase);
    m_detail->setAutoFillBackground(true);
    m_reason = new QLabel(m_detail);
    m_reason->setObjectName(QStringLiteral("eventReason"));
    m_reason->setWordWrap(true);
    m_reason->setTextFormat(Qt::PlainText);
    m_change = new QLabel(m_detail);
    m_change->setObjectName(QStringLiteral("eventChange"));
    m_change->setWordWrap(true);
    m_change->setTextFormat(Qt::RichText);
    for (QLabel *label : { m_reason, m_change })
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto *layout = new QVBoxLayout(m_detail);
    layout->setContentsMargins(12, 12, 12, 12);
    layout->setSpacing(8);
    layout->addWidget(m_reason);
    layout->addWidget(m_change);
    m_detail->hide();
    return m_detail;
}

void EventPanel::refresh()
{
    QStringList names;
    for (const ProviderSnapshot &provider : m_console.snapshot()->providers)
        names.append(provider.name);
    QStringList offered;
    for (int i = 1; i < m_provider->count(); ++i)
        offered.append(m_provider->itemText(i));
    if (names != offered) {
        const QString chosen = m_provider->currentIndex() > 0 ? m_provider->currentText() : QString();
        const QSignalBlocker block(m_provider);
        while (m_provider->count() > 1)
            m_provider->removeItem(1);
        m_provider->addItems(names);
        // One that is gone may still be read about.
        if (!chosen.isEmpty() && m_provider->findText(chosen) < 0)
            m_provider->addItem(chosen);
        m_provider->setCurrentIndex(chosen.isEmpty() ? 0 : m_provider->findText(chosen));
    }
    showFooter();
}

void EventPanel::applyFilter()
{
    EventChoice choice;
    if (m_kind->currentIndex() > 0)
        choice.kind = static_cast<StateEvent::Kind>(m_kind->currentData().toInt());
    if (m_provider->currentIndex() > 0)
        choice.provider = m_provider->currentText();
    choice.text = m_text->text().trimmed();
    m_feed.setChoice(choice);
    showFooter();
}

bool EventPanel::isFiltered() const
{
    return m_kind->currentIndex() > 0 || m_provider->currentIndex() > 0 || !m_text->text().isEmpty();
}

void EventPanel::clearFilter()
{
    m_kind->setCurrentIndex(0);
    m_provider->setCurrentIndex(0);
    m_text->clear();
}

void EventPanel::focusFilter()
{
    m_text->setFocus(Qt::ShortcutFocusReason);
    m_text->selectAll();
}

void EventPanel::showFooter()
{
    const auto count = [](std::size_t number) { return formatCount(number); };
    const auto shown = static_cast<std::size_t>(m_model.rowCount());
    QString text = shown == m_model.total() ? tr("%1 events").arg(count(shown))
                                            : tr("%1 of %2").arg(count(shown), count(m_model.total()));
    if (!m_feed.problem().isEmpty())
        text += QStringLiteral(" · ") + m_feed.problem();
    m_count->setText(text);
    m_older->setVisible(m_feed.mayHaveOlder());
    m_older->setEnabled(!m_feed.isLoading());
    m_export->setEnabled(shown > 0);
    const bool empty = shown == 0 && !m_feed.isLoading();
    m_stack->setCurrentIndex(empty ? 1 : 0);
    m_clear->setVisible(isFiltered());
    m_empty->setText(isFiltered() ? tr("No events match.") : tr("No events yet."));
}

void EventPanel::showSelection()
{
    const EventModel::EventPtr event = m_model.eventAt(m_table->selectedRow());
    m_detail->setVisible(event != nullptr);
    if (!event)
        return;
    m_reason->setText(event->reason);
    const QString change = changeHtml(*event);
    m_change->setText(change);
    m_change->setVisible(!change.isEmpty());
}

void EventPanel::askWhereTo()
{
    const QString folder = QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation);
    auto *dialog = new QFileDialog(this, tr("Export the shown events"),
                                   QDir(folder).filePath(QStringLiteral("signalbox-events.jsonl")));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilter(tr("JSON lines (*.jsonl)"));
    dialog->setDefaultSuffix(QStringLiteral("jsonl"));
    connect(dialog, &QFileDialog::fileSelected, this, &EventPanel::exportTo);
    dialog->open();
}

void EventPanel::exportTo(const QString &path)
{
    std::vector<EventModel::EventPtr> events = m_model.shown();
    const QString done = tr("Wrote %1 events to %2").arg(formatCount(events.size()), QDir::toNativeSeparators(path));
    const auto write = [path, events = std::move(events)] { return exportEvents(path, events); };
    onAnswer(inBackground(write), this, [this, done](const Status &written) {
        if (written)
            m_console.tell(done);
        else
            m_console.reportFailure(written.error().reason);
    });
}

} // namespace signalbox
