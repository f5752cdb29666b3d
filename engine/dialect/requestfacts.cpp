// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/dialect/requestfacts.h"

#include "engine/base/bytes.h"

#include <algorithm>

namespace signalbox {

namespace {

constexpr qsizetype longestSessionKey = 256;
constexpr qsizetype longestBoundary = 200; // RFC 2046 allows 70
constexpr qsizetype longestPartHead = 16384;

bool isNonEmptyString(const JsonMember &member)
{
    return member.kind == JsonKind::String && member.value.size > 0;
}

/// The session in Claude Code's metadata.user_id: a JSON text with session_id, or "..._session_ID".
QByteArray sessionOfUserId(const QByteArray &userId)
{
    if (const std::optional<QByteArray> session = findJsonString(userId, "session_id"))
        return *session;
    static constexpr QByteArrayView marker("_session_");
    const qsizetype at = userId.lastIndexOf(marker);
    return at < 0 ? QByteArray() : userId.mid(at + marker.size());
}

/// Fields whose meaning depends on more than one member.
struct Partial
{
    QByteArray promptCacheKey;
    QByteArray userSession;
    QByteArray previousResponse;
    QByteArray conversation;
    QByteArray cachedContent;
};

void readModel(QByteArrayView body, const JsonMember &member, RequestFacts &facts)
{
    const bool usable = member.kind == JsonKind::String;
    facts.model = usable ? unescapeJson(member.value.of(body)) : QByteArray();
    facts.modelValue = usable ? member.value : ByteRange {};
}

QByteArray stringOrEmpty(QByteArrayView body, const JsonMember &member)
{
    return isNonEmptyString(member) ? unescapeJson(member.value.of(body)) : QByteArray();
}

/// A conversation is named by its id or by an object that has one.
QByteArray idOrObject(QByteArrayView body, const JsonMember &member)
{
    if (member.kind == JsonKind::Object)
        return findJsonString(member.value.of(body), "id").value_or(QByteArray());
    return stringOrEmpty(body, member);
}

void readMember(QByteArrayView body, const JsonMember &member, RequestFacts &facts, Partial &partial)
{
    const QByteArray &key = member.key;
    if (key == "model") {
        readModel(body, member, facts);
    } else if (key == "stream") {
        facts.stream = member.kind == JsonKind::True;
    } else if (key == "stream_options") {
        const auto usage = member.kind == JsonKind::Object ? findJsonMember(member.value.of(body), "include_usage")
                                                           : std::optional<JsonMember>();
        facts.includeUsage = usage && usage->kind == JsonKind::True;
    } else if (key == "previous_response_id") {
        partial.previousResponse = stringOrEmpty(body, member);
    } else if (key == "conversation") {
        partial.conversation = idOrObject(body, member);
    } else if (key == "cachedContent" || key == "cached_content") {
        partial.cachedContent = stringOrEmpty(body, member);
    } else if (key == "prompt_cache_key") {
        partial.promptCacheKey = stringOrEmpty(body, member);
    } else if (key == "metadata") {
        const auto userId = member.kind == JsonKind::Object ? findJsonString(member.value.of(body), "user_id")
                                                            : std::optional<QByteArray>();
        partial.userSession = userId ? sessionOfUserId(*userId) : QByteArray();
    }
}

QByteArray firstNonEmpty(std::initializer_list<QByteArray> candidates)
{
    for (const QByteArray &candidate : candidates) {
        if (!candidate.isEmpty())
            return candidate;
    }
    return {};
}

/// The value of `name` in "something; name=value; other="quoted""; nullopt if it is absent.
std::optional<QByteArray> parameter(QByteArrayView field, QByteArrayView name)
{
    qsizetype at = field.indexOf(';');
    while (at >= 0 && at < field.size()) {
        const qsizetype equals = field.indexOf('=', at);
        if (equals < 0)
            return std::nullopt;
        const bool wanted = equalsIgnoringCase(field.sliced(at + 1, equals - at - 1).trimmed(), name);
        qsizetype from = equals + 1;
        QByteArray value;
        if (from < field.size() && field[from] == '"') {
            for (++from; from < field.size() && field[from] != '"'; ++from) {
                if (field[from] == '\\' && from + 1 < field.size())
                    ++from;
                value += field[from];
            }
            at = field.indexOf(';', from);
        } else {
            at = field.indexOf(';', from);
            value = field.sliced(from, (at < 0 ? field.size() : at) - from).trimmed().toByteArray();
        }
        if (wanted)
            return value;
    }
    return std::nullopt;
}

bool isMultipart(QByteArrayView contentType)
{
    return startsWithIgnoringCase(contentType.trimmed(), "multipart/form-data");
}

struct FormPart
{
    QByteArray name;
    ByteRange content;
};

/// The form name in a part's head, or empty.
QByteArray partName(QByteArrayView head)
{
    static constexpr QByteArrayView field("content-disposition:");
    qsizetype at = 0;
    while (at < head.size()) {
        const qsizetype end = head.indexOf('\n', at);
        const QByteArrayView line = head.sliced(at, (end < 0 ? head.size() : end) - at).trimmed();
        if (startsWithIgnoringCase(line, field))
            return parameter(line, "name").value_or(QByteArray());
        if (end < 0)
            break;
        at = end + 1;
    }
    return {};
}

/// Index of the next delimiter line at or after `from`, or -1.
qsizetype nextDelimiter(QByteArrayView body, QByteArrayView delimiter, qsizetype from)
{
    qsizetype at = body.indexOf(delimiter, from);
    while (at > 0 && body[at - 1] != '\n')
        at = body.indexOf(delimiter, at + 1);
    return at;
}

std::optional<FormPart> readPart(QByteArrayView body, qsizetype from, qsizetype end)
{
    const QByteArrayView text = body.sliced(from, end - from);
    const QByteArrayView start = text.first(std::min(text.size(), longestPartHead));
    qsizetype headEnd = start.indexOf("\r\n\r\n");
    qsizetype gap = 4;
    if (headEnd < 0) {
        headEnd = start.indexOf("\n\n");
        gap = 2;
    }
    if (headEnd < 0)
        return std::nullopt;
    QByteArrayView content = text.sliced(headEnd + gap);
    if (content.endsWith('\n')) // the line end before a delimiter belongs to the delimiter
        content.chop(content.endsWith("\r\n") ? 2 : 1);
    return FormPart { partName(start.first(headEnd)), { from + headEnd + gap, content.size() } };
}

} // namespace

std::optional<RequestFacts> scanJsonBody(QByteArrayView body)
{
    RequestFacts facts;
    Partial partial;
    JsonObjectWalker walker(body);
    while (const std::optional<JsonMember> member = walker.next())
        readMember(body, *member, facts, partial);
    if (!walker.complete())
        return std::nullopt;
    facts.previousResponseId = firstNonEmpty({ partial.previousResponse, partial.conversation, partial.cachedContent });
    facts.hasPreviousResponse = !facts.previousResponseId.isEmpty();
    facts.sessionKey = firstNonEmpty({ partial.promptCacheKey, partial.userSession }).left(longestSessionKey);
    return facts;
}

std::optional<RequestFacts> scanMultipart(QByteArrayView contentType, QByteArrayView body)
{
    const std::optional<QByteArray> boundary =
        isMultipart(contentType) ? parameter(contentType, "boundary") : std::nullopt;
    if (!boundary || boundary->isEmpty() || boundary->size() > longestBoundary)
        return std::nullopt;
    const QByteArray delimiter = "--" + *boundary;
    qsizetype at = nextDelimiter(body, delimiter, 0);
    if (at < 0)
        return std::nullopt;
    RequestFacts facts;
    facts.multipart = true;
    while (at >= 0 && !body.sliced(at + delimiter.size()).startsWith("--")) {
        const qsizetype from = at + delimiter.size();
        at = nextDelimiter(body, delimiter, from);
        if (at < 0)
            return std::nullopt; // the last part has no end
        const std::optional<FormPart> part = readPart(body, from, at);
        if (part && part->name == "model") {
            facts.modelValue = part->content;
            facts.model = part->content.of(body).toByteArray();
        } else if (part && part->name == "stream") {
            facts.stream = part->content.of(body).trimmed() == QByteArrayView("true");
        }
    }
    return facts;
}

std::optional<RequestFacts> scanBody(QByteArrayView contentType, QByteArrayView body)
{
    return isMultipart(contentType) ? scanMultipart(contentType, body) : scanJsonBody(body);
}

QByteArray replaceModel(const QByteArray &body, const RequestFacts &facts, QByteArrayView newModel)
{
    if (facts.model.isEmpty())
        return body;
    const QByteArray written = facts.multipart ? newModel.toByteArray() : escapeJson(newModel);
    QByteArray result;
    result.reserve(body.size() + written.size());
    result += QByteArrayView(body).first(facts.modelValue.begin);
    result += written;
    result += QByteArrayView(body).sliced(facts.modelValue.begin + facts.modelValue.size);
    return result;
}

QByteArray sessionKey(const HeaderList &headers, const RequestFacts &facts)
{
    for (const char *name :
         { "x-claude-code-session-id", "session-id", "session_id", "x-session-affinity", "x-session-id" }) {
        const QByteArray value = headers.value(name);
        if (!value.isEmpty())
            return value.left(longestSessionKey);
    }
    return facts.sessionKey;
}

} // namespace signalbox
