// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/provider/recentrequests.h"

#include "ui/page/answer.h"
#include "ui/style/format.h"
#include "ui/style/rowdelegate.h"

#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QScrollBar>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

namespace signalbox {

namespace {

constexpr int mostRequests = 50;
constexpr int rowHeight = 22;

} // namespace

QString filterFor(const QString &provider)
{
    return QStringLiteral("provider:%1").arg(provider); // names hold no character that would need quotes
}

RecentRequests::RecentRequests(Engine &engine, const Appearance &appearance, QWidget *parent)
    : Card(tr("Last %1 requests").arg(mostRequests), appearance, parent), m_engine(engine),
      m_table(new QTableView(this)), m_empty(new QLabel(this))
{
    m_table->setObjectName(QStringLiteral("recentRequests"));
    m_table->setAccessibleName(tr("Last requests of this provider"));
    m_table->setItemDelegate(new RowDelegate(appearance, RequestModel::LampRole, RequestModel::TintRole, m_table));
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setShowGrid(false);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setTabKeyNavigation(false);
    m_table->setWordWrap(false);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setMinimumSectionSize(rowHeight);
    m_table->verticalHeader()->setDefaultSectionSize(rowHeight);
    m_table->horizontalHeader()->setHighlightSections(false);
    connect(m_table, &QTableView::activated, this, [this](const QModelIndex &index) {
        if (const auto request = m_model->request(index.row()))
            Q_EMIT openRequested(request->sequence);
    });
    m_empty->setObjectName(QStringLiteral("noRequests"));
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setForegroundRole(QPalette::PlaceholderText);
    m_empty->setWordWrap(true);
    auto *open = new QPushButton(tr("Open in Requests"), this);
    open->setObjectName(QStringLiteral("openRequests"));
    open->setAccessibleName(open->text());
    connect(open, &QPushButton::clicked, this, [this] { Q_EMIT openRequested(std::nullopt); });
    body()->addWidget(m_table, 1);
    body()->addWidget(m_empty, 1);
    body()->addWidget(open, 0, Qt::AlignRight);
    reset();
}

void RecentRequests::reset()
{
    ++m_generation;
    m_asking = false;
    m_seenAttempts = 0;
    auto fresh = std::make_unique<RequestModel>(mostRequests);
    m_table->setModel(fresh.get());
    m_model = std::move(fresh);
    QHeaderView *header = m_table->horizontalHeader();
    for (int column = 0; column < RequestModel::ColumnCount; ++column) {
        const bool shown = column == RequestModel::TimeColumn || column == RequestModel::OutcomeColumn ||
            column == RequestModel::FirstByteColumn || column == RequestModel::TotalColumn;
        m_table->setColumnHidden(column, !shown);
    }
    const QFontMetrics metrics = m_table->fontMetrics();
    const auto fit = [&](int column, const QString &widest) {
        m_table->setColumnWidth(column,
                                std::max(metrics.horizontalAdvance(widest) + 2 * RowDelegate::padding + 6,
                                         header->sectionSizeHint(column)));
    };
    fit(RequestModel::TimeColumn, QStringLiteral("00:00:00.000"));
    fit(RequestModel::FirstByteColumn, formatLatency(999));
    fit(RequestModel::TotalColumn, formatLatency(999));
    header->setSectionResizeMode(RequestModel::OutcomeColumn, QHeaderView::Stretch);
    showEmptyText();
}

void RecentRequests::show(const ProviderSnapshot &provider, const std::optional<TimeSpan> &span)
{
    if (provider.name != m_provider || span != m_span) {
        m_provider = provider.name;
        m_span = span;
        setTitle(span ? tr("Last %1 requests of the time shown").arg(mostRequests)
                      : tr("Last %1 requests").arg(mostRequests));
        reset();
    }
    // What it was asked for has ended when the counters of outcomes move.
    const OutcomeCounts &ended = provider.outcomes;
    const std::uint64_t attempts = 1 + ended.success + ended.failure + ended.throttled + ended.ignored;
    if (m_asking || attempts == m_seenAttempts)
        return;
    m_seenAttempts = attempts;
    ask();
}

void RecentRequests::ask()
{
    const auto filter = Filter::parse(filterFor(m_provider));
    if (!filter)
        return;
    RequestQuery query;
    query.filter = filter.value();
    query.limit = mostRequests;
    if (m_span) {
        query.since = QDateTime::fromMSecsSinceEpoch(m_span->sinceMs, Qt::UTC);
        query.until = QDateTime::fromMSecsSinceEpoch(m_span->untilMs, Qt::UTC);
    }
    m_asking = true;
    onAnswer(m_engine.requests(query), this, [this, generation = m_generation](const RequestPage &page) {
        if (generation == m_generation)
            take(page);
    });
}

void RecentRequests::take(const RequestPage &page)
{
    m_asking = false;
    const QScrollBar *bar = m_table->verticalScrollBar();
    const bool follows = bar->value() == bar->maximum();
    m_model->add(page.requests);
    if (follows)
        m_table->scrollToBottom();
    showEmptyText();
}

void RecentRequests::showEmptyText()
{
    const bool none = m_model->rowCount() == 0;
    m_table->setVisible(!none);
    m_empty->setVisible(none);
    m_empty->setText(m_span ? tr("No requests in this time.")
                            : tr("No requests yet. Point a tool at the proxy, or probe the provider to see whether it "
                                 "answers."));
}

} // namespace signalbox
