// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/config/config.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QString>

#include <vector>

namespace signalbox {

/// What a request to a simulated provider asks for.
struct SimulatedCall
{
    enum class Kind { Chat, Responses, Messages, Generate, Embeddings, CountTokens, Models, Alive, Unknown };
    Kind kind = Kind::Unknown;
    Dialect dialect = Dialect::OpenAi;
    QString model;
    bool stream = false;
    bool sse = true; ///< Gemini streams a JSON array without alt=sse
    bool usageInStream = false; ///< chat: stream_options.include_usage
    int inputTokens = 1;

    bool generates() const { return kind <= Kind::Embeddings; }
};

/// Paths with and without /v1; `anthropicVersion` tells the two /v1/models apart.
SimulatedCall readSimulatedCall(QByteArrayView method, QByteArrayView target, bool anthropicVersion,
                                const QByteArray &body);

/// The content of an answer, whatever its shape.
struct SimulatedText
{
    QByteArray id; ///< letters and digits
    std::vector<QString> words; ///< each with the white space before it

    QString joined() const;
};

QByteArray contentType(const SimulatedCall &call);

/// The body of an answer that is not streamed.
QByteArray simulatedBody(const SimulatedCall &call, const SimulatedText &text);

/// The body of a streamed answer, in the pieces in which it is sent: one a word, the last with the terminal event.
std::vector<QByteArray> simulatedPieces(const SimulatedCall &call, const SimulatedText &text);

/// An error in the dialect's own shape.
QByteArray simulatedError(Dialect dialect, int status, const QString &message);
/// The same as an event of the call's stream.
QByteArray simulatedErrorEvent(const SimulatedCall &call, int status, const QString &message);

} // namespace signalbox
