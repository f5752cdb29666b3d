// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/section.h"

#include "ui/settings/field.h"
#include "ui/style/appearance.h"
#include "ui/style/card.h"

#include <QStyle>
#include <QVBoxLayout>

namespace signalbox {

namespace {

constexpr int widest = 832; ///< longer lines are hard to read
constexpr int barGap = 8;

} // namespace

Section::Section(const QString &id, const QString &title, Console &console, QWidget *parent)
    : QScrollArea(parent), m_console(console), m_id(id), m_title(title)
{
    setObjectName(id + QStringLiteral("Section"));
    setAccessibleName(title);
    setFocusPolicy(Qt::NoFocus); // the focus in it scrolls it
    setFrameShape(NoFrame);
    setWidgetResizable(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    // Not the content: the scroll bar would stand apart from it.
    setMaximumWidth(widest + barGap + style()->pixelMetric(QStyle::PM_ScrollBarExtent, nullptr, this));
    auto *content = new QWidget(this);
    m_column = new QVBoxLayout(content);
    m_column->setContentsMargins(0, 0, barGap, 0);
    m_column->setSpacing(12);
    m_column->addStretch(1);
    setWidget(content);
}

Card *Section::addCard(const QString &title)
{
    auto *card = new Card(title, m_console.appearance(), widget());
    card->body()->setSpacing(12);
    m_column->insertWidget(m_column->count() - 1, card);
    return card;
}

void Section::addField(Card *card, Field *field)
{
    card->body()->addWidget(field);
    m_fields.append(field);
}

bool Section::answersTo(const QString &typed) const
{
    return holdsAll(m_title + QLatin1Char('\n') + m_keywords, typed);
}

void Section::refresh()
{
    for (Field *field : std::as_const(m_fields))
        field->refresh();
}

} // namespace signalbox
