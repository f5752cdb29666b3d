// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/probeview.h"

#include "ui/style/appearance.h"
#include "ui/style/format.h"
#include "ui/style/lamp.h"

#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QListView>
#include <QStringListModel>
#include <QVBoxLayout>

namespace signalbox {

namespace {

struct Kind
{
    const char *name; ///< as ProbeReport::failedPhase has it
    const char *text;
    const char *objectName;
};

constexpr std::array kinds {
    Kind { "dns", QT_TRANSLATE_NOOP("ProbeView", "Name look-up"), "phaseDns" },
    Kind { "connect", QT_TRANSLATE_NOOP("ProbeView", "Connection"), "phaseConnect" },
    Kind { "tls", QT_TRANSLATE_NOOP("ProbeView", "TLS"), "phaseTls" },
    Kind { "first byte", QT_TRANSLATE_NOOP("ProbeView", "First byte"), "phaseFirstByte" },
    Kind { "response", QT_TRANSLATE_NOOP("ProbeView", "Whole answer"), "phaseResponse" },
};

} // namespace

ProbeView::ProbeView(const Appearance &appearance, QWidget *parent)
    : QWidget(parent), m_lamp(new LampWidget(appearance, this)), m_verdict(new QLabel(this)),
      m_details(new QWidget(this)), m_phases {}, m_modelsLabel(new QLabel(m_details)), m_list(new QListView(m_details)),
      m_models(new QStringListModel(this))
{
    m_verdict->setObjectName(QStringLiteral("probeVerdict"));
    m_verdict->setWordWrap(true);
    m_verdict->setTextFormat(Qt::PlainText);
    m_verdict->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto *grid = new QGridLayout;
    grid->setHorizontalSpacing(8);
    grid->setVerticalSpacing(4);
    for (std::size_t i = 0; i < kinds.size(); ++i) {
        m_phases[i] = { new LampWidget(appearance, m_details), new QLabel(m_details) };
        m_phases[i].time->setObjectName(QLatin1String(kinds[i].objectName));
        m_phases[i].time->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
        const int line = static_cast<int>(i);
        grid->addWidget(m_phases[i].lamp, line, 0);
        grid->addWidget(new QLabel(tr(kinds[i].text), m_details), line, 1);
        grid->addWidget(m_phases[i].time, line, 2);
    }
    grid->setRowStretch(grid->rowCount(), 1);
    m_list->setObjectName(QStringLiteral("probeModels"));
    m_list->setAccessibleName(tr("Models it lists"));
    m_list->setModel(m_models);
    m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_list->setUniformItemSizes(true);
    m_list->setFixedHeight(112);
    m_modelsLabel->setBuddy(m_list);
    auto *models = new QVBoxLayout;
    models->setSpacing(4);
    models->addWidget(m_modelsLabel);
    models->addWidget(m_list);
    auto *details = new QHBoxLayout(m_details);
    details->setContentsMargins(lampSize + 8, 0, 0, 0);
    details->setSpacing(24);
    details->addLayout(grid);
    details->addLayout(models, 1);
    auto *top = new QHBoxLayout;
    top->setSpacing(8);
    top->addWidget(m_lamp, 0, Qt::AlignTop);
    top->addWidget(m_verdict, 1);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addLayout(top);
    layout->addWidget(m_details);
    forget();
}

void ProbeView::forget()
{
    hide();
    m_models->setStringList({});
}

void ProbeView::showWaiting()
{
    m_lamp->setShape(LampShape::Diamond);
    m_verdict->setText(tr("Asking for the list of models, which costs nothing…"));
    m_details->hide();
    show();
}

void ProbeView::showReport(const ProbeReport &report)
{
    m_lamp->setShape(report.usable ? LampShape::Circle : LampShape::Square);
    m_verdict->setText((report.usable ? tr("✓ %1") : tr("✗ %1")).arg(report.verdict));
    const bool tried = report.failedPhase != QLatin1String("draft") &&
        (report.failedPhase != QLatin1String("key") || report.status != 0);
    m_details->setVisible(tried);
    const std::optional<double> whole = report.status != 0 ? std::optional(report.totalMs) : std::nullopt;
    const std::array times { report.dnsMs, report.connectMs, report.tlsMs, report.firstByteMs, whole };
    bool failedBefore = false;
    for (std::size_t i = 0; i < times.size(); ++i) {
        const bool failed = report.failedPhase == QLatin1String(kinds[i].name);
        QString text = tr("not needed");
        if (failed)
            text = tr("failed");
        else if (failedBefore)
            text = tr("not reached");
        else if (times[i])
            text = formatLatency(times[i]);
        setPhase(i, text, failed, times[i].has_value());
        failedBefore = failedBefore || failed;
    }
    showModels(report.models);
    show();
}

void ProbeView::setPhase(std::size_t phase, const QString &text, bool failed, bool reached)
{
    m_phases[phase].lamp->setShape(failed ? LampShape::Square : reached ? LampShape::Circle : LampShape::DashedCircle);
    m_phases[phase].time->setText(text);
}

void ProbeView::showModels(const QStringList &models)
{
    m_models->setStringList(models);
    m_list->setVisible(!models.isEmpty());
    m_modelsLabel->setVisible(!models.isEmpty());
    m_modelsLabel->setText(tr("%n model(s)", nullptr, static_cast<int>(models.size())));
}

} // namespace signalbox
