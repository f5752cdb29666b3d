// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/capturemasking.h"

#include "engine/dialect/bodydecoder.h"
#include "engine/dialect/masking.h"

namespace signalbox {

namespace {

constexpr qsizetype decodedMargin = qsizetype { 64 } << 10; ///< so that a secret at the limit is seen whole

} // namespace

void maskCapture(CapturedBody &body)
{
    DecodeLimits limits;
    limits.outputBytes = body.limitBytes + decodedMargin;
    BodyDecoder decoder(body.coding, limits);
    // What cannot be read cannot be masked either.
    if (!decoder.isIdentity())
        body.body = decoder.supported() ? decoder.decode(body.body) : QByteArray();
    body.complete = body.complete && decoder.supported() && !decoder.stopped();
    for (const Secret &secret : body.secrets) {
        if (!secret.isEmpty())
            body.body.replace(secret.reveal(), "***");
    }
    body.body = maskSecrets(body.body);
    if (body.body.size() > body.limitBytes) {
        body.body.truncate(body.limitBytes);
        body.complete = false;
    }
}

} // namespace signalbox
