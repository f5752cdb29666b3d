// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/requests/factsview.h"

#include <QGridLayout>
#include <QLabel>

namespace signalbox {

FactsView::FactsView(QWidget *parent) : QWidget(parent), m_layout(new QGridLayout(this))
{
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setHorizontalSpacing(16);
    m_layout->setVerticalSpacing(4);
    m_layout->setColumnStretch(1, 1);
}

void FactsView::addRow()
{
    auto *name = new QLabel(this);
    name->setForegroundRole(QPalette::PlaceholderText);
    auto *value = new QLabel(this);
    value->setTextFormat(Qt::PlainText);
    value->setTextInteractionFlags(Qt::TextSelectableByMouse);
    value->setWordWrap(true);
    const auto row = static_cast<int>(m_rows.size());
    m_layout->addWidget(name, row, 0, Qt::AlignTop);
    m_layout->addWidget(value, row, 1, Qt::AlignTop);
    m_rows.emplaceBack(name, value);
}

void FactsView::setFacts(const Facts &facts)
{
    m_facts = facts;
    while (m_rows.size() < facts.size())
        addRow();
    for (qsizetype i = 0; i < m_rows.size(); ++i) {
        const auto &[name, value] = m_rows.at(i);
        const bool used = i < facts.size();
        name->setVisible(used);
        value->setVisible(used);
        if (!used)
            continue;
        name->setText(facts[i].first);
        value->setText(facts[i].second);
        value->setAccessibleName(QStringLiteral("%1: %2").arg(facts[i].first, facts[i].second));
    }
}

QString FactsView::value(const QString &name) const
{
    for (const auto &fact : m_facts) {
        if (fact.first == name)
            return fact.second;
    }
    return {};
}

} // namespace signalbox
