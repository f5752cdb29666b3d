// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/engine.h"

#include <QWidget>

#include <vector>

namespace signalbox {

class Appearance;
class SettingField;
struct SettingSpec;

/// Breaker threshold, breaker timeout and health interval of the running engine.
class ThresholdPanel : public QWidget
{
    Q_OBJECT

public:
    ThresholdPanel(Engine &engine, const Appearance &appearance, QWidget *parent = nullptr);

    void showSnapshot(const EngineSnapshot &snapshot);
    void setStale(bool stale);

private:
    static SettingSpec thresholdSpec();
    static SettingSpec timeoutSpec();
    static SettingSpec intervalSpec();

    std::vector<SettingField *> m_fields;
};

} // namespace signalbox
