// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/headerlist.h"

#include <QByteArray>
#include <QByteArrayView>

namespace signalbox {

/// Which tool calls, from its user-agent: "claude-code", "codex", "opencode", "openai-python", "curl" ... or "other".
/// A bounded set, fit for a metric's label.
QByteArray clientKind(const HeaderList &headers);

/// The conversation the tool says this request belongs to, as 12 hex digits of a hash; empty if it names none.
/// `promptCacheKey`: the body's, for tools that send no header.
QByteArray sessionKey(const HeaderList &headers, QByteArrayView promptCacheKey = {});

} // namespace signalbox
