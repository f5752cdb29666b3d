// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/requests/filterbar.h"

#include "ui/requests/filteredit.h"
#include "ui/requests/savedfilters.h"
#include "ui/style/appearance.h"
#include "ui/style/chip.h"
#include "ui/style/lamp.h"

#include <QHBoxLayout>
#include <QInputDialog>
#include <QLabel>
#include <QMenu>
#include <QToolButton>
#include <QVBoxLayout>

namespace signalbox {

namespace {

/// Between two key presses of a person who is still typing.
constexpr std::chrono::milliseconds typingPause { 150 };

QString momentText(const QDateTime &moment, const QDateTime &other)
{
    const QDateTime local = moment.toLocalTime();
    const bool today = local.date() == QDate::currentDate() &&
        (!other.isValid() || other.toLocalTime().date() == QDate::currentDate());
    return local.toString(today ? QStringLiteral("HH:mm:ss") : QStringLiteral("yyyy-MM-dd HH:mm:ss"));
}

QStringList wordsOf(const QString &text)
{
    return text.split(QLatin1Char(' '), Qt::SkipEmptyParts);
}

} // namespace

FilterBar::FilterBar(const Appearance &appearance, QWidget *parent)
    : QWidget(parent), m_appearance(appearance), m_edit(new FilterEdit(appearance, this)),
      m_range(new Chip({}, Chip::Kind::Removable, appearance, this)), m_saved(new QToolButton(this)),
      m_savedMenu(new QMenu(this)), m_problemLine(new QWidget(this)), m_problem(new QLabel(m_problemLine)),
      m_row(new QHBoxLayout)
{
    m_edit->setObjectName(QStringLiteral("requestFilter"));
    m_range->setObjectName(QStringLiteral("rangeChip"));
    m_row->setSpacing(8);
    m_row->addWidget(m_range);
    m_row->addWidget(m_edit, 1);
    addQuickFilter(tr("Failed"), QStringLiteral("chipFailed"), QStringLiteral("outcome:failed"));
    addQuickFilter(tr("Retried"), QStringLiteral("chipRetried"), QStringLiteral("outcome:retried"));
    addQuickFilter(tr("Slow"), QStringLiteral("chipSlow"), QStringLiteral("ttft>5s"));
    m_inFlight = addChip(tr("In flight"), QStringLiteral("chipInFlight"), tr("Only requests that have not ended"));
    connect(m_inFlight, &Chip::toggled, this, &FilterBar::apply);
    m_saved->setObjectName(QStringLiteral("savedFilters"));
    m_saved->setText(tr("Saved"));
    m_saved->setAccessibleName(tr("Saved filters"));
    m_saved->setPopupMode(QToolButton::InstantPopup);
    m_saved->setFocusPolicy(Qt::StrongFocus);
    m_saved->setMenu(m_savedMenu);
    m_row->addWidget(m_saved);
    connect(m_savedMenu, &QMenu::aboutToShow, this, &FilterBar::fillSavedMenu);

    auto *lamp = new LampWidget(appearance, m_problemLine);
    lamp->setShape(LampShape::Triangle);
    m_problem->setObjectName(QStringLiteral("filterProblem"));
    m_problem->setWordWrap(true);
    m_problem->setTextFormat(Qt::PlainText);
    auto *problemRow = new QHBoxLayout(m_problemLine);
    problemRow->setContentsMargins(0, 0, 0, 0);
    problemRow->setSpacing(8);
    problemRow->addWidget(lamp);
    problemRow->addWidget(m_problem, 1);

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addLayout(m_row);
    layout->addWidget(m_problemLine);
    m_problemLine->hide();
    m_range->hide();

    m_pause.setSingleShot(true);
    m_pause.setInterval(typingPause);
    connect(&m_pause, &QTimer::timeout, this, &FilterBar::apply);
    connect(m_edit, &QLineEdit::textChanged, this, [this] {
        showChips();
        m_pause.start();
    });
    connect(m_edit, &QLineEdit::returnPressed, this, &FilterBar::apply);
    connect(m_range, &Chip::clicked, this, [this] { setRange({}, {}); });
}

Chip *FilterBar::addChip(const QString &text, const QString &objectName, const QString &explanation)
{
    auto *chip = new Chip(text, Chip::Kind::Checkable, m_appearance, this);
    chip->setObjectName(objectName);
    chip->setToolTip(explanation);
    chip->setAccessibleName(text);
    chip->setAccessibleDescription(explanation);
    m_row->addWidget(chip);
    return chip;
}

void FilterBar::addQuickFilter(const QString &text, const QString &objectName, const QString &term)
{
    Chip *chip = addChip(text, objectName, tr("Only what matches %1").arg(term));
    m_quick.push_back({ chip, term });
    connect(chip, &Chip::clicked, this, [this, term](bool on) { toggleTerm(term, on); });
}

void FilterBar::toggleTerm(const QString &term, bool on)
{
    QStringList words = wordsOf(m_edit->text());
    words.removeAll(term);
    if (on)
        words.append(term);
    setText(words.join(QLatin1Char(' ')));
}

QString FilterBar::text() const
{
    return m_edit->text().trimmed();
}

void FilterBar::setText(const QString &text)
{
    m_edit->setText(text);
    apply();
}

void FilterBar::setRange(const std::optional<QDateTime> &since, const std::optional<QDateTime> &until)
{
    if (m_choice.since == since && m_choice.until == until)
        return;
    m_choice.since = since;
    m_choice.until = until;
    showRange();
    Q_EMIT choiceChanged();
}

bool FilterBar::isClear() const
{
    return m_edit->text().isEmpty() && !m_choice.since && !m_choice.until && !m_choice.onlyInFlight;
}

void FilterBar::clear()
{
    {
        const QSignalBlocker block(this); // one change, not three
        m_inFlight->setChecked(false);
        setRange({}, {});
        setText({});
    }
    Q_EMIT choiceChanged();
}

void FilterBar::focusFilter()
{
    m_edit->setFocus(Qt::ShortcutFocusReason);
    m_edit->selectAll();
}

void FilterBar::setKnownValues(Filter::KnownValues values)
{
    m_edit->setKnownValues(std::move(values));
}

void FilterBar::apply()
{
    m_pause.stop();
    showProblem();
    const Result<Filter> parsed = Filter::parse(m_edit->text());
    const bool changed =
        (parsed && parsed.value().text() != m_choice.filter.text()) || m_choice.onlyInFlight != m_inFlight->isChecked();
    if (parsed)
        m_choice.filter = parsed.value();
    m_choice.onlyInFlight = m_inFlight->isChecked();
    if (changed)
        Q_EMIT choiceChanged();
}

void FilterBar::showProblem()
{
    const std::optional<FilterProblem> &problem = m_edit->problem();
    m_problem->setText(problem ? tr("%1 The list shows the filter before.").arg(problem->explanation) : QString());
    m_edit->setAccessibleDescription(m_problem->text());
    m_problemLine->setVisible(problem.has_value());
}

void FilterBar::showChips()
{
    const QStringList words = wordsOf(m_edit->text());
    for (const QuickFilter &quick : m_quick)
        quick.chip->setChecked(words.contains(quick.term, Qt::CaseInsensitive));
}

void FilterBar::showRange()
{
    const QDateTime since = m_choice.since.value_or(QDateTime());
    const QDateTime until = m_choice.until.value_or(QDateTime());
    QString text;
    if (since.isValid() && until.isValid())
        text = tr("%1 – %2").arg(momentText(since, until), momentText(until, since));
    else if (since.isValid())
        text = tr("since %1").arg(momentText(since, {}));
    else if (until.isValid())
        text = tr("until %1").arg(momentText(until, {}));
    m_range->setText(text);
    m_range->setAccessibleName(tr("Time range %1, press to remove").arg(text));
    m_range->setToolTip(tr("Remove the time range"));
    m_range->updateGeometry();
    m_range->setVisible(!text.isEmpty());
}

void FilterBar::fillSavedMenu()
{
    m_savedMenu->clear();
    const QList<SavedFilter> filters = SavedFilters::all();
    for (const SavedFilter &filter : filters) {
        QAction *action = m_savedMenu->addAction(filter.name);
        action->setToolTip(filter.text);
        connect(action, &QAction::triggered, this, [this, filter] { setText(filter.text); });
    }
    if (!filters.isEmpty())
        m_savedMenu->addSeparator();
    QAction *save = m_savedMenu->addAction(tr("&Save this filter…"));
    save->setEnabled(!text().isEmpty() && !m_edit->problem());
    connect(save, &QAction::triggered, this, &FilterBar::askForName);
    if (filters.isEmpty())
        return;
    QMenu *remove = m_savedMenu->addMenu(tr("&Remove"));
    for (const SavedFilter &filter : filters) {
        connect(remove->addAction(filter.name), &QAction::triggered, this,
                [name = filter.name] { SavedFilters::remove(name); });
    }
}

void FilterBar::askForName()
{
    auto *dialog = new QInputDialog(this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Save filter"));
    dialog->setLabelText(tr("Name for %1").arg(text()));
    dialog->setTextValue(text());
    dialog->setOkButtonText(tr("Save"));
    connect(dialog, &QInputDialog::textValueSelected, this, &FilterBar::save);
    dialog->open();
}

void FilterBar::save(const QString &name)
{
    if (!name.trimmed().isEmpty())
        SavedFilters::add({ name.trimmed(), text() });
}

} // namespace signalbox
