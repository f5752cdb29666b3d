// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/provider/providerheader.h"

#include "ui/models/providerstate.h"
#include "ui/page/providercommands.h"
#include "ui/style/appearance.h"
#include "ui/style/format.h"
#include "ui/style/lamp.h"

#include <QAction>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include <cmath>

namespace signalbox {

namespace {

/// A text that stays the same keeps its selection and repaints nothing.
void setText(QLabel *label, const QString &text)
{
    if (label->text() != text)
        label->setText(text);
}

QString dialectName(Dialect dialect)
{
    switch (dialect) {
    case Dialect::OpenAi:
        return QStringLiteral("OpenAI");
    case Dialect::Anthropic:
        return QStringLiteral("Anthropic");
    case Dialect::Gemini:
        return QStringLiteral("Gemini");
    }
    return {};
}

} // namespace

QString trendSentence(const ProviderSnapshot &provider)
{
    constexpr double horizonMinutes = 5;
    constexpr double worthSaying = 1.1;
    const bool slower = std::exp(provider.trendSlopePerMinute * horizonMinutes) >= worthSaying;
    if (!slower || !provider.forecastFirstByteMs || !std::isfinite(*provider.forecastFirstByteMs))
        return {};
    return ProviderHeader::tr("At this pace p50 first byte reaches %1 in 5 min.")
        .arg(formatLatency(provider.forecastFirstByteMs));
}

ProviderHeader::ProviderHeader(ProviderCommands &commands, const Appearance &appearance, QWidget *parent)
    : Card({}, appearance, parent), m_pick(new QComboBox(this)), m_lamp(new LampWidget(appearance, this)),
      m_state(line(QStringLiteral("providerState"))), m_place(line(QStringLiteral("providerPlace"))),
      m_reason(line(QStringLiteral("providerReason"))), m_trend(line(QStringLiteral("providerTrend")))
{
    setFocusProxy(m_pick);
    m_pick->setObjectName(QStringLiteral("providerPick"));
    m_pick->setAccessibleName(tr("Provider"));
    m_pick->setToolTip(tr("Provider (Alt+Page Up, Alt+Page Down)"));
    QFont heading = m_pick->font();
    heading.setPointSizeF(heading.pointSizeF() * 1.25);
    m_pick->setFont(heading);
    m_pick->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_state->setWordWrap(false);
    m_place->setForegroundRole(QPalette::PlaceholderText);
    m_trend->setForegroundRole(QPalette::PlaceholderText);

    auto *top = new QHBoxLayout;
    top->setSpacing(8);
    top->addWidget(m_pick);
    top->addSpacing(4);
    top->addWidget(m_lamp);
    top->addWidget(m_state);
    top->addStretch(1);
    addButtons(top, commands);
    body()->addLayout(top);
    m_trend->setAlignment(Qt::AlignRight);
    auto *below = new QHBoxLayout;
    below->setSpacing(16);
    below->addWidget(m_place, 1);
    below->addWidget(m_trend, 1);
    body()->addWidget(m_reason);
    body()->addLayout(below);
    connect(m_pick, &QComboBox::textActivated, this, &ProviderHeader::picked);
}

QLabel *ProviderHeader::line(const QString &objectName)
{
    auto *label = new QLabel(this);
    label->setObjectName(objectName);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    // Reached by Tab it would be a stop without anything to do; a click selects.
    label->setFocusPolicy(Qt::ClickFocus);
    return label;
}

void ProviderHeader::addButtons(QBoxLayout *layout, ProviderCommands &commands)
{
    using Kind = ProviderCommand::Kind;
    for (QAction *action : { commands.action(Kind::ProbeNow), commands.action(Kind::ForceOpen),
                             commands.action(Kind::Auto), commands.edit() }) {
        auto *button = new QPushButton(this);
        button->setObjectName(action->objectName() + QStringLiteral("Button"));
        const QString shortText = action == commands.edit() ? tr("Edit…") : QString();
        const auto follow = [button, action, shortText] {
            const QString keys = action->shortcut().toString(QKeySequence::NativeText);
            button->setText(shortText.isEmpty() ? action->iconText() : shortText);
            button->setAccessibleName(action->iconText());
            button->setToolTip(keys.isEmpty() ? QString() : QStringLiteral("%1 (%2)").arg(action->iconText(), keys));
            button->setEnabled(action->isEnabled());
        };
        connect(action, &QAction::changed, button, follow);
        connect(button, &QPushButton::clicked, action, &QAction::trigger);
        follow();
        layout->addWidget(button);
    }
    auto *more = new QPushButton(tr("More"), this);
    more->setObjectName(QStringLiteral("moreCommands"));
    more->setAccessibleName(tr("More commands"));
    auto *menu = new QMenu(more);
    commands.addTo(menu);
    more->setMenu(menu);
    layout->addWidget(more);
}

void ProviderHeader::setProviders(const std::vector<ProviderSnapshot> &providers, const QString &shown)
{
    QStringList names;
    for (const ProviderSnapshot &provider : providers)
        names.append(provider.name);
    QStringList listed;
    for (int i = 0; i < m_pick->count(); ++i)
        listed.append(m_pick->itemText(i));
    const QSignalBlocker quiet(m_pick);
    if (names != listed) {
        m_pick->clear();
        m_pick->addItems(names);
    }
    m_pick->setCurrentIndex(static_cast<int>(names.indexOf(shown)));
}

void ProviderHeader::showProvider(const ProviderSnapshot &provider, const QDateTime &takenAt, bool stale)
{
    const ProviderState state = describeState(provider, takenAt);
    m_lamp->setShape(state.lamp, stale);
    setText(m_state, state.word);
    const QString place = provider.baseUrl + QStringLiteral(" · ") + dialectName(provider.dialect);
    setText(m_place, provider.simulated ? tr("%1 · simulated").arg(place) : place);
    setText(m_reason, reasonSentence(provider, takenAt));
    setText(m_trend, trendSentence(provider));
    for (QLabel *label : { m_state, m_reason })
        label->setForegroundRole(stale ? QPalette::PlaceholderText : QPalette::WindowText);
}

} // namespace signalbox
