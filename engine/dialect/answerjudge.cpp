// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/dialect/answerjudge.h"

#include "engine/base/bytes.h"
#include "engine/dialect/jsonscan.h"
#include "engine/dialect/masking.h"

#include <algorithm>
#include <array>

namespace signalbox {

namespace {

constexpr qsizetype longestErrorWord = 80;
constexpr qsizetype longestErrorMessage = 300;
constexpr qsizetype decidingBytes = 16; ///< enough to tell a page from an API's answer
constexpr std::size_t inspectedElements = 256; ///< choices or candidates in one event

bool isOneOf(QByteArrayView word, std::initializer_list<const char *> words)
{
    return std::any_of(words.begin(), words.end(), [&](const char *other) { return word == QByteArrayView(other); });
}

QByteArrayView trimmedStart(QByteArrayView text)
{
    if (text.startsWith("\xef\xbb\xbf"))
        text = text.sliced(3);
    while (!text.isEmpty() &&
           (text.front() == ' ' || text.front() == '\n' || text.front() == '\r' || text.front() == '\t'))
        text = text.sliced(1);
    return text;
}

bool looksLikeHtml(QByteArrayView start)
{
    return startsWithIgnoringCase(start, "<!doctype") || startsWithIgnoringCase(start, "<html");
}

/// The first "type" of an event: vendors write it first, so the rest need not be read.
QByteArray typeOf(QByteArrayView data)
{
    JsonObjectWalker walker(data);
    while (const std::optional<JsonMember> member = walker.next()) {
        if (member->key == "type")
            return member->kind == JsonKind::String ? unescapeJson(member->value.of(data)) : QByteArray();
    }
    return {};
}

/// Comes before the answer's content and may be followed by an error that another provider would not have.
bool isLifecycle(QByteArrayView type)
{
    return isOneOf(
        type, { "ping", "keepalive", "message_start", "response.created", "response.in_progress", "response.queued" });
}

bool isNonEmptyString(const std::optional<JsonMember> &member)
{
    return member && member->kind == JsonKind::String && member->value.size > 0;
}

bool isErrorValue(const JsonMember &member)
{
    return (member.kind == JsonKind::Object && member.value.size > 2) ||
        (member.kind == JsonKind::String && member.value.size > 0);
}

/// True if some occurrence of "key": in the text is followed by anything but null. A cheap test before the real one.
bool mayHaveValue(QByteArrayView text, QByteArrayView quotedKey)
{
    for (qsizetype at = findText(text, quotedKey); at >= 0; at = findText(text, quotedKey, at + 1)) {
        qsizetype value = at + quotedKey.size();
        while (value < text.size() && (text[value] == ' ' || text[value] == ':'))
            ++value;
        if (value < text.size() && text[value] != 'n')
            return true;
    }
    return false;
}

/// Some object of the array `list` in `data` has a non-empty string `key`.
bool elementHasString(QByteArrayView data, QByteArrayView list, QByteArrayView key)
{
    const std::optional<JsonMember> array = findJsonMember(data, list);
    if (!array || array->kind != JsonKind::Array)
        return false;
    const QByteArrayView text = array->value.of(data);
    const std::vector<JsonMember> elements = jsonElements(text, inspectedElements);
    return std::any_of(elements.begin(), elements.end(), [&](const JsonMember &element) {
        return element.kind == JsonKind::Object && isNonEmptyString(findJsonMember(element.value.of(text), key));
    });
}

bool isGeminiTerminal(QByteArrayView data)
{
    if (mayHaveValue(data, "\"finishReason\"") && elementHasString(data, "candidates", "finishReason"))
        return true;
    if (!mayHaveValue(data, "\"blockReason\""))
        return false;
    const std::optional<JsonMember> feedback = findJsonMember(data, "promptFeedback");
    return feedback && feedback->kind == JsonKind::Object &&
        isNonEmptyString(findJsonMember(feedback->value.of(data), "blockReason"));
}

/// A word or number of an error object, for people.
QByteArray errorField(QByteArrayView object, std::initializer_list<const char *> names, qsizetype bytes)
{
    for (const char *name : names) {
        const std::optional<JsonMember> member = findJsonMember(object, name);
        if (!member || (member->kind != JsonKind::String && member->kind != JsonKind::Number))
            continue;
        const QByteArrayView raw = member->value.of(object);
        return printableExcerpt(member->kind == JsonKind::String ? unescapeJson(raw) : raw.toByteArray(), bytes);
    }
    return {};
}

} // namespace

const char *toString(StreamVerdict verdict) noexcept
{
    static constexpr std::array names { "success", "error", "empty", "html", "truncated" };
    return names[static_cast<std::size_t>(verdict)];
}

AnswerJudge::AnswerJudge(Dialect dialect, Endpoint endpoint, bool streamRequested)
    : m_dialect(dialect), m_endpoint(endpoint), m_streamRequested(streamRequested), m_usage(dialect)
{
}

void AnswerJudge::setHead(int status, const HeaderList &headers)
{
    m_status = status;
    m_judged = status >= 200 && status < 300 && status != 204 && isGeneration(m_endpoint);
    if (!m_judged)
        m_first = FirstContent::Content;
    const QByteArray field = headers.value("content-type");
    const qsizetype semicolon = indexOfByte(field, ';');
    const QByteArrayView type = QByteArrayView(field).first(semicolon < 0 ? field.size() : semicolon).trimmed();
    m_typedHtml = equalsIgnoringCase(type, "text/html");
    if (equalsIgnoringCase(type, "text/event-stream"))
        m_mode = Mode::Events;
}

void AnswerJudge::feed(QByteArrayView decoded)
{
    if (decoded.isEmpty() || m_mode == Mode::Opaque)
        return;
    m_hasBody = true;
    if (m_mode != Mode::Undecided) {
        feedMode(decoded);
        return;
    }
    const qsizetype room = inspectedBytes - m_body.size();
    appendBytes(m_body, decoded.first(std::min(decoded.size(), room)));
    if (decideMode(false)) {
        feedBeginning();
        if (decoded.size() > room)
            feedMode(decoded.sliced(room));
    }
}

void AnswerJudge::finish()
{
    if (std::exchange(m_finished, true))
        return;
    if (m_mode == Mode::Undecided && decideMode(true))
        feedBeginning();
    if (m_mode == Mode::Events)
        m_events.finish([this](const SseEvent &event) { readEvent(event.name, event.data); });
    if (m_mode == Mode::Document) {
        inspectDocument(true);
        if (m_overflowed)
            m_usage.finishDocument();
    }
}

void AnswerJudge::stopJudging()
{
    m_mode = Mode::Opaque;
    m_judged = m_judged && (m_error || m_html);
    if (m_first == FirstContent::Pending)
        m_first = FirstContent::Content;
}

/// True once it is known what the body is.
bool AnswerJudge::decideMode(bool last)
{
    const QByteArrayView start = trimmedStart(m_body);
    const bool enough = last || start.size() >= decidingBytes || m_body.size() >= inspectedBytes;
    if (start.isEmpty() && !enough)
        return false;
    if (m_typedHtml || looksLikeHtml(start)) {
        noteHtml();
        m_mode = Mode::Opaque;
    } else if (start.startsWith('{')) {
        m_mode = Mode::Document;
    } else if (start.startsWith('[') && m_endpoint == Endpoint::StreamGenerateContent) {
        m_mode = Mode::Array;
    } else if (!enough) {
        return false;
    } else if (m_streamRequested &&
               (start.startsWith("data:") || start.startsWith("event:") || start.startsWith(':'))) {
        m_mode = Mode::Events;
    } else {
        m_mode = Mode::Opaque;
        if (m_hasBody)
            noteContent();
        if (m_status >= 400 && m_errorMessage.isEmpty())
            m_errorMessage = printableExcerpt(start, longestErrorMessage);
    }
    return true;
}

/// What was kept until the mode was known.
void AnswerJudge::feedBeginning()
{
    if (m_mode == Mode::Events) {
        const QByteArray beginning = std::exchange(m_body, {});
        feedMode(beginning);
    } else if (m_mode == Mode::Array) {
        m_elements.feed(m_body, [this](QByteArrayView element) { readEvent({}, element); });
    } else if (m_mode == Mode::Document) {
        inspectGrown();
    }
}

void AnswerJudge::feedMode(QByteArrayView bytes)
{
    switch (m_mode) {
    case Mode::Events:
        m_events.feed(bytes, [this](const SseEvent &event) { readEvent(event.name, event.data); });
        break;
    case Mode::Array:
        keep(bytes);
        m_elements.feed(bytes, [this](QByteArrayView element) { readEvent({}, element); });
        break;
    case Mode::Document:
        // The judge's own walk reads the usage too, unless the document is longer than what the judge keeps.
        if (m_overflowed) {
            m_usage.readDocument(bytes);
        } else if (m_body.size() + bytes.size() > inspectedBytes) {
            m_usage.readDocument(m_body);
            m_usage.readDocument(bytes);
        }
        keep(bytes);
        inspectGrown();
        break;
    case Mode::Opaque:
        keep(bytes);
        break;
    case Mode::Undecided:
        break;
    }
}

void AnswerJudge::inspectGrown()
{
    if (m_body.size() < m_nextInspection)
        return;
    m_nextInspection = m_body.size() * 2;
    inspectDocument(false);
}

void AnswerJudge::keep(QByteArrayView bytes)
{
    const qsizetype room = inspectedBytes - m_body.size();
    m_overflowed = m_overflowed || bytes.size() > room;
    m_body += bytes.first(std::min(bytes.size(), room));
    // What is beyond is not looked at, so nothing is to be waited for.
    if (m_overflowed && m_mode == Mode::Document && m_nextInspection <= inspectedBytes * 2) {
        m_nextInspection = inspectedBytes * 4;
        inspectDocument(true);
    }
}

void AnswerJudge::inspectDocument(bool last)
{
    JsonObjectWalker walker(m_body);
    const bool whole = last && !m_overflowed;
    bool isError = false;
    while (const std::optional<JsonMember> member = walker.next()) {
        if (whole)
            m_usage.readTopMember(*member, m_body);
        const QByteArrayView value = member->value.of(m_body);
        const QByteArrayView key = member->key; // whose == looks at the sizes first
        if (key == QByteArrayView("error"))
            isError = isError || isErrorValue(*member);
        else if (key == QByteArrayView("type") || key == QByteArrayView("object"))
            isError = isError || (member->kind == JsonKind::String && value == QByteArrayView("error"));
        else if ((key == QByteArrayView("id") || key == QByteArrayView("name")) && member->kind == JsonKind::String &&
                 (m_objectId.isEmpty() || key == QByteArrayView("id")))
            m_objectId = printableExcerpt(unescapeJson(value), 256);
    }
    if (isError && (m_judged || m_status >= 400))
        noteError(m_body);
    else if (walker.closed() || last)
        noteContent();
    m_cutDocument = last && !m_overflowed && !walker.closed();
}

void AnswerJudge::readEvent(QByteArrayView name, QByteArrayView data)
{
    if (data == QByteArrayView("[DONE]")) {
        m_terminal = m_terminal || m_endpoint == Endpoint::ChatCompletions || m_endpoint == Endpoint::Completions;
        m_log.add(data, data.size());
        return;
    }
    m_usage.readEvent(data);
    const bool typed =
        m_dialect != Dialect::Gemini && m_endpoint != Endpoint::ChatCompletions && m_endpoint != Endpoint::Completions;
    const QByteArray ownType = typed ? typeOf(data) : QByteArray();
    const QByteArrayView type = ownType.isEmpty() || name == QByteArrayView("error") ? name : QByteArrayView(ownType);
    m_log.add(type, data.size());
    if (m_objectId.isEmpty() && type == QByteArrayView("response.created")) {
        const std::optional<JsonMember> response = findJsonMember(data, "response");
        if (response && response->kind == JsonKind::Object)
            m_objectId = printableExcerpt(findJsonString(response->value.of(data), "id").value_or(QByteArray()), 256);
    }
    if (isLifecycle(type))
        return;
    if (readEventError(type, data))
        return;
    noteContent();
    ++m_dataEvents;
    m_terminal = m_terminal || isTerminal(type, data);
}

bool AnswerJudge::readEventError(QByteArrayView type, QByteArrayView data)
{
    if (type == QByteArrayView("response.failed")) {
        m_terminal = true;
        const std::optional<JsonMember> response = findJsonMember(data, "response");
        noteError(response ? response->value.of(data) : data);
        return true;
    }
    bool isError = type == QByteArrayView("error");
    // Only a key or value in quotes can be meant, and those of nested texts are escaped.
    if (!isError && findText(data, "\"error\"") >= 0) {
        const std::optional<JsonMember> error = findJsonMember(data, "error");
        isError = (error && isErrorValue(*error)) || findJsonString(data, "object") == QByteArray("error") ||
            findJsonString(data, "type") == QByteArray("error");
    }
    if (isError)
        noteError(data);
    return isError;
}

bool AnswerJudge::isTerminal(QByteArrayView type, QByteArrayView data) const
{
    switch (m_endpoint) {
    case Endpoint::ChatCompletions:
    case Endpoint::Completions:
        return mayHaveValue(data, "\"finish_reason\"") && elementHasString(data, "choices", "finish_reason");
    case Endpoint::Responses:
    case Endpoint::ResponseCompact:
    case Endpoint::ResponseObject:
        return isOneOf(type, { "response.completed", "response.incomplete", "response.cancelled" });
    case Endpoint::Messages:
        return type == QByteArrayView("message_stop");
    case Endpoint::Complete:
        return mayHaveValue(data, "\"stop_reason\"") && isNonEmptyString(findJsonMember(data, "stop_reason"));
    case Endpoint::GenerateContent:
    case Endpoint::StreamGenerateContent:
        return isGeminiTerminal(data);
    default:
        return false;
    }
}

void AnswerJudge::noteContent()
{
    if (m_first == FirstContent::Pending)
        m_first = FirstContent::Content;
}

void AnswerJudge::noteHtml()
{
    m_html = true;
    if (m_first == FirstContent::Pending)
        m_first = FirstContent::Html;
}

void AnswerJudge::noteError(QByteArrayView object)
{
    if (m_first == FirstContent::Pending)
        m_first = FirstContent::Error;
    if (m_error)
        return;
    m_error = true;
    const std::optional<JsonMember> inner = findJsonMember(object, "error");
    if (inner && inner->kind == JsonKind::String) {
        m_errorMessage = printableExcerpt(unescapeJson(inner->value.of(object)), longestErrorMessage);
        return;
    }
    const QByteArrayView error = inner && inner->kind == JsonKind::Object ? inner->value.of(object) : object;
    m_errorType = errorField(error, { "type", "status" }, longestErrorWord);
    m_errorCode = errorField(error, { "code" }, longestErrorWord);
    m_errorMessage = errorField(error, { "message", "detail" }, longestErrorMessage);
}

bool AnswerJudge::needsTerminal() const
{
    if (m_mode != Mode::Events && m_mode != Mode::Array)
        return false;
    switch (m_endpoint) {
    case Endpoint::ChatCompletions:
    case Endpoint::Completions:
    case Endpoint::Responses:
    case Endpoint::Messages:
    case Endpoint::Complete:
    case Endpoint::GenerateContent:
    case Endpoint::StreamGenerateContent:
        return m_judged;
    default:
        return false;
    }
}

StreamVerdict AnswerJudge::verdict() const
{
    if (!m_judged)
        return StreamVerdict::Success;
    if (m_error)
        return StreamVerdict::Error;
    if (m_html)
        return StreamVerdict::Html;
    if (!m_hasBody)
        return StreamVerdict::Empty;
    const bool streamed = m_mode == Mode::Events || m_mode == Mode::Array;
    if (streamed && m_dataEvents == 0)
        return StreamVerdict::Empty;
    if ((needsTerminal() && !m_terminal) || m_cutDocument)
        return StreamVerdict::Truncated;
    return StreamVerdict::Success;
}

} // namespace signalbox
