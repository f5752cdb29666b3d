// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/wall/providerdetail.h"

#include "ui/models/providerstate.h"
#include "ui/style/appearance.h"
#include "ui/style/format.h"
#include "ui/style/lamp.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>

namespace signalbox {

namespace {

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

QString checkSentence(const ProbeSnapshot &probe)
{
    if (probe.lastResult.isEmpty())
        return ProviderDetail::tr("Health check: none yet.");
    QString text = ProviderDetail::tr("Health check: %1").arg(probe.lastResult);
    if (probe.lastDurationMs)
        text += ProviderDetail::tr(", %1").arg(formatLatency(probe.lastDurationMs));
    if (probe.lastAt.isValid())
        text += ProviderDetail::tr(", at %1").arg(probe.lastAt.toLocalTime().toString(QStringLiteral("HH:mm:ss")));
    return text +
        ProviderDetail::tr("; %1 good and %2 failed since the start.")
            .arg(formatCount(probe.ok), formatCount(probe.failed));
}

} // namespace

ProviderDetail::ProviderDetail(const Appearance &appearance, QWidget *parent)
    : QFrame(parent), m_appearance(appearance), m_lamp(new LampWidget(appearance, this))
{
    setObjectName(QStringLiteral("providerDetail"));
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(12, 10, 12, 10);
    layout->setSpacing(4);
    auto *heading = new QHBoxLayout;
    heading->setSpacing(8);
    m_name = new QLabel(this);
    QFont bold = m_name->font();
    bold.setBold(true);
    m_name->setFont(bold);
    m_place = new QLabel(this);
    m_place->setForegroundRole(QPalette::PlaceholderText);
    heading->addWidget(m_lamp);
    heading->addWidget(m_name);
    heading->addWidget(m_place, 1);
    layout->addLayout(heading);
    m_reason = addLine(QStringLiteral("reason"));
    m_score = addLine(QStringLiteral("scoreSentence"));
    m_check = addLine(QStringLiteral("check"));
    m_last = addLine(QStringLiteral("lastReason"));
    for (QLabel *line : { m_reason, m_last, m_score, m_check })
        layout->addWidget(line);
    layout->addStretch(1);
    // Room for every line and a second one of the reason, so that a longer text does not move the table above.
    setMinimumHeight(6 * fontMetrics().lineSpacing() + 5 * layout->spacing() + 20);
    setAutoFillBackground(true);
    connect(&appearance, &Appearance::themeChanged, this, &ProviderDetail::applyTheme);
    applyTheme();
}

QLabel *ProviderDetail::addLine(const QString &objectName)
{
    auto *label = new QLabel(this);
    label->setObjectName(objectName);
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    return label;
}

void ProviderDetail::showProvider(const ProviderSnapshot *provider, const QDateTime &takenAt, bool stale)
{
    m_lamp->setVisible(provider);
    if (!provider) {
        setLine(m_name, {});
        setLine(m_place, tr("Select a provider to see why it is in its state."));
        for (QLabel *label : { m_reason, m_last, m_score, m_check })
            setLine(label, {});
        return;
    }
    m_lamp->setShape(describeState(*provider, takenAt).lamp, stale);
    setLine(m_name, provider->name);
    const QString place = provider->baseUrl + QStringLiteral(" · ") + dialectName(provider->dialect);
    setLine(m_place, provider->simulated ? tr("%1 · simulated").arg(place) : place);
    setLine(m_reason, reasonSentence(*provider, takenAt));
    const bool known = provider->lastReason.isEmpty() || provider->lastReason == provider->breaker.reason;
    m_last->setVisible(!known);
    setLine(m_last, tr("Last: %1").arg(provider->lastReason));
    setLine(m_score, scoreSentence(*provider));
    setLine(m_check, checkSentence(provider->probe));
    for (QLabel *label : { m_name, m_reason, m_last, m_score, m_check })
        label->setForegroundRole(stale ? QPalette::PlaceholderText : QPalette::WindowText);
}

/// A text that stays the same keeps its selection and repaints nothing.
void ProviderDetail::setLine(QLabel *label, const QString &text)
{
    if (label->text() != text)
        label->setText(text);
}

void ProviderDetail::applyTheme()
{
    QPalette colors = m_appearance.theme().palette();
    colors.setColor(QPalette::Window, m_appearance.theme().surface);
    setPalette(colors);
}

} // namespace signalbox
