// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/requestevent.h"
#include "engine/health/stepdetector.h"

#include <QHash>
#include <QString>

#include <optional>

namespace signalbox {

struct FirstByteStep
{
    QString provider;
    StepChange change;
    /// "The first byte suddenly takes 1.6 s instead of 400 ms."
    QString sentence() const;
};

/// One step detector a provider, fed with the first byte of streams that succeeded.
class StepWatch
{
public:
    std::optional<FirstByteStep> record(const RequestEvent &event);

private:
    QHash<QString, StepDetector> m_detectors;
};

} // namespace signalbox
