// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/wall/providerdelegate.h"

#include "engine/api/snapshot.h"
#include "ui/models/providermodel.h"
#include "ui/style/appearance.h"
#include "ui/style/format.h"
#include "ui/style/lamp.h"

#include <QHeaderView>
#include <QPainter>
#include <QPainterPath>
#include <QTableView>

namespace signalbox {

namespace {

constexpr int padding = 8;
constexpr int scoreBarWidth = 40;
constexpr int scoreBarHeight = 6;
constexpr double degradedBelow = 80;
constexpr double unhealthyBelow = 50;

QColor barColor(HealthLabel label, const Theme &theme)
{
    switch (label) {
    case HealthLabel::Degraded:
        return theme.lampWarning;
    case HealthLabel::Unhealthy:
        return theme.lampCritical;
    case HealthLabel::Unknown:
    case HealthLabel::Healthy:
        break;
    }
    return theme.lampNormal;
}

/// A small triangle: up is better, down is worse.
void paintTrend(QPainter *painter, const QPointF &centre, int trend, const QColor &color)
{
    if (trend == 0)
        return;
    const qreal height = trend > 0 ? 3 : -3;
    QPainterPath path(centre + QPointF(-3.5, -height));
    path.lineTo(centre + QPointF(3.5, -height));
    path.lineTo(centre + QPointF(0, height));
    path.closeSubpath();
    painter->fillPath(path, color);
}

QRect rowRect(const QStyleOptionViewItem &option)
{
    const auto *view = qobject_cast<const QTableView *>(option.widget);
    if (!view)
        return option.rect;
    const QHeaderView *columns = view->horizontalHeader();
    return QRect(-columns->offset(), option.rect.top(), columns->length(), option.rect.height());
}

/// The line below a row; round a selected one a frame, so that it keeps its tint and the lamp its colour.
void paintFrame(QPainter *painter, const QRect &cell, const QRect &row, const Theme &theme, bool selected, bool focused)
{
    const int width = focused ? 2 : 1;
    const QColor color = selected ? theme.accent : theme.grid;
    const int below = selected ? width : 1;
    painter->fillRect(QRect(cell.left(), cell.bottom() + 1 - below, cell.width(), below), color);
    if (!selected)
        return;
    painter->fillRect(QRect(cell.left(), cell.top(), cell.width(), width), color);
    painter->fillRect(QRect(row.left(), cell.top(), 3, cell.height()) & cell, color);
    painter->fillRect(QRect(row.right() + 1 - width, cell.top(), width, cell.height()) & cell, color);
}

QString nameMark(const QModelIndex &index)
{
    return index.data(ProviderModel::SimulatedRole).toBool() ? ProviderDelegate::tr("simulated") : QString();
}

} // namespace

struct ProviderDelegate::Cell
{
    const Theme &theme;
    QRect rect; ///< without padding
    const QModelIndex &index;
    QFont font;
    QColor text;
    QColor muted;
    bool stale;

    QString string(int role = Qt::DisplayRole) const { return index.data(role).toString(); }
};

ProviderDelegate::ProviderDelegate(const Appearance &appearance, QObject *parent)
    : QStyledItemDelegate(parent), m_appearance(appearance)
{
}

void ProviderDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const Theme &theme = m_appearance.theme();
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    const bool focused =
        selected && option.state.testFlag(QStyle::State_Active) && option.widget && option.widget->hasFocus();
    const bool stale = index.data(ProviderModel::StaleRole).toBool();
    const auto lamp = static_cast<LampShape>(index.data(ProviderModel::LampRole).toInt());

    const QColor tint = stale ? QColor() : lampTint(lamp, theme);
    const QColor background = selected && !tint.isValid() ? theme.grid : tint;
    const QColor text = stale ? theme.textMuted : theme.text;
    const QColor muted = selected ? text : theme.textMuted;

    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    if (background.isValid())
        painter->fillRect(option.rect, background);
    paintFrame(painter, option.rect, rowRect(option), theme, selected, focused);
    painter->setFont(option.font);
    const Cell cell { theme, option.rect.adjusted(padding, 0, -padding, -1), index, option.font, text, muted, stale };
    switch (index.column()) {
    case ProviderModel::StateColumn:
        paintState(painter, cell);
        break;
    case ProviderModel::NameColumn:
        paintName(painter, cell);
        break;
    case ProviderModel::ScoreColumn:
        paintScore(painter, cell);
        break;
    case ProviderModel::SuccessColumn:
        paintSuccess(painter, cell);
        break;
    default:
        paintText(painter, cell);
    }
    painter->restore();
}

void ProviderDelegate::paintState(QPainter *painter, const Cell &cell)
{
    const QRect lamp(cell.rect.left(), cell.rect.center().y() - lampSize / 2 + 1, lampSize, lampSize);
    const auto shape = static_cast<LampShape>(cell.index.data(ProviderModel::LampRole).toInt());
    paintLamp(*painter, lamp, shape, cell.theme, cell.stale);
    const QRect words = cell.rect.adjusted(lampSize + 8, 0, 0, 0);
    painter->setPen(cell.text);
    painter->drawText(words, Qt::AlignLeft | Qt::AlignVCenter,
                      QFontMetrics(cell.font).elidedText(cell.string(), Qt::ElideRight, words.width()));
}

int ProviderDelegate::nameWidth(const QModelIndex &index, const QFontMetrics &metrics)
{
    const QString mark = nameMark(index);
    const int markWidth = mark.isEmpty() ? 0 : metrics.horizontalAdvance(mark) + padding;
    return metrics.horizontalAdvance(index.data().toString()) + markWidth + 2 * padding + 1;
}

void ProviderDelegate::paintName(QPainter *painter, const Cell &cell)
{
    const QFontMetrics metrics(cell.font);
    const QString tag = nameMark(cell.index);
    const int tagWidth = tag.isEmpty() ? 0 : metrics.horizontalAdvance(tag) + padding;
    const QString name = metrics.elidedText(cell.string(), Qt::ElideRight, cell.rect.width() - tagWidth);
    painter->setPen(cell.text);
    painter->drawText(cell.rect, Qt::AlignLeft | Qt::AlignVCenter, name);
    painter->setPen(cell.muted);
    painter->drawText(cell.rect.adjusted(metrics.horizontalAdvance(name) + padding, 0, 0, 0),
                      Qt::AlignLeft | Qt::AlignVCenter, tag);
}

void ProviderDelegate::paintScore(QPainter *painter, const Cell &cell)
{
    const QVariant score = cell.index.data(ProviderModel::ScoreRole);
    const QColor numberColor = score.isValid() ? cell.text : cell.muted;
    const int numberWidth = QFontMetrics(cell.font).horizontalAdvance(QStringLiteral("100"));
    const int numberRight = cell.rect.left() + scoreBarWidth + padding + numberWidth;
    painter->setPen(numberColor);
    painter->drawText(QRect(numberRight - numberWidth, cell.rect.top(), numberWidth, cell.rect.height()),
                      Qt::AlignRight | Qt::AlignVCenter, cell.string());
    if (!score.isValid())
        return;
    const auto label = static_cast<HealthLabel>(cell.index.data(ProviderModel::ScoreLabelRole).toInt());
    const QRectF bar(cell.rect.left(), cell.rect.center().y() + 1 - scoreBarHeight / 2.0, scoreBarWidth,
                     scoreBarHeight);
    QColor track = numberColor;
    track.setAlphaF(0.22F);
    const QColor fill = cell.stale ? cell.muted : barColor(label, cell.theme);
    painter->fillRect(bar, track);
    painter->fillRect(QRectF(bar.topLeft(), QSizeF(bar.width() * score.toDouble() / 100, bar.height())), fill);
    for (const double limit : { unhealthyBelow, degradedBelow })
        painter->fillRect(QRectF(bar.left() + bar.width() * limit / 100, bar.top() - 2, 1, bar.height() + 4),
                          numberColor);
    paintTrend(painter, QPointF(numberRight + padding + 2, cell.rect.center().y() + 1),
               cell.index.data(ProviderModel::TrendRole).toInt(), cell.muted);
}

void ProviderDelegate::paintSuccess(QPainter *painter, const Cell &cell)
{
    const QString samples = cell.string(ProviderModel::SamplesRole);
    const QFontMetrics metrics(cell.font);
    const int samplesWidth = metrics.horizontalAdvance(tr("n=9 (few)")) + padding;
    painter->setPen(samples.isEmpty() ? cell.muted : cell.text);
    painter->drawText(cell.rect.adjusted(0, 0, -samplesWidth, 0), Qt::AlignRight | Qt::AlignVCenter, cell.string());
    painter->setPen(cell.muted);
    painter->drawText(
        QRect(cell.rect.right() + 1 - samplesWidth + padding, cell.rect.top(), samplesWidth, cell.rect.height()),
        Qt::AlignLeft | Qt::AlignVCenter, samples);
}

void ProviderDelegate::paintText(QPainter *painter, const Cell &cell)
{
    const QString text = cell.string();
    const int alignment = cell.index.data(Qt::TextAlignmentRole).toInt();
    painter->setPen(text == noValue() ? cell.muted : cell.text);
    painter->drawText(cell.rect, alignment | Qt::TextSingleLine,
                      QFontMetrics(cell.font).elidedText(text, Qt::ElideRight, cell.rect.width()));
}

} // namespace signalbox
