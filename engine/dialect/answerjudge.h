// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/headerlist.h"
#include "engine/config/config.h"
#include "engine/dialect/eventlog.h"
#include "engine/dialect/jsonarrayscanner.h"
#include "engine/dialect/route.h"
#include "engine/dialect/ssescanner.h"
#include "engine/dialect/usagereader.h"

#include <QByteArray>
#include <QByteArrayView>

#include <cstdint>

namespace signalbox {

/// What the beginning of an answer is: the gate before anything goes to the client.
enum class FirstContent {
    Pending, ///< nothing yet but comments, pings and lifecycle events
    Content,
    Error, ///< an error where content should be
    Html ///< a page, not an API's answer
};

/// How an answer of status 2xx ended, once finish() was called.
enum class StreamVerdict {
    Success,
    Error, ///< an error event, or an error object as the answer
    Empty, ///< no body or no data event
    Html,
    Truncated ///< an event stream without its dialect's terminal event
};
const char *toString(StreamVerdict verdict) noexcept;

/// Reads a decoded copy of an answer beside its flow. Judges framing and errors, never what the model said. Only
/// answers of generation endpoints are judged; of others it notes the error and the object's id.
class AnswerJudge
{
public:
    static constexpr qsizetype inspectedBytes = qsizetype { 64 } << 10; ///< of an answer that is no event stream

    /// An endpoint that generates is judged; pass Endpoint::Other for a method that does not.
    AnswerJudge(Dialect dialect, Endpoint endpoint, bool streamRequested);

    void setHead(int status, const HeaderList &headers);
    void feed(QByteArrayView decoded);
    /// The body is complete by its framing. Not to be called for a body that was cut.
    void finish();
    /// The rest cannot be read (unknown coding, limits of the decoder): framing alone decides from here.
    void stopJudging();

    FirstContent firstContent() const { return m_first; }
    bool terminalSeen() const { return m_terminal; }
    bool errorSeen() const { return m_error; }
    /// Short, printable, secrets masked. Also of answers that are not 2xx.
    const QByteArray &errorType() const { return m_errorType; }
    const QByteArray &errorCode() const { return m_errorCode; }
    const QByteArray &errorMessage() const { return m_errorMessage; }
    /// Events with data, without lifecycle events, pings and [DONE].
    std::uint64_t dataEvents() const { return m_dataEvents; }
    bool isEventStream() const { return m_mode == Mode::Events; }
    /// An event stream that needs its terminal event to be complete.
    bool needsTerminal() const;
    /// The id of what the provider made (response, file, batch, conversation), or empty.
    const QByteArray &objectId() const { return m_objectId; }
    /// The beginning of an answer that is no event stream, at most inspectedBytes.
    const QByteArray &head() const { return m_body; }
    StreamVerdict verdict() const;
    /// What it used, as far as it has said so.
    const UsageReader &usage() const { return m_usage; }
    /// Every event of a stream, also those that dataEvents() leaves out.
    const EventLog &events() const { return m_log; }
    void stampEvents(std::chrono::microseconds at) { m_log.stamp(at); }

private:
    enum class Mode { Undecided, Events, Array, Document, Opaque };

    bool decideMode(bool last);
    void feedMode(QByteArrayView bytes);
    void feedBeginning();
    void inspectGrown();
    void keep(QByteArrayView bytes);
    void inspectDocument(bool last);
    void readEvent(QByteArrayView name, QByteArrayView data);
    bool readEventError(QByteArrayView type, QByteArrayView data);
    void noteContent();
    void noteHtml();
    void noteError(QByteArrayView object);
    bool isTerminal(QByteArrayView type, QByteArrayView data) const;

    Dialect m_dialect;
    Endpoint m_endpoint;
    bool m_streamRequested;
    bool m_judged = false; ///< a 2xx of a generation endpoint
    bool m_terminal = false;
    bool m_error = false;
    bool m_cutDocument = false;
    Mode m_mode = Mode::Undecided;
    int m_status = 0;
    FirstContent m_first = FirstContent::Pending;
    bool m_html = false;
    bool m_typedHtml = false; ///< by its content-type
    qsizetype m_nextInspection = 1024;
    bool m_finished = false;
    bool m_hasBody = false;
    bool m_overflowed = false; ///< longer than inspectedBytes
    std::uint64_t m_dataEvents = 0;
    QByteArray m_body;
    QByteArray m_errorType;
    QByteArray m_errorCode;
    QByteArray m_errorMessage;
    QByteArray m_objectId;
    UsageReader m_usage;
    EventLog m_log;
    SseScanner m_events;
    JsonArrayScanner m_elements;
};

} // namespace signalbox
