// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/style/appearance.h"
#include "ui/style/lamp.h"

#include <QImage>
#include <QPainter>
#include <QTest>

using namespace signalbox;

namespace {

constexpr std::array shapes { LampShape::Circle,       LampShape::DashedCircle, LampShape::SlashedCircle,
                              LampShape::Triangle,     LampShape::Square,       LampShape::Diamond,
                              LampShape::LockedSquare, LampShape::LockedCircle };

/// Scale 4 keeps differences of one device pixel out of the comparison.
QImage drawn(LampShape shape, const Theme &theme, bool stale = false)
{
    QImage image(lampSize * 4, lampSize * 4, QImage::Format_RGB32);
    image.fill(theme.surface);
    QPainter painter(&image);
    paintLamp(painter, QRectF(image.rect()), shape, theme, stale);
    painter.end();
    return image;
}

/// Shape alone: what is drawn, whatever its colour.
QImage silhouette(LampShape shape, const Theme &theme)
{
    QImage image = drawn(shape, theme);
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x)
            image.setPixelColor(x, y, image.pixelColor(x, y) == theme.surface ? Qt::white : Qt::black);
    }
    return image;
}

int differentPixels(const QImage &a, const QImage &b)
{
    int count = 0;
    for (int y = 0; y < a.height(); ++y) {
        for (int x = 0; x < a.width(); ++x)
            count += a.pixel(x, y) != b.pixel(x, y);
    }
    return count;
}

} // namespace

class TestLamp : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void statesDifferInShapeNotOnlyInColour();
    void staleHatchesEveryShape();
    void onlyAbnormalStatesTintTheirRow();
    void widgetFollowsTheTheme();
};

void TestLamp::statesDifferInShapeNotOnlyInColour()
{
    const Theme theme = Theme::lightTheme();
    for (std::size_t i = 0; i < shapes.size(); ++i) {
        for (std::size_t j = i + 1; j < shapes.size(); ++j) {
            const int pixels = differentPixels(silhouette(shapes[i], theme), silhouette(shapes[j], theme));
            QVERIFY2(pixels > 60, qPrintable(QStringLiteral("%1 and %2: %3").arg(i).arg(j).arg(pixels)));
        }
    }
}

void TestLamp::staleHatchesEveryShape()
{
    for (const Theme &theme : { Theme::lightTheme(), Theme::darkTheme() }) {
        for (const LampShape shape : shapes)
            QVERIFY(differentPixels(drawn(shape, theme), drawn(shape, theme, true)) > 60);
    }
}

void TestLamp::onlyAbnormalStatesTintTheirRow()
{
    const Theme theme = Theme::darkTheme();
    QVERIFY(!lampTint(LampShape::Circle, theme).isValid());
    QVERIFY(!lampTint(LampShape::DashedCircle, theme).isValid());
    QVERIFY(!lampTint(LampShape::SlashedCircle, theme).isValid());
    QCOMPARE(lampTint(LampShape::Square, theme), theme.tintCritical);
    QCOMPARE(lampTint(LampShape::Triangle, theme), theme.tintWarning);
    QCOMPARE(lampTint(LampShape::Diamond, theme), theme.tintProbing);
}

void TestLamp::widgetFollowsTheTheme()
{
    const Appearance dark(Appearance::Scheme::Dark);
    LampWidget lamp(dark);
    lamp.setShape(LampShape::Square);
    lamp.resize(lamp.sizeHint());
    const QColor centre = lamp.grab().toImage().pixelColor(lamp.width() / 2, lamp.height() / 2);
    QCOMPARE(centre, Theme::darkTheme().lampCritical);
}

QTEST_MAIN(TestLamp)
#include "tst_lamp.moc"
