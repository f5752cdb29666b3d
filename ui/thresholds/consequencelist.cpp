// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/thresholds/consequencelist.h"

#include "ui/style/appearance.h"

#include <QPainter>
#include <QStyledItemDelegate>

#include <algorithm>

namespace signalbox {

namespace {

constexpr int sidePadding = 8;
constexpr int rowPadding = 4;

class SentenceDelegate : public QStyledItemDelegate
{
public:
    SentenceDelegate(const Appearance &appearance, const QListView &view, QObject *parent)
        : QStyledItemDelegate(parent), m_appearance(appearance), m_view(view)
    {
    }

    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const int width = std::max(80, m_view.viewport()->width());
        const QRect bounds =
            fontOf(option, index)
                .boundingRect(0, 0, width - 2 * sidePadding, 10'000, Qt::TextWordWrap, index.data().toString());
        return { width, bounds.height() + 2 * rowPadding };
    }

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const Theme &theme = m_appearance.theme();
        const bool selected = option.state.testFlag(QStyle::State_Selected);
        painter->save();
        if (selected)
            painter->fillRect(option.rect, theme.selection);
        QFont font = option.font;
        font.setBold(index.data(ConsequenceModel::ChangedRole).toBool());
        painter->setFont(font);
        painter->setPen(selected ? theme.selectionText : theme.text);
        painter->drawText(option.rect.adjusted(sidePadding, rowPadding, -sidePadding, -rowPadding),
                          Qt::TextWordWrap | Qt::AlignVCenter, index.data().toString());
        if (option.state.testFlag(QStyle::State_HasFocus)) {
            painter->setPen(QPen(selected ? theme.selectionText : theme.accent, 2));
            painter->drawRect(option.rect.adjusted(1, 1, -1, -1));
        }
        painter->restore();
    }

private:
    static QFontMetrics fontOf(const QStyleOptionViewItem &option, const QModelIndex &index)
    {
        QFont font = option.font;
        font.setBold(index.data(ConsequenceModel::ChangedRole).toBool());
        return QFontMetrics(font);
    }

    const Appearance &m_appearance;
    const QListView &m_view;
};

} // namespace

ConsequenceList::ConsequenceList(const Appearance &appearance, QWidget *parent)
    : QListView(parent), m_appearance(appearance)
{
    setObjectName(QStringLiteral("consequences"));
    setAccessibleName(tr("What the draft would have changed, by provider"));
    setModel(&m_model);
    setItemDelegate(new SentenceDelegate(appearance, *this, this));
    setResizeMode(Adjust);
    setVerticalScrollMode(ScrollPerPixel);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    connect(selectionModel(), &QItemSelectionModel::currentChanged, this, [this](const QModelIndex &current) {
        const QString chosen = m_model.providerAt(current.row());
        if (chosen.isEmpty() || chosen == m_wanted)
            return;
        m_wanted = chosen;
        Q_EMIT providerChosen(chosen);
    });
    connect(&appearance, &Appearance::themeChanged, this, &ConsequenceList::applyTheme);
    applyTheme();
}

void ConsequenceList::setResult(const ReplayResult &result, bool hasDraft)
{
    const QString wanted = m_wanted;
    m_model.setResult(result, hasDraft);
    m_wanted = wanted;
    scheduleDelayedItemsLayout();
    const int row = m_model.rowOf(m_wanted);
    setCurrentIndex(m_model.index(std::max(0, row), 0));
}

QString ConsequenceList::provider() const
{
    return m_wanted;
}

void ConsequenceList::choose(const QString &provider)
{
    m_wanted = provider;
    if (const int row = m_model.rowOf(provider); row >= 0)
        setCurrentIndex(m_model.index(row, 0));
}

QSize ConsequenceList::minimumSizeHint() const
{
    return { 240, 2 * (fontMetrics().height() + 2 * rowPadding) + 2 };
}

void ConsequenceList::applyTheme()
{
    QPalette colors = m_appearance.theme().palette();
    colors.setColor(QPalette::Base, m_appearance.theme().surface);
    setPalette(colors);
    viewport()->update();
}

} // namespace signalbox
