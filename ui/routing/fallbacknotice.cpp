// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/routing/fallbacknotice.h"

#include "ui/style/appearance.h"
#include "ui/style/lamp.h"

#include <QHBoxLayout>
#include <QLabel>

namespace signalbox {

namespace {

constexpr qsizetype mostShown = 3;

} // namespace

FallbackNotice::FallbackNotice(const Appearance &appearance, QWidget *parent)
    : QFrame(parent), m_appearance(appearance), m_lamp(new LampWidget(appearance, this)), m_text(new QLabel(this))
{
    setObjectName(QStringLiteral("noFallback"));
    m_text->setObjectName(QStringLiteral("noFallbackText"));
    m_text->setWordWrap(true);
    m_text->setTextFormat(Qt::PlainText);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(12, 6, 12, 6);
    layout->setSpacing(8);
    layout->addWidget(m_lamp, 0, Qt::AlignTop);
    layout->addWidget(m_text, 1);
    setAutoFillBackground(true);
    connect(&appearance, &Appearance::themeChanged, this, &FallbackNotice::applyTheme);
    applyTheme();
    hide();
}

void FallbackNotice::setWarnings(const QStringList &warnings, bool critical)
{
    QStringList shown = warnings.mid(0, mostShown);
    const auto more = static_cast<int>(warnings.size() - shown.size());
    if (more > 0)
        shown.append(tr("The same holds for %n more.", nullptr, more));
    m_lamp->setShape(critical ? LampShape::Square : LampShape::Triangle);
    m_text->setText(shown.join(QLatin1Char('\n')));
    m_text->setToolTip(warnings.join(QLatin1Char('\n')));
    setAccessibleName(m_text->text());
    setVisible(!warnings.isEmpty());
    applyTheme();
}

void FallbackNotice::applyTheme()
{
    QPalette colors = m_appearance.theme().palette();
    colors.setColor(QPalette::Window, lampTint(m_lamp->shape(), m_appearance.theme()));
    setPalette(colors);
}

} // namespace signalbox
