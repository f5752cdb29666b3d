// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/thresholds/thresholdform.h"

#include "ui/style/appearance.h"
#include "ui/thresholds/thresholdfield.h"

#include <QLabel>
#include <QScrollArea>
#include <QStyle>
#include <QTabBar>
#include <QTabWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <array>

namespace signalbox {

namespace {

constexpr std::array groups { ThresholdGroup::Breaker, ThresholdGroup::Health, ThresholdGroup::Score,
                              ThresholdGroup::Timeouts };
constexpr int explanationLines = 2;
constexpr int groupMargin = 8;

} // namespace

ThresholdForm::ThresholdForm(const Appearance &appearance, QWidget *parent)
    : QWidget(parent), m_tabs(new QTabWidget(this)), m_explanation(new QLabel(this))
{
    m_tabs->setObjectName(QStringLiteral("thresholdGroups"));
    m_tabs->setDocumentMode(true);
    m_tabs->tabBar()->setAccessibleName(tr("Group of settings"));
    for (const ThresholdGroup group : groups)
        m_tabs->addTab(buildGroup(group, appearance), groupName(group));
    int widest = 0;
    for (const ThresholdField *field : m_fields)
        widest = std::max(widest, field->labelWidth());
    for (ThresholdField *field : m_fields)
        field->setLabelWidth(widest);
    m_explanation->setObjectName(QStringLiteral("thresholdExplanation"));
    m_explanation->setWordWrap(true);
    m_explanation->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    m_explanation->setForegroundRole(QPalette::PlaceholderText);
    m_explanation->setMinimumHeight(explanationLines * m_explanation->fontMetrics().lineSpacing());
    connect(m_tabs, &QTabWidget::currentChanged, this, [this] {
        m_explanation->clear();
        Q_EMIT groupChanged();
    });
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addWidget(m_tabs, 1);
    layout->addWidget(m_explanation);
}

int ThresholdForm::leastWidth() const
{
    int widest = 0;
    for (const ThresholdField *field : m_fields)
        widest = std::max(widest, field->minimumSizeHint().width());
    return widest + groupMargin + style()->pixelMetric(QStyle::PM_ScrollBarExtent, nullptr, this);
}

QWidget *ThresholdForm::buildGroup(ThresholdGroup group, const Appearance &appearance)
{
    auto *content = new QWidget(this);
    auto *layout = new QVBoxLayout(content);
    layout->setContentsMargins(0, groupMargin, groupMargin, groupMargin);
    layout->setSpacing(4);
    for (const ThresholdSetting &setting : thresholdSettings()) {
        if (setting.group != group)
            continue;
        auto *field = new ThresholdField(setting, appearance, content);
        connect(field, &ThresholdField::edited, this,
                [this, field](std::int64_t value) { Q_EMIT edited(field->setting(), value); });
        connect(field, &ThresholdField::dropped, this, [this, field] { Q_EMIT dropped(field->setting()); });
        connect(field, &ThresholdField::focused, this, [this, field] { explain(field->setting()); });
        m_fields.push_back(field);
        layout->addWidget(field);
    }
    layout->addStretch(1);
    auto *scroll = new QScrollArea(this);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setFocusPolicy(Qt::NoFocus); // the fields are the stops
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidget(content);
    return scroll;
}

void ThresholdForm::explain(const ThresholdSetting &setting)
{
    m_explanation->setText(setting.explanation);
}

ThresholdGroup ThresholdForm::group() const
{
    return groups[static_cast<std::size_t>(std::max(0, m_tabs->currentIndex()))];
}

void ThresholdForm::setGroup(ThresholdGroup group)
{
    m_tabs->setCurrentIndex(static_cast<int>(std::find(groups.begin(), groups.end(), group) - groups.begin()));
}

void ThresholdForm::finishTyping()
{
    for (ThresholdField *field : m_fields)
        field->finishTyping();
}

void ThresholdForm::focusField(const ThresholdSetting &setting)
{
    for (ThresholdField *field : m_fields) {
        if (&field->setting() != &setting)
            continue;
        setGroup(setting.group);
        field->focusInput();
    }
}

void ThresholdForm::showDraft(const ThresholdDraft &draft, const QString &provider,
                              const std::vector<ThresholdProblem> &problems, bool editable)
{
    const ThresholdValues active = draft.active(provider);
    const ThresholdValues drafted = draft.drafted(provider);
    const ThresholdValues shared = draft.drafted({});
    for (ThresholdField *field : m_fields) {
        const ThresholdSetting &setting = field->setting();
        ThresholdField::State state;
        state.provider = provider;
        state.value = setting.valueIn(drafted);
        state.activeValue = setting.valueIn(active);
        state.inherited = provider.isEmpty() ? setting.defaultValue : setting.valueIn(shared);
        state.origin = draft.origin(provider, setting);
        state.own = draft.isOwn(provider, setting);
        state.changed = draft.isChanged(provider, setting);
        state.editable = editable;
        for (const ThresholdProblem &problem : problems) {
            if (problem.setting != &setting || (!state.problem.isEmpty() && !problem.isError))
                continue;
            state.problem = problem.text;
            state.isError = problem.isError;
        }
        field->showState(state);
    }
    for (std::size_t i = 0; i < groups.size(); ++i) {
        const int changes = draft.countOf(provider, groups[i]);
        m_tabs->setTabText(static_cast<int>(i),
                           changes == 0 ? groupName(groups[i]) : tr("%1 (%2)").arg(groupName(groups[i])).arg(changes));
    }
}

} // namespace signalbox
