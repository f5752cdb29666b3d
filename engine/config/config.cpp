// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/config/config.h"

namespace signalbox {

const char *toString(Dialect dialect) noexcept
{
    switch (dialect) {
    case Dialect::OpenAi:
        return "openai";
    case Dialect::Anthropic:
        return "anthropic";
    case Dialect::Gemini:
        return "gemini";
    }
    return "";
}

} // namespace signalbox
