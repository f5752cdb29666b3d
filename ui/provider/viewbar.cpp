// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/provider/viewbar.h"

#include "ui/charts/ticks.h"

#include <QAction>
#include <QActionGroup>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPushButton>

namespace signalbox {

ViewBar::ViewBar(QWidget *parent)
    : QWidget(parent), m_ranges(new QActionGroup(this)), m_latencies(new QActionGroup(this)),
      m_pausedBar(new QWidget(parent)), m_paused(new QLabel(m_pausedBar)), m_peers(new QMenu(this))
{
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    buildRanges(layout);
    layout->addSpacing(12);

    QAction *first = add(tr("&First byte"), QStringLiteral("showFirstByte"), Qt::Key_F, true);
    m_total = add(tr("&Total"), QStringLiteral("showTotal"), Qt::Key_A, true);
    for (QAction *action : { first, m_total }) {
        m_latencies->addAction(action);
        layout->addWidget(buttonFor(action, action->iconText(), this));
    }
    first->setChecked(true);
    connect(m_latencies, &QActionGroup::triggered, this, &ViewBar::latencyChosen);
    layout->addSpacing(12);
    m_logarithmic = add(tr("&Logarithmic axis"), QStringLiteral("logarithmicAxis"), Qt::Key_L, true);
    layout->addWidget(buttonFor(m_logarithmic, tr("Log"), this));
    connect(m_logarithmic, &QAction::triggered, this, &ViewBar::axisChosen);
    layout->addSpacing(12);
    m_compare = new QPushButton(tr("Compare"), this);
    m_compare->setObjectName(QStringLiteral("compare"));
    m_compare->setAccessibleName(tr("Compare with other providers"));
    m_compare->setMenu(m_peers);
    layout->addWidget(m_compare);
    layout->addStretch(1);

    buildPausedBar();
    showWindow({});
}

void ViewBar::buildPausedBar()
{
    m_paused->setObjectName(QStringLiteral("paused"));
    m_requests = add(tr("Show these &requests"), QStringLiteral("showTheseRequests"), Qt::CTRL | Qt::Key_Return, false);
    m_live = add(tr("Back to &live"), QStringLiteral("backToLive"), {}, false);
    auto *layout = new QHBoxLayout(m_pausedBar);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(m_paused, 1);
    layout->addWidget(buttonFor(m_requests, m_requests->iconText(), m_pausedBar));
    layout->addWidget(buttonFor(m_live, m_live->iconText(), m_pausedBar));
    connect(m_requests, &QAction::triggered, this, &ViewBar::showRequests);
    connect(m_live, &QAction::triggered, this, &ViewBar::backToLive);
}

void ViewBar::buildRanges(QHBoxLayout *layout)
{
    for (std::size_t i = 0; i < timeRanges.size(); ++i) {
        const int number = static_cast<int>(i) + 1;
        QAction *action = add(tr("Last %1").arg(timeRanges[i].text()), QStringLiteral("range%1").arg(number),
                              QKeySequence(Qt::Key_0 + number), true);
        m_ranges->addAction(action);
        layout->addWidget(buttonFor(action, timeRanges[i].text(), this));
        connect(action, &QAction::triggered, this, [this, i] { Q_EMIT rangeChosen(i); });
    }
    m_ranges->setExclusionPolicy(QActionGroup::ExclusionPolicy::ExclusiveOptional);
}

QAction *ViewBar::add(const QString &text, const QString &objectName, const QKeySequence &key, bool checkable)
{
    auto *action = new QAction(text, this);
    action->setObjectName(objectName);
    action->setShortcut(key);
    action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    action->setCheckable(checkable);
    return action;
}

QPushButton *ViewBar::buttonFor(QAction *action, const QString &text, QWidget *parent)
{
    auto *button = new QPushButton(text, parent);
    // As wide as the text needs: the style's least width would leave no room for all of them.
    button->setFixedWidth(button->fontMetrics().horizontalAdvance(text) + 28);
    button->setObjectName(action->objectName() + QStringLiteral("Button"));
    button->setAccessibleName(action->iconText());
    const QString keys = action->shortcut().toString(QKeySequence::NativeText);
    button->setToolTip(keys.isEmpty() ? action->iconText() : QStringLiteral("%1 (%2)").arg(action->iconText(), keys));
    button->setCheckable(action->isCheckable());
    connect(button, &QPushButton::clicked, action, [action, button] {
        action->trigger();
        button->setChecked(action->isChecked());
    });
    connect(action, &QAction::toggled, button, &QPushButton::setChecked);
    connect(action, &QAction::enabledChanged, button, &QPushButton::setEnabled);
    return button;
}

void ViewBar::showWindow(const TimeWindow &window)
{
    const auto all = m_ranges->actions();
    for (qsizetype i = 0; i < all.size(); ++i)
        all[i]->setChecked(window.isLive() && static_cast<std::size_t>(i) == window.rangeIndex());
    const bool paused = !window.isLive();
    if (paused) {
        const TimeSpan span = window.spanAt(0);
        m_paused->setText(tr("Paused at %1: %2 to %3")
                              .arg(timeText(window.pausedAtMs(), span.lengthMs()),
                                   timeText(span.sinceMs, span.lengthMs()), timeText(span.untilMs, span.lengthMs())));
    }
    m_pausedBar->setVisible(paused);
    m_requests->setEnabled(paused);
    m_live->setEnabled(paused);
}

void ViewBar::setPeers(const QStringList &names, const QStringList &compared)
{
    constexpr qsizetype mostCompared = 5; // the shown one is among them
    QStringList listed;
    for (const QAction *action : m_peers->actions())
        listed.append(action->data().toString());
    if (listed != names) {
        m_peers->clear();
        for (const QString &name : names) {
            QAction *action = m_peers->addAction(QString(name).replace(QLatin1Char('&'), QStringLiteral("&&")));
            action->setData(name);
            action->setCheckable(true);
            connect(action, &QAction::triggered, this, [this] {
                QStringList chosen;
                for (const QAction *peer : m_peers->actions()) {
                    if (peer->isChecked())
                        chosen.append(peer->data().toString());
                }
                Q_EMIT peersChosen(chosen);
            });
        }
    }
    for (QAction *action : m_peers->actions()) {
        const bool chosen = compared.contains(action->data().toString());
        action->setChecked(chosen);
        action->setEnabled(chosen || compared.size() < mostCompared - 1);
    }
    m_compare->setEnabled(!names.isEmpty());
}

Latency ViewBar::latency() const
{
    return m_total->isChecked() ? Latency::Total : Latency::FirstByte;
}

bool ViewBar::isLogarithmic() const
{
    return m_logarithmic->isChecked();
}

QList<QAction *> ViewBar::viewActions() const
{
    return m_ranges->actions() + m_latencies->actions() + QList<QAction *> { m_logarithmic, m_requests, m_live };
}

} // namespace signalbox
