// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/routing/routingsettings.h"

#include "ui/page/console.h"
#include "ui/page/undoable.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>

namespace signalbox {

namespace {

const QString strategyPlace = QStringLiteral("/proxy/strategy");
const QString failoverPlace = QStringLiteral("/proxy/failoverAfterSend");

} // namespace

RoutingSettings::RoutingSettings(Console &console, QWidget *parent)
    : QWidget(parent), m_console(console), m_strategy(new QComboBox(this)), m_meaning(new QLabel(this)),
      m_failoverAfterSend(new QCheckBox(tr("Fail over &after a request was sent"), this))
{
    m_strategy->setObjectName(QStringLiteral("strategy"));
    m_strategy->setAccessibleName(tr("Strategy"));
    m_strategy->addItem(tr("Failover order"), static_cast<int>(Strategy::Priority));
    m_strategy->addItem(tr("Health"), static_cast<int>(Strategy::Health));
    m_meaning->setObjectName(QStringLiteral("strategyMeaning"));
    m_meaning->setForegroundRole(QPalette::PlaceholderText);
    m_meaning->setWordWrap(true);
    m_failoverAfterSend->setObjectName(QStringLiteral("failoverAfterSend"));
    auto *label = new QLabel(tr("S&trategy:"), this);
    label->setBuddy(m_strategy);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(label);
    layout->addWidget(m_strategy);
    layout->addWidget(m_meaning, 1);
    layout->addWidget(m_failoverAfterSend);
    connect(m_strategy, &QComboBox::activated, this, &RoutingSettings::chooseStrategy);
    connect(m_failoverAfterSend, &QCheckBox::clicked, this, &RoutingSettings::chooseFailoverAfterSend);
}

QString RoutingSettings::fixedBecause(const QString &place) const
{
    const SettingOrigin origin = m_console.snapshot()->origins.of(place);
    return origin > SettingOrigin::File ? tr("Fixed by the %1.").arg(QString::fromLatin1(toString(origin))) : QString();
}

void RoutingSettings::refresh()
{
    const EngineSnapshot &snapshot = *m_console.snapshot();
    const bool stale = m_console.age().isStale();
    m_strategy->setCurrentIndex(m_strategy->findData(static_cast<int>(snapshot.strategy)));
    m_meaning->setText(snapshot.strategy == Strategy::Priority
                           ? tr("Each request goes to the first provider in this order that can take it.")
                           : tr("The best score goes first; a close second does not take over. This order decides "
                                "between equals."));
    const QString strategyFixed = fixedBecause(strategyPlace);
    m_strategy->setEnabled(!stale && strategyFixed.isEmpty());
    m_strategy->setToolTip(strategyFixed);
    m_failoverAfterSend->setChecked(snapshot.config->proxy.failoverAfterSend);
    const QString failoverFixed = fixedBecause(failoverPlace);
    m_failoverAfterSend->setEnabled(!stale && failoverFixed.isEmpty());
    m_failoverAfterSend->setToolTip(
        failoverFixed.isEmpty() ? tr("On: a request that a provider got may be sent to the next one while nothing was "
                                     "answered; both may bill it. Off: only what was never sent goes on.")
                                : failoverFixed);
}

void RoutingSettings::chooseStrategy(int index)
{
    const auto chosen = static_cast<Strategy>(m_strategy->itemData(index).toInt());
    const EngineSnapshot &snapshot = *m_console.snapshot();
    const QJsonValue before(QLatin1String(toString(snapshot.strategy)));
    if (chosen != snapshot.strategy)
        makeUndoable(m_console,
                     settingChange(snapshot, tr("strategy “%1”").arg(m_strategy->itemText(index)), strategyPlace,
                                   before, QLatin1String(toString(chosen))));
    refresh(); // until the engine says that it runs
}

void RoutingSettings::chooseFailoverAfterSend()
{
    const EngineSnapshot &snapshot = *m_console.snapshot();
    const bool before = snapshot.config->proxy.failoverAfterSend;
    makeUndoable(m_console, settingChange(snapshot, tr("failover after sending"), failoverPlace, before, !before));
    refresh();
}

} // namespace signalbox
