// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayView>

#include <optional>

namespace signalbox {

/// An OpenAI chat request that also asks for the usage at the end of its stream (stream_options.include_usage): bytes
/// are put in, none is changed. nullopt: it says already whether it wants that, or is not read as such a request.
std::optional<QByteArray> withIncludeUsage(const QByteArray &body);

/// Takes the chunk with the usage and no choices out of an event stream, every other byte passes. Holds back no more
/// than the event that is not complete yet.
class UsageChunkFilter
{
public:
    static constexpr qsizetype longestHeld = qsizetype { 64 } << 10; ///< a longer event is no usage chunk

    QByteArray feed(QByteArrayView bytes);
    /// What is held at the end of the stream.
    QByteArray finish();

private:
    void endEvent(QByteArray &out);

    QByteArray m_event;
    qsizetype m_lineStart = 0; ///< in m_event
    bool m_passing = false; ///< the rest of this event goes on unread
    bool m_lineEmpty = true; ///< of the line that is passing
};

} // namespace signalbox
