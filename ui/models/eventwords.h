// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/stateevent.h"

#include <QString>
#include <QStringList>

#include <vector>

namespace signalbox {

/// "Breaker", "Command" ...
QString kindWord(StateEvent::Kind kind);
/// Every kind, in the order in which it is offered.
const std::vector<StateEvent::Kind> &allEventKinds();

/// A word or separator of two texts laid side by side.
struct DiffPart
{
    enum class Kind { Same, Removed, Added };
    Kind kind = Kind::Same;
    QString text;

    bool operator==(const DiffPart &) const = default;
};
/// Word by word, the fewest changes; what is too long for that is taken as a whole.
std::vector<DiffPart> diffWords(const QString &before, const QString &after);

/// "closed → open"; of long texts only what differs.
QString changeText(const StateEvent &event);
/// The same in rich text: what went is struck out, what came is bold, so that it needs no colour.
QString changeHtml(const StateEvent &event);

} // namespace signalbox
