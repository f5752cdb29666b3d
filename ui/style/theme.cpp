// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/style/theme.h"

#include <algorithm>
#include <cmath>

namespace signalbox {

namespace {

QColor rgb(QRgb value)
{
    return QColor::fromRgb(value);
}

double linear(double channel)
{
    return channel <= 0.04045 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
}

} // namespace

Theme Theme::lightTheme()
{
    Theme theme;
    theme.window = rgb(0xE9EBEE);
    theme.surface = rgb(0xF7F8F9);
    theme.raised = rgb(0xFFFFFF);
    theme.grid = rgb(0xD3D7DC);
    theme.border = rgb(0x868F99);
    theme.text = rgb(0x1B1F24);
    theme.textMuted = rgb(0x4A525C);
    theme.textFaint = rgb(0x5C6570);
    theme.accent = rgb(0x1F5FA8);
    theme.selection = rgb(0x1F5FA8);
    theme.selectionText = rgb(0xFFFFFF);
    theme.lampNormal = rgb(0x6B7580);
    theme.lampWarning = rgb(0xB87A00);
    theme.lampCritical = rgb(0xA3161A);
    theme.lampProbing = rgb(0x2780C4);
    theme.lampManual = rgb(0x5B2A86);
    theme.tintWarning = rgb(0xFBE9BF);
    theme.tintCritical = rgb(0xF7DAD7);
    theme.tintProbing = rgb(0xD6E8F6);
    theme.chartP50 = rgb(0x4F90C9);
    theme.chartP95 = rgb(0x1F63AA);
    theme.chartP99 = rgb(0x08284F);
    theme.chartErrors = rgb(0xB5361C);
    theme.thresholdLine = rgb(0x7A1012);
    theme.categories = { rgb(0x0072B2), rgb(0xB35900), rgb(0x00785A), rgb(0x8E3A74), rgb(0x303840) };
    return theme;
}

Theme Theme::darkTheme()
{
    Theme theme;
    theme.dark = true;
    theme.window = rgb(0x16191D);
    theme.surface = rgb(0x1E2226);
    theme.raised = rgb(0x272C31);
    theme.grid = rgb(0x33393F);
    theme.border = rgb(0x6C7680);
    theme.text = rgb(0xE6E9ED);
    theme.textMuted = rgb(0xB0B8C1);
    theme.textFaint = rgb(0x98A2AC);
    theme.accent = rgb(0x7DB8F2);
    theme.selection = rgb(0x7DB8F2);
    theme.selectionText = rgb(0x0E1114);
    theme.lampNormal = rgb(0x7F8A95);
    theme.lampWarning = rgb(0xF5C242);
    theme.lampCritical = rgb(0xFF5A4D);
    theme.lampProbing = rgb(0x3F9BE0);
    theme.lampManual = rgb(0xDDBBFF);
    theme.tintWarning = rgb(0x3D3113);
    theme.tintCritical = rgb(0x47201E);
    theme.tintProbing = rgb(0x173449);
    theme.chartP50 = rgb(0x5189BC);
    theme.chartP95 = rgb(0x8CC4F5);
    theme.chartP99 = rgb(0xE4F1FD);
    theme.chartErrors = rgb(0xF0705A);
    theme.thresholdLine = rgb(0xFFA59D);
    theme.categories = { rgb(0x56B4E9), rgb(0xE69F00), rgb(0x2FBF96), rgb(0xDD8DB9), rgb(0xF4F6F8) };
    return theme;
}

Theme Theme::fromSystem(const QPalette &system)
{
    const QColor text = system.color(QPalette::Text);
    const QColor base = system.color(QPalette::Base);
    Theme theme;
    theme.highContrast = true;
    theme.dark = relativeLuminance(base) < relativeLuminance(text);
    theme.window = system.color(QPalette::Window);
    for (QColor *background :
         { &theme.surface, &theme.raised, &theme.tintWarning, &theme.tintCritical, &theme.tintProbing })
        *background = base;
    for (QColor *foreground :
         { &theme.text, &theme.textMuted, &theme.textFaint, &theme.grid, &theme.border, &theme.lampNormal,
           &theme.lampWarning, &theme.lampCritical, &theme.lampProbing, &theme.lampManual, &theme.chartP50,
           &theme.chartP95, &theme.chartP99, &theme.chartErrors, &theme.thresholdLine })
        *foreground = text;
    theme.categories.fill(text);
    theme.selection = system.color(QPalette::Highlight);
    theme.selectionText = system.color(QPalette::HighlightedText);
    theme.accent = theme.selection;
    return theme;
}

QPalette Theme::palette() const
{
    QPalette palette;
    const auto set = [&palette](QPalette::ColorRole role, const QColor &color) { palette.setColor(role, color); };
    set(QPalette::Window, window);
    set(QPalette::WindowText, text);
    set(QPalette::Base, raised);
    set(QPalette::AlternateBase, surface);
    set(QPalette::Text, text);
    set(QPalette::PlaceholderText, textMuted);
    set(QPalette::Button, raised);
    set(QPalette::ButtonText, text);
    set(QPalette::BrightText, lampCritical);
    set(QPalette::ToolTipBase, raised);
    set(QPalette::ToolTipText, text);
    set(QPalette::Highlight, selection);
    set(QPalette::HighlightedText, selectionText);
    set(QPalette::Link, accent);
    set(QPalette::LinkVisited, accent);
    set(QPalette::Light, raised);
    set(QPalette::Midlight, surface);
    set(QPalette::Mid, grid);
    set(QPalette::Dark, border);
    set(QPalette::Shadow, border);
    for (const auto role : { QPalette::WindowText, QPalette::Text, QPalette::ButtonText })
        palette.setColor(QPalette::Disabled, role, textFaint);
    palette.setColor(QPalette::Disabled, QPalette::Base, window);
    palette.setColor(QPalette::Disabled, QPalette::Button, window);
    palette.setColor(QPalette::Disabled, QPalette::Highlight, grid);
    palette.setColor(QPalette::Disabled, QPalette::HighlightedText, text);
    return palette;
}

double relativeLuminance(const QColor &color)
{
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF());
}

double contrastRatio(const QColor &a, const QColor &b)
{
    const double la = relativeLuminance(a);
    const double lb = relativeLuminance(b);
    return (std::max(la, lb) + 0.05) / (std::min(la, lb) + 0.05);
}

} // namespace signalbox
