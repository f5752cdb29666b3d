// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/style/theme.h"

#include <QTest>

using namespace signalbox;

/// What can be read and told apart, as ratios of WCAG 2: 4.5 for text, 3 for lamps, borders and lines.
class TestTheme : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void knowsTheRatioOfBlackAndWhite();
    void textCanBeRead_data();
    void textCanBeRead();
    void shapesCanBeSeen_data();
    void shapesCanBeSeen();
    void paletteCarriesTheTokens();
    void highContrastUsesTheDesktopsColoursOnly();
};

namespace {

void addThemes()
{
    QTest::addColumn<bool>("dark");
    QTest::newRow("light") << false;
    QTest::newRow("dark") << true;
}

Theme themeOf(bool dark)
{
    return dark ? Theme::darkTheme() : Theme::lightTheme();
}

void compareRatio(const QColor &front, const QColor &back, double atLeast)
{
    const double ratio = contrastRatio(front, back);
    QVERIFY2(ratio >= atLeast, qPrintable(QStringLiteral("%1 on %2 is %3").arg(front.name(), back.name()).arg(ratio)));
}

} // namespace

void TestTheme::knowsTheRatioOfBlackAndWhite()
{
    QCOMPARE(contrastRatio(Qt::black, Qt::white), 21.0);
    QCOMPARE(contrastRatio(Qt::white, Qt::black), 21.0);
    QCOMPARE(contrastRatio(Qt::red, Qt::red), 1.0);
}

void TestTheme::textCanBeRead_data()
{
    addThemes();
}

void TestTheme::textCanBeRead()
{
    QFETCH(const bool, dark);
    const Theme theme = themeOf(dark);
    for (const QColor &back : { theme.window, theme.surface, theme.raised }) {
        compareRatio(theme.text, back, 7);
        compareRatio(theme.textMuted, back, 4.5);
        compareRatio(theme.textFaint, back, 4.5);
        compareRatio(theme.accent, back, 4.5);
    }
    for (const QColor &tint : { theme.tintWarning, theme.tintCritical, theme.tintProbing }) {
        compareRatio(theme.text, tint, 10);
        compareRatio(theme.textMuted, tint, 4.5);
    }
    compareRatio(theme.textMuted, theme.grid, 4.5); // a selected row without the focus
    compareRatio(theme.selectionText, theme.selection, 4.5);
}

void TestTheme::shapesCanBeSeen_data()
{
    addThemes();
}

void TestTheme::shapesCanBeSeen()
{
    QFETCH(const bool, dark);
    const Theme theme = themeOf(dark);
    for (const QColor &front :
         { theme.lampNormal, theme.lampWarning, theme.lampCritical, theme.lampProbing, theme.lampManual, theme.border,
           theme.accent, theme.chartP50, theme.chartP95, theme.chartP99, theme.chartErrors, theme.thresholdLine })
        compareRatio(front, theme.surface, 3);
    for (const QColor &category : theme.categories)
        compareRatio(category, theme.surface, 4.5);
    // On the tint that goes with it the lamp must still be seen.
    compareRatio(theme.lampCritical, theme.tintCritical, 3);
    compareRatio(theme.lampProbing, theme.tintProbing, 3);
}

void TestTheme::paletteCarriesTheTokens()
{
    for (const Theme &theme : { Theme::lightTheme(), Theme::darkTheme() }) {
        const QPalette palette = theme.palette();
        QCOMPARE(palette.color(QPalette::Window), theme.window);
        QCOMPARE(palette.color(QPalette::WindowText), theme.text);
        QCOMPARE(palette.color(QPalette::Base), theme.raised);
        QCOMPARE(palette.color(QPalette::Highlight), theme.selection);
        QCOMPARE(palette.color(QPalette::Disabled, QPalette::Text), theme.textFaint);
    }
}

void TestTheme::highContrastUsesTheDesktopsColoursOnly()
{
    QPalette desktop;
    desktop.setColor(QPalette::Window, Qt::black);
    desktop.setColor(QPalette::Base, Qt::black);
    desktop.setColor(QPalette::Text, Qt::yellow);
    desktop.setColor(QPalette::Highlight, Qt::cyan);
    desktop.setColor(QPalette::HighlightedText, Qt::black);
    const Theme theme = Theme::fromSystem(desktop);
    QVERIFY(theme.highContrast);
    QVERIFY(theme.dark);
    QCOMPARE(theme.lampCritical, QColor(Qt::yellow));
    QCOMPARE(theme.tintCritical, QColor(Qt::black));
    QCOMPARE(theme.selection, QColor(Qt::cyan));
}

QTEST_MAIN(TestTheme)
#include "tst_theme.moc"
