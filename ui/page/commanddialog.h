// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/engine.h"

#include <QDialog>

class QCheckBox;
class QSpinBox;

namespace signalbox {

/// How a command that disturbs requests is asked for.
struct CommandQuestion
{
    enum class Duration { None, Optional, Required };

    QString title; ///< "Force alpha open?"
    QString consequence; ///< what it means for requests
    QString verb; ///< the button
    Duration duration = Duration::None;
    QString durationLabel; ///< before the minutes
};

class CommandDialog : public QDialog
{
    Q_OBJECT

public:
    explicit CommandDialog(const CommandQuestion &question, QWidget *parent = nullptr);

    /// nullopt if no duration was asked for or chosen.
    std::optional<Milliseconds> duration() const;

private:
    QLayout *durationRow(const CommandQuestion &question);

    QCheckBox *m_limited = nullptr;
    QSpinBox *m_minutes = nullptr;
};

} // namespace signalbox
