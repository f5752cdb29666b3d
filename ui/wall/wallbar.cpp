// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/wall/wallbar.h"

#include "ui/models/providerstate.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>

#include <array>

namespace signalbox {

namespace {

/// "5 providers: 1 open, 2 half-open"; what is as it should be is not counted.
QString summaryOf(const EngineSnapshot &snapshot)
{
    int open = 0;
    int probing = 0;
    int warned = 0;
    int ordered = 0;
    for (const ProviderSnapshot &provider : snapshot.providers) {
        switch (describeState(provider, snapshot.takenAt).lamp) {
        case LampShape::Square:
            ++open;
            break;
        case LampShape::Diamond:
            ++probing;
            break;
        case LampShape::Triangle:
            ++warned;
            break;
        case LampShape::LockedSquare:
        case LampShape::LockedCircle:
        case LampShape::SlashedCircle:
            ++ordered;
            break;
        case LampShape::Circle:
        case LampShape::DashedCircle:
            break;
        }
    }
    QStringList parts;
    if (open > 0)
        parts.append(WallBar::tr("%n open", nullptr, open));
    if (probing > 0)
        parts.append(WallBar::tr("%n half-open", nullptr, probing));
    if (warned > 0)
        parts.append(WallBar::tr("%n to look at", nullptr, warned));
    if (ordered > 0)
        parts.append(WallBar::tr("%n set by hand", nullptr, ordered));
    const QString count = WallBar::tr("%n provider(s)", nullptr, static_cast<int>(snapshot.providers.size()));
    return parts.isEmpty() ? count : QStringLiteral("%1: %2").arg(count, parts.join(QStringLiteral(", ")));
}

} // namespace

WallBar::WallBar(QWidget *parent)
    : QWidget(parent), m_summary(new QLabel(this)), m_held(new QLabel(this)), m_order(new QComboBox(this))
{
    m_summary->setObjectName(QStringLiteral("wallSummary"));
    m_held->setObjectName(QStringLiteral("orderHeld"));
    m_held->setForegroundRole(QPalette::PlaceholderText);
    m_held->setText(tr("Order held while you are in the list"));
    m_held->hide();
    m_order->setObjectName(QStringLiteral("wallOrder"));
    m_order->setAccessibleName(tr("Order of the providers"));
    using Order = ProviderOrder::Order;
    const std::array<std::pair<Order, QString>, 4> orders { { { Order::WorstFirst, tr("Worst first") },
                                                              { Order::Failover, tr("Failover order") },
                                                              { Order::Name, tr("Name") },
                                                              { Order::Traffic, tr("Traffic") } } };
    for (const auto &[order, name] : orders)
        m_order->addItem(name, static_cast<int>(order));
    auto *label = new QLabel(tr("O&rder:"), this);
    label->setBuddy(m_order);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(m_summary, 1);
    layout->addWidget(m_held);
    layout->addSpacing(8);
    layout->addWidget(label);
    layout->addWidget(m_order);
    connect(m_order, &QComboBox::activated, this,
            [this](int) { Q_EMIT orderChosen(static_cast<Order>(m_order->currentData().toInt())); });
}

void WallBar::showSnapshot(const EngineSnapshot &snapshot)
{
    const QString text = summaryOf(snapshot);
    if (m_summary->text() != text)
        m_summary->setText(text);
}

void WallBar::showHeld(bool held)
{
    m_held->setVisible(held);
}

void WallBar::setOrder(ProviderOrder::Order order)
{
    m_order->setCurrentIndex(m_order->findData(static_cast<int>(order)));
}

} // namespace signalbox
