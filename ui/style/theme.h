// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QPalette>

#include <array>

namespace signalbox {

/// Every colour of the console by its purpose. Normal is grey; colour means abnormal or selected.
struct Theme
{
    bool dark = false;
    bool highContrast = false;

    QColor window;
    QColor surface; ///< cards, charts, tables
    QColor raised; ///< inputs, menus
    QColor grid; ///< hairlines, decorative only
    QColor border; ///< of controls
    QColor text;
    QColor textMuted;
    QColor textFaint;
    QColor accent; ///< focus ring, link
    QColor selection;
    QColor selectionText;

    QColor lampNormal;
    QColor lampWarning;
    QColor lampCritical;
    QColor lampProbing;
    QColor lampManual;

    QColor tintWarning;
    QColor tintCritical;
    QColor tintProbing;

    QColor chartP50;
    QColor chartP95;
    QColor chartP99;
    QColor chartErrors;
    QColor thresholdLine;
    std::array<QColor, 5> categories;

    static Theme lightTheme();
    static Theme darkTheme();
    /// For a high-contrast desktop: its own colours only, so that what the user chose is what they see.
    static Theme fromSystem(const QPalette &system);

    QPalette palette() const;
};

/// WCAG 2 relative luminance, 0 (black) to 1 (white).
double relativeLuminance(const QColor &color);
/// WCAG 2 contrast ratio, 1 to 21.
double contrastRatio(const QColor &a, const QColor &b);

} // namespace signalbox
