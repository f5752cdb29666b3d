// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/style/icons.h"

#include <QFile>
#include <QGuiApplication>
#include <QIconEngine>
#include <QPainter>
#include <QPalette>
#include <QPixmapCache>
#include <QSvgRenderer>

static void initIconResource()
{
    Q_INIT_RESOURCE(icons); // a static library's resources are not found without it
}

namespace signalbox {

namespace {

QColor colorFor(QIcon::Mode mode)
{
    const QPalette palette = QGuiApplication::palette();
    switch (mode) {
    case QIcon::Disabled:
        return palette.color(QPalette::Disabled, QPalette::Text);
    case QIcon::Selected:
        return palette.color(QPalette::HighlightedText);
    case QIcon::Normal:
    case QIcon::Active:
        break;
    }
    return palette.color(QPalette::Text);
}

class PaletteIconEngine : public QIconEngine
{
public:
    explicit PaletteIconEngine(const QString &name) : m_name(name)
    {
        initIconResource();
        QFile file(QStringLiteral(":/signalbox/icons/%1.svg").arg(name));
        if (file.open(QIODevice::ReadOnly))
            m_svg = file.readAll();
    }

    void paint(QPainter *painter, const QRect &rect, QIcon::Mode mode, QIcon::State state) override
    {
        const qreal ratio = painter->device() ? painter->device()->devicePixelRatio() : 1.0;
        QPixmap pixels = scaledPixmap(rect.size() * ratio, mode, state, ratio);
        pixels.setDevicePixelRatio(ratio);
        painter->drawPixmap(rect, pixels);
    }

    QPixmap pixmap(const QSize &size, QIcon::Mode mode, QIcon::State state) override
    {
        return scaledPixmap(size, mode, state, 1.0);
    }

    /// size is in device pixels.
    QPixmap scaledPixmap(const QSize &size, QIcon::Mode mode, QIcon::State, qreal) override
    {
        const QByteArray color = colorFor(mode).name().toLatin1();
        const QString key = QStringLiteral("signalbox/%1/%2/%3x%4")
                                .arg(m_name, QString::fromLatin1(color))
                                .arg(size.width())
                                .arg(size.height());
        QPixmap pixels;
        if (QPixmapCache::find(key, &pixels))
            return pixels;
        pixels = QPixmap(size);
        pixels.fill(Qt::transparent);
        QPainter painter(&pixels);
        QSvgRenderer(QByteArray(m_svg).replace("#000", color)).render(&painter);
        painter.end();
        QPixmapCache::insert(key, pixels);
        return pixels;
    }

    QIconEngine *clone() const override { return new PaletteIconEngine(*this); }
    bool isNull() override { return m_svg.isEmpty(); }

private:
    QString m_name;
    QByteArray m_svg;
};

} // namespace

QIcon icon(const QString &name)
{
    return QIcon(new PaletteIconEngine(name));
}

} // namespace signalbox
