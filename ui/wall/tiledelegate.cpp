// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/wall/tiledelegate.h"

#include "ui/models/providermodel.h"
#include "ui/style/appearance.h"
#include "ui/style/format.h"
#include "ui/wall/sparkline.h"

#include <QPainter>
#include <QPainterPath>
#include <QStyle>

namespace signalbox {

namespace {

constexpr int padding = 12;
constexpr int gaugeSide = 72;
constexpr int gaugeWidth = 6;
constexpr int sparklineHeight = 36;
constexpr qreal cornerRadius = 4;
constexpr double degradedBelow = 80;
constexpr double unhealthyBelow = 50;
// Qt counts sixteenths of a degree, anticlockwise from three o'clock.
constexpr int gaugeStart = 225;
constexpr int gaugeSpan = 270;

QFont scaled(const QFont &font, qreal by)
{
    QFont result = font;
    result.setPointSizeF(font.pointSizeF() * by);
    return result;
}

/// By the number, not by the word: colour only below the limits.
QColor gaugeColor(int score, const Theme &theme)
{
    if (score < unhealthyBelow)
        return theme.lampCritical;
    return score < degradedBelow ? theme.lampWarning : theme.lampNormal;
}

/// Where on the arc a score of 0 to 100 is, in degrees.
qreal angleOf(double score)
{
    return gaugeStart - gaugeSpan * score / 100;
}

void paintArc(QPainter *painter, const QRectF &rect, double from, double to, const QColor &color)
{
    painter->setPen(QPen(color, gaugeWidth, Qt::SolidLine, Qt::FlatCap));
    painter->drawArc(rect, qRound(angleOf(from) * 16), qRound((angleOf(to) - angleOf(from)) * 16));
}

void paintTick(QPainter *painter, const QRectF &rect, double score, const QColor &color)
{
    const qreal radians = qDegreesToRadians(angleOf(score));
    const QPointF direction(std::cos(radians), -std::sin(radians));
    const qreal radius = rect.width() / 2;
    painter->setPen(QPen(color, 1.5));
    painter->drawLine(rect.center() + direction * (radius - gaugeWidth / 2.0 - 1),
                      rect.center() + direction * (radius + gaugeWidth / 2.0 + 2));
}

/// ▲ answers get faster, ▼ slower.
void paintTrend(QPainter *painter, const QPointF &centre, int trend, const QColor &color)
{
    const qreal height = trend > 0 ? 3.5 : -3.5;
    QPainterPath path(centre + QPointF(-4.5, -height));
    path.lineTo(centre + QPointF(4.5, -height));
    path.lineTo(centre + QPointF(0, height));
    path.closeSubpath();
    painter->fillPath(path, color);
}

} // namespace

struct TileDelegate::Card
{
    const Theme &theme;
    QRect rect; ///< without the gap round it
    ProviderTile tile;
    QFont font;
    QColor text;
    QColor muted;
    bool selected = false;
    bool focused = false;
    bool hovered = false;
    bool stale = false;
    Qt::LayoutDirection direction = Qt::LeftToRight;

    /// Where that lies if it is read from right to left.
    QRect placed(const QRect &place) const { return QStyle::visualRect(direction, rect, place); }
};

TileDelegate::TileDelegate(const Appearance &appearance, QObject *parent)
    : QStyledItemDelegate(parent), m_appearance(appearance)
{
}

QSize TileDelegate::placeSize(const QFont &font) const
{
    const int line = QFontMetrics(font).height();
    const int caption = QFontMetrics(scaled(font, 0.9)).height();
    const int body = m_compact ? 4 + line : 8 + gaugeSide + 8 + sparklineHeight + 6 + caption;
    return { m_width, gap + padding + 2 * line + 4 + body + padding };
}

QSize TileDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &) const
{
    return placeSize(option.font);
}

void TileDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const Theme &theme = m_appearance.theme();
    const bool stale = index.data(ProviderModel::StaleRole).toBool();
    Card card { theme,
                option.rect.adjusted(gap / 2, gap / 2, -gap / 2, -gap / 2),
                index.data(ProviderModel::TileRole).value<ProviderTile>(),
                option.font,
                stale ? theme.textMuted : theme.text,
                theme.textMuted };
    card.direction = option.direction;
    card.selected = option.state.testFlag(QStyle::State_Selected);
    card.focused = option.state.testFlag(QStyle::State_HasFocus);
    card.hovered = option.state.testFlag(QStyle::State_MouseOver);
    card.stale = stale;
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    paintCard(painter, card);
    QRect rest = card.rect.adjusted(padding, padding, -padding, -padding);
    paintHead(painter, card, rest);
    if (m_compact)
        paintCompact(painter, card, rest);
    else
        paintLarge(painter, card, rest);
    painter->restore();
}

void TileDelegate::paintCard(QPainter *painter, const Card &card) const
{
    const Theme &theme = card.theme;
    const QColor tint = card.stale ? QColor() : lampTint(card.tile.state.lamp, theme);
    const bool framed = card.selected || card.focused;
    const qreal width = framed ? 2 : 1;
    painter->setBrush(tint.isValid() ? tint : theme.surface);
    painter->setPen(QPen(framed             ? theme.accent
                             : card.hovered ? theme.border
                                            : theme.grid,
                         width, card.focused && !card.selected ? Qt::DashLine : Qt::SolidLine));
    painter->drawRoundedRect(QRectF(card.rect).adjusted(width / 2, width / 2, -width / 2, -width / 2), cornerRadius,
                             cornerRadius);
}

void TileDelegate::paintHead(QPainter *painter, const Card &card, QRect &rest)
{
    QFont bold = card.font;
    bold.setBold(true);
    const QFontMetrics metrics(bold);
    const int line = metrics.height();
    QRect name(rest.left(), rest.top(), rest.width(), line);
    if (card.tile.simulated) {
        const QFont small = scaled(card.font, 0.9);
        const QString mark = TileDelegate::tr("simulated");
        const int width = QFontMetrics(small).horizontalAdvance(mark);
        painter->setFont(small);
        painter->setPen(card.muted);
        painter->drawText(card.placed(name), Qt::AlignRight | Qt::AlignVCenter, mark);
        name.adjust(0, 0, -width - 8, 0);
    }
    painter->setFont(bold);
    painter->setPen(card.text);
    painter->drawText(card.placed(name), Qt::AlignLeft | Qt::AlignVCenter,
                      metrics.elidedText(card.tile.name, Qt::ElideMiddle, name.width()));
    const QRect state(rest.left(), rest.top() + line + 4, rest.width(), line);
    const QRect lamp(state.left(), state.center().y() - lampSize / 2 + 1, lampSize, lampSize);
    paintLamp(*painter, card.placed(lamp), card.tile.state.lamp, card.theme, card.stale);
    const QRect word = state.adjusted(lampSize + 8, 0, 0, 0);
    painter->setFont(card.font);
    painter->drawText(card.placed(word), Qt::AlignLeft | Qt::AlignVCenter,
                      QFontMetrics(card.font).elidedText(card.tile.state.word, Qt::ElideRight, word.width()));
    rest.setTop(state.bottom() + 1);
}

void TileDelegate::paintGauge(QPainter *painter, const Card &card, const QRect &rect)
{
    const ProviderTile &tile = card.tile;
    const QRectF arc =
        QRectF(rect).adjusted(gaugeWidth / 2.0 + 2, gaugeWidth / 2.0 + 2, -gaugeWidth / 2.0 - 2, -gaugeWidth / 2.0 - 2);
    QColor track = card.text;
    track.setAlphaF(0.18F);
    painter->setBrush(Qt::NoBrush);
    paintArc(painter, arc, 0, 100, track);
    if (tile.score > 0)
        paintArc(painter, arc, 0, tile.score, card.stale ? card.muted : gaugeColor(tile.score, card.theme));
    for (const double limit : { unhealthyBelow, degradedBelow })
        paintTick(painter, arc, limit, card.text);
    painter->setFont(scaled(card.font, tile.score == 100 ? 1.7 : 2.0));
    painter->setPen(tile.score < 0 ? card.muted : card.text);
    painter->drawText(rect, Qt::AlignCenter, tile.score < 0 ? noValue() : QString::number(tile.score));
    if (tile.trend != 0)
        paintTrend(painter, QPointF(rect.center().x() + 0.5, rect.bottom() - 8), tile.trend, card.text);
}

void TileDelegate::paintFigures(QPainter *painter, const Card &card, const QRect &rect)
{
    const ProviderTile &tile = card.tile;
    const std::array<std::pair<QString, QString>, 3> rows { { { tile.latencyLabel, tile.latency },
                                                              { TileDelegate::tr("Errors"), tile.errors },
                                                              { TileDelegate::tr("Requests"), tile.rate } } };
    const int line = rect.height() / static_cast<int>(rows.size());
    QRect row(rect.left(), rect.top(), rect.width(), line);
    const QFont small = scaled(card.font, 0.9);
    for (const auto &[label, value] : rows) {
        painter->setFont(small);
        painter->setPen(card.muted);
        const int room = row.width() - QFontMetrics(card.font).horizontalAdvance(value) - 8;
        painter->drawText(row, Qt::AlignLeft | Qt::AlignVCenter,
                          QFontMetrics(small).elidedText(label, Qt::ElideRight, room));
        painter->setFont(card.font);
        painter->setPen(value == noValue() ? card.muted : card.text);
        painter->drawText(row, Qt::AlignRight | Qt::AlignVCenter, value);
        row.translate(0, line);
    }
}

void TileDelegate::paintLarge(QPainter *painter, const Card &card, QRect rest)
{
    rest.setTop(rest.top() + 8);
    const QRect gauge(rest.left(), rest.top(), gaugeSide, gaugeSide);
    paintGauge(painter, card, card.placed(gauge));
    const QRect figures(gauge.right() + 1 + padding, rest.top() + 2, rest.right() - gauge.right() - padding,
                        gaugeSide - 4);
    paintFigures(painter, card, card.placed(figures));
    rest.setTop(gauge.bottom() + 1 + 8);
    // What the words leave is the drawing's.
    const QFont small = scaled(card.font, 0.9);
    const int flags = Qt::AlignLeft | Qt::TextWordWrap;
    const QRect words = QFontMetrics(small).boundingRect(rest, flags, card.tile.samples);
    const QRect caption(rest.left(), rest.bottom() + 1 - words.height(), rest.width(), words.height());
    painter->setFont(small);
    painter->setPen(card.muted);
    painter->drawText(caption, flags, card.tile.samples);
    if (card.tile.recent)
        paintSparkline(*painter, QRectF(rest.left(), rest.top(), rest.width(), caption.top() - 6 - rest.top()),
                       *card.tile.recent, card.theme, card.stale);
}

void TileDelegate::paintCompact(QPainter *painter, const Card &card, const QRect &rest)
{
    const ProviderTile &tile = card.tile;
    const QFontMetrics metrics(card.font);
    const QRect line(rest.left(), rest.top() + 4, rest.width(), metrics.height());
    QFont bold = card.font;
    bold.setBold(true);
    painter->setFont(bold);
    painter->setPen(tile.score < 0 ? card.muted : card.text);
    const QString score = tile.score < 0 ? noValue() : QString::number(tile.score);
    painter->drawText(line, Qt::AlignLeft | Qt::AlignVCenter, score);
    const int scoreWidth = QFontMetrics(bold).horizontalAdvance(QStringLiteral("100"));
    if (tile.trend != 0)
        paintTrend(painter,
                   QPointF(card.placed(QRect(line.left() + scoreWidth + 10, line.center().y() + 1, 1, 1)).topLeft()),
                   tile.trend, card.text);
    const QString figures = TileDelegate::tr("p95 %1 · err %2 · %3").arg(tile.latency, tile.errors, tile.rate);
    const QRect room = line.adjusted(scoreWidth + 20, 0, 0, 0);
    painter->setFont(card.font);
    painter->setPen(card.text);
    painter->drawText(card.placed(room), Qt::AlignRight | Qt::AlignVCenter,
                      metrics.elidedText(figures, Qt::ElideRight, room.width()));
}

} // namespace signalbox
