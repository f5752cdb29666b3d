// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/breakerstate.h"
#include "engine/provider/provider.h"
#include "engine/transport/transporterror.h"

#include <QString>

namespace signalbox {

/// What a provider's answer, or the lack of one, means for the breaker and for the client's request.
struct Verdict
{
    Outcome outcome = Outcome::Success;
    bool failover = false; ///< another provider may do better
    QString reason; ///< machine name
    int clientStatus = 0; ///< what the client gets if nobody does better and there is no answer to pass on
    CredentialSignal credential = CredentialSignal::None;
};

/// By status alone; `ownKey`: the credential was ours, `quota`: the account cannot pay.
Verdict judgeStatus(int status, bool ownKey, bool quota);
/// `staleReuse`: a reused connection closed with nothing received.
Verdict judgeTransport(TransportError error, bool staleReuse);

} // namespace signalbox
