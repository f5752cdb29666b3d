// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayView>

namespace signalbox {

/// Views into the scanner's buffer; valid until the next call.
struct SseEvent
{
    QByteArrayView name; ///< of the event: field; empty if there was none
    QByteArrayView data; ///< data: lines joined by LF
    bool truncated = false; ///< longer than the scanner keeps; data is its beginning
};

/// Reads an event stream in pieces of any size. Events without data are skipped, as browsers and SDKs do.
class SseScanner
{
public:
    static constexpr qsizetype keptBytes = qsizetype { 1 } << 20; ///< of one event

    template <typename Handler> void feed(QByteArrayView bytes, Handler &&handler)
    {
        while (SseEvent *event = take(bytes))
            handler(*event);
    }
    /// The end of the stream also ends an event whose blank line is missing: SDKs read it so.
    template <typename Handler> void finish(Handler &&handler)
    {
        if (SseEvent *event = takeLast())
            handler(*event);
    }

    /// Something of an event or line has been read that is not complete.
    bool inEvent() const;
    bool sawComment() const { return m_sawComment; }

private:
    SseEvent *take(QByteArrayView &bytes);
    SseEvent *takeLast();
    void appendToLine(QByteArrayView bytes);
    bool endLine();
    bool dispatch();
    void addField(QByteArrayView line);
    void addData(QByteArrayView value);

    QByteArray m_line;
    QByteArray m_name;
    QByteArray m_data;
    SseEvent m_event;
    bool m_started = false; ///< the byte order mark, if any, is behind
    bool m_lineTruncated = false;
    bool m_afterCr = false;
    bool m_hasData = false;
    bool m_truncated = false;
    bool m_dispatched = false;
    bool m_sawComment = false;
};

} // namespace signalbox
