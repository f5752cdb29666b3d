// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/wall/thresholdpanel.h"

#include "ui/wall/settingfield.h"

#include <QHBoxLayout>

#include <cmath>

namespace signalbox {

namespace {

double seconds(Milliseconds duration)
{
    return static_cast<double>(duration.count()) / 1000;
}

Milliseconds fromSeconds(double seconds)
{
    return Milliseconds { std::llround(seconds * 1000) };
}

constexpr double daySeconds = 86400;

} // namespace

ThresholdPanel::ThresholdPanel(Engine &engine, const Appearance &appearance, QWidget *parent) : QWidget(parent)
{
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(24);
    for (SettingSpec spec : { thresholdSpec(), timeoutSpec(), intervalSpec() }) {
        m_fields.push_back(new SettingField(std::move(spec), engine, appearance, this));
        layout->addWidget(m_fields.back(), 1);
    }
}

SettingSpec ThresholdPanel::thresholdSpec()
{
    SettingSpec spec;
    spec.objectName = QStringLiteral("breakerThreshold");
    spec.label = tr("Breaker &threshold");
    spec.accessibleName = tr("Breaker threshold, failures in a row");
    spec.explanation = tr("Failures in a row that open a breaker; fewer while most calls fail.");
    spec.unit = tr("failures");
    spec.variable = QStringLiteral("CIRCUIT_BREAKER_THRESHOLD");
    spec.minimum = 1;
    spec.maximum = 1000;
    spec.value = [](const EngineSnapshot &snapshot) { return double(snapshot.breaker.threshold); };
    spec.origin = [](const EngineSnapshot &snapshot) { return snapshot.origins.breakerThreshold; };
    spec.patch = [](double value) {
        SettingsPatch patch;
        patch.breakerThreshold = static_cast<int>(std::lround(value));
        return patch;
    };
    return spec;
}

SettingSpec ThresholdPanel::timeoutSpec()
{
    SettingSpec spec;
    spec.objectName = QStringLiteral("breakerTimeout");
    spec.label = tr("Breaker t&imeout");
    spec.accessibleName = tr("Breaker timeout, seconds");
    spec.explanation = tr("How long a breaker stays open the first time; longer each time it opens again.");
    spec.unit = tr("s");
    spec.variable = QStringLiteral("CIRCUIT_BREAKER_TIMEOUT");
    spec.minimum = 0.001;
    spec.maximum = daySeconds;
    spec.step = 5;
    spec.decimals = 3;
    spec.value = [](const EngineSnapshot &snapshot) { return seconds(snapshot.breaker.timeoutMs); };
    spec.origin = [](const EngineSnapshot &snapshot) { return snapshot.origins.breakerTimeout; };
    spec.patch = [](double value) {
        SettingsPatch patch;
        patch.breakerTimeout = fromSeconds(value);
        return patch;
    };
    return spec;
}

SettingSpec ThresholdPanel::intervalSpec()
{
    SettingSpec spec;
    spec.objectName = QStringLiteral("healthInterval");
    spec.label = tr("&Health interval");
    spec.accessibleName = tr("Health interval, seconds");
    spec.explanation = tr("Between two checks of every provider.");
    spec.unit = tr("s");
    spec.variable = QStringLiteral("HEALTH_CHECK_INTERVAL");
    spec.minimum = 0.1;
    spec.maximum = daySeconds;
    spec.step = 5;
    spec.decimals = 3;
    spec.value = [](const EngineSnapshot &snapshot) { return seconds(snapshot.health.intervalMs); };
    spec.origin = [](const EngineSnapshot &snapshot) { return snapshot.origins.healthInterval; };
    spec.patch = [](double value) {
        SettingsPatch patch;
        patch.healthInterval = fromSeconds(value);
        return patch;
    };
    return spec;
}

void ThresholdPanel::showSnapshot(const EngineSnapshot &snapshot)
{
    for (SettingField *field : m_fields)
        field->showSnapshot(snapshot);
}

void ThresholdPanel::setStale(bool stale)
{
    for (SettingField *field : m_fields)
        field->setStale(stale);
}

} // namespace signalbox
