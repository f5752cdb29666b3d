// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/config/jsontext.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QStringDecoder>

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>
#include <string_view>

namespace signalbox {

namespace {

constexpr int deepest = 64;

class Parser
{
public:
    Parser(const QByteArray &text, qsizetype start) : m_text(text), m_at(start) { }

    bool parseDocument(JsonNode &root)
    {
        skipSpace();
        if (!parseValue(root, 0))
            return false;
        skipSpace();
        return m_at == m_text.size() || fail(QStringLiteral("text after the end of the document"));
    }

    qsizetype position() const { return m_at; }
    const QString &reason() const { return m_reason; }

private:
    bool fail(const QString &reason)
    {
        if (m_reason.isEmpty())
            m_reason = reason;
        return false;
    }
    char peek() const { return m_at < m_text.size() ? m_text.at(m_at) : '\0'; }
    bool atEnd() const { return m_at >= m_text.size(); }
    void skipSpace()
    {
        while (!atEnd() && (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r'))
            ++m_at;
    }
    bool parseValue(JsonNode &node, int depth);
    bool parseObject(JsonNode &node, int depth);
    bool parseMember(JsonNodeMember &member, int depth);
    bool parseArray(JsonNode &node, int depth);
    bool parseString(QString &into);
    bool parseEscape(QString &into);
    bool parseHex(char16_t &unit);
    bool parseNumber(JsonNode &node);
    bool parseWord(const char *word);
    void skipDigits()
    {
        while (peek() >= '0' && peek() <= '9')
            ++m_at;
    }

    const QByteArray &m_text;
    qsizetype m_at;
    QString m_reason;
};

bool Parser::parseValue(JsonNode &node, int depth)
{
    if (depth > deepest)
        return fail(QStringLiteral("nested too deeply"));
    if (atEnd())
        return fail(QStringLiteral("the text ends where a value is expected"));
    node.begin = m_at;
    bool good = false;
    switch (peek()) {
    case '{':
        good = parseObject(node, depth);
        break;
    case '[':
        good = parseArray(node, depth);
        break;
    case '"':
        node.type = JsonNode::Type::String;
        good = parseString(node.string);
        break;
    case 't':
    case 'f':
        node.type = JsonNode::Type::Boolean;
        node.boolean = peek() == 't';
        good = parseWord(node.boolean ? "true" : "false");
        break;
    case 'n':
        good = parseWord("null");
        break;
    default:
        good = parseNumber(node);
    }
    node.end = m_at;
    return good;
}

bool Parser::parseWord(const char *word)
{
    const QByteArrayView expected(word);
    if (!QByteArrayView(m_text).sliced(m_at).startsWith(expected))
        return fail(QStringLiteral("a value is expected (object, array, string, number, true, false or null)"));
    m_at += expected.size();
    return true;
}

bool Parser::parseMember(JsonNodeMember &member, int depth)
{
    skipSpace();
    member.keyBegin = m_at;
    if (peek() != '"')
        return fail(peek() == '}' ? QStringLiteral("a comma before '}'")
                                  : QStringLiteral("a member name in double quotes is expected"));
    if (!parseString(member.key))
        return false;
    skipSpace();
    if (peek() != ':')
        return fail(QStringLiteral("':' is expected after a member name"));
    ++m_at;
    skipSpace();
    return parseValue(member.value, depth + 1);
}

bool Parser::parseObject(JsonNode &node, int depth)
{
    node.type = JsonNode::Type::Object;
    ++m_at;
    skipSpace();
    if (peek() == '}') {
        ++m_at;
        return true;
    }
    for (;;) {
        node.members.emplace_back();
        if (!parseMember(node.members.back(), depth))
            return false;
        skipSpace();
        if (peek() != ',')
            break;
        ++m_at;
    }
    if (peek() != '}')
        return fail(QStringLiteral("',' or '}' is expected after a member"));
    ++m_at;
    return true;
}

bool Parser::parseArray(JsonNode &node, int depth)
{
    node.type = JsonNode::Type::Array;
    ++m_at;
    skipSpace();
    if (peek() == ']') {
        ++m_at;
        return true;
    }
    for (;;) {
        skipSpace();
        node.items.emplace_back();
        if (!parseValue(node.items.back(), depth + 1))
            return false;
        skipSpace();
        if (peek() != ',')
            break;
        ++m_at;
    }
    if (peek() != ']')
        return fail(QStringLiteral("',' or ']' is expected after an item"));
    ++m_at;
    return true;
}

bool Parser::parseString(QString &into)
{
    ++m_at;
    for (;;) {
        const qsizetype start = m_at;
        while (!atEnd() && peek() != '"' && peek() != '\\' && static_cast<unsigned char>(peek()) >= 0x20)
            ++m_at;
        QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
        const QString piece = decoder.decode(QByteArrayView(m_text).sliced(start, m_at - start));
        into += piece;
        if (decoder.hasError())
            return fail(QStringLiteral("a string is not valid UTF-8"));
        if (atEnd())
            return fail(QStringLiteral("a string is not closed"));
        if (peek() == '"') {
            ++m_at;
            return true;
        }
        if (peek() != '\\')
            return fail(QStringLiteral("a control character in a string (a string must end on its line)"));
        ++m_at;
        if (!parseEscape(into))
            return false;
    }
}

bool Parser::parseHex(char16_t &unit)
{
    bool good = false;
    const QByteArray digits = m_text.mid(m_at, 4);
    const bool allHex = digits.size() == 4 && std::all_of(digits.begin(), digits.end(), [](char c) {
                            return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
                        });
    unit = allHex ? static_cast<char16_t>(digits.toUShort(&good, 16)) : u'\0';
    if (!good)
        return fail(QStringLiteral("\\u must be followed by four hexadecimal digits"));
    m_at += 4;
    return true;
}

bool Parser::parseEscape(QString &into)
{
    static constexpr std::string_view names = "\"\\/bfnrt";
    static constexpr std::string_view meanings = "\"\\/\b\f\n\r\t";
    const char c = peek();
    ++m_at;
    if (c != 'u') {
        const auto found = names.find(c);
        if (c == '\0' || found == std::string_view::npos)
            return fail(QStringLiteral("an unknown escape in a string"));
        into += QLatin1Char(meanings[found]);
        return true;
    }
    char16_t unit = 0;
    if (!parseHex(unit))
        return false;
    into += QChar(unit);
    if (!QChar::isSurrogate(unit))
        return true;
    char16_t low = 0;
    const bool paired = QChar::isHighSurrogate(unit) && m_text.mid(m_at, 2) == "\\u";
    if (paired) {
        m_at += 2;
        if (!parseHex(low))
            return false;
    }
    if (!QChar::isLowSurrogate(low))
        return fail(QStringLiteral("half of a surrogate pair in a string"));
    into += QChar(low);
    return true;
}

bool Parser::parseNumber(JsonNode &node)
{
    node.type = JsonNode::Type::Number;
    const qsizetype start = m_at;
    const auto digits = [this] {
        const qsizetype first = m_at;
        skipDigits();
        return m_at > first;
    };
    if (peek() == '-')
        ++m_at;
    if (peek() == '0')
        ++m_at;
    else if (!digits())
        return fail(QStringLiteral("a value is expected (object, array, string, number, true, false or null)"));
    if (peek() == '.') {
        ++m_at;
        if (!digits())
            return fail(QStringLiteral("a digit is expected after the decimal point"));
    }
    if (peek() == 'e' || peek() == 'E') {
        ++m_at;
        if (peek() == '+' || peek() == '-')
            ++m_at;
        if (!digits())
            return fail(QStringLiteral("a digit is expected in the exponent"));
    }
    bool good = false;
    node.number = m_text.mid(start, m_at - start).toDouble(&good);
    return (good && std::isfinite(node.number)) || fail(QStringLiteral("a number is too large"));
}

/// White space between the start of the line and the offset; nullopt if there is anything else, or no line break.
std::optional<QByteArray> indentAt(const QByteArray &text, qsizetype offset)
{
    const qsizetype lineBreak = offset > 0 ? text.lastIndexOf('\n', offset - 1) : -1;
    if (lineBreak < 0)
        return std::nullopt;
    const QByteArray before = text.mid(lineBreak + 1, offset - lineBreak - 1);
    if (!before.trimmed().isEmpty())
        return std::nullopt;
    return before;
}

QByteArray lineIndent(const QByteArray &text, qsizetype offset)
{
    const qsizetype start = offset > 0 ? text.lastIndexOf('\n', offset - 1) + 1 : 0;
    qsizetype end = start;
    while (end < text.size() && (text.at(end) == ' ' || text.at(end) == '\t'))
        ++end;
    return text.mid(start, end - start);
}

/// Over several lines, the ones after the first at that indent; on one line without an indent.
QByteArray serialised(const QJsonValue &value, const std::optional<QByteArray> &indent)
{
    if (!value.isObject() && !value.isArray()) {
        const QByteArray boxed = QJsonDocument(QJsonArray { value }).toJson(QJsonDocument::Compact);
        return boxed.mid(1, boxed.size() - 2);
    }
    const QJsonDocument document = value.isObject() ? QJsonDocument(value.toObject()) : QJsonDocument(value.toArray());
    if (!indent)
        return document.toJson(QJsonDocument::Compact);
    return document.toJson(QJsonDocument::Indented).trimmed().replace("\n", QByteArray("\n" + *indent));
}

struct Span
{
    qsizetype begin; ///< of the member's name or the item
    qsizetype end;
};

std::vector<Span> spansOf(const JsonNode &container)
{
    std::vector<Span> spans;
    for (const JsonNodeMember &member : container.members)
        spans.push_back({ member.keyBegin, member.value.end });
    for (const JsonNode &item : container.items)
        spans.push_back({ item.begin, item.end });
    return spans;
}

QByteArray withInserted(const QByteArray &text, const JsonNode &container, const QByteArray &prefix,
                        const QJsonValue &value)
{
    const std::vector<Span> spans = spansOf(container);
    QByteArray result = text;
    if (spans.empty()) {
        const QByteArray outer = lineIndent(text, container.begin);
        const QByteArray inner = outer + "    ";
        const QByteArray content = "\n" + inner + prefix + serialised(value, inner) + "\n" + outer;
        return result.replace(container.begin + 1, container.end - container.begin - 2, content);
    }
    const std::optional<QByteArray> indent = indentAt(text, spans.back().begin);
    const QByteArray separator = indent ? QByteArray(",\n" + *indent) : QByteArray(", ");
    return result.insert(spans.back().end, separator + prefix + serialised(value, indent));
}

QByteArray withRemoved(const QByteArray &text, const JsonNode &container, std::size_t index)
{
    const std::vector<Span> spans = spansOf(container);
    QByteArray result = text;
    if (spans.size() == 1)
        return result.remove(container.begin + 1, container.end - container.begin - 2);
    if (index + 1 < spans.size())
        return result.remove(spans[index].begin, spans[index + 1].begin - spans[index].begin);
    return result.remove(spans[index - 1].end, spans[index].end - spans[index - 1].end);
}

QByteArray withReplaced(const QByteArray &text, const JsonNode &node, const QJsonValue &value)
{
    QByteArray result = text;
    return result.replace(node.begin, node.end - node.begin, serialised(value, lineIndent(text, node.begin)));
}

/// Where a path token leads in a container: an index into spansOf(), or that it is not there yet.
struct Step
{
    bool sound = false;
    std::optional<std::size_t> index;
};

Step findStep(const JsonNode &container, const QString &token)
{
    if (container.type == JsonNode::Type::Object) {
        for (std::size_t i = container.members.size(); i > 0; --i) {
            if (container.members[i - 1].key == token)
                return { true, i - 1 };
        }
        return { true, std::nullopt };
    }
    if (container.type != JsonNode::Type::Array)
        return {};
    if (token == QLatin1String("-"))
        return { true, std::nullopt };
    bool number = false;
    const uint index = token.toUInt(&number);
    if (!number || index >= container.items.size())
        return {};
    return { true, index };
}

bool holds(QByteArrayView written, const QJsonValue &value)
{
    return QJsonDocument::fromJson('[' + written.toByteArray() + ']').array().first() == value;
}

QJsonValue wrapped(std::span<const QString> names, const QJsonValue &value)
{
    QJsonValue result = value;
    for (std::size_t i = names.size(); i > 0; --i) {
        if (names[i - 1] == QLatin1String("-"))
            result = QJsonArray { result };
        else
            result = QJsonObject { { names[i - 1], result } };
    }
    return result;
}

} // namespace

const JsonNode *JsonNode::member(QStringView name) const
{
    const auto found =
        std::find_if(members.rbegin(), members.rend(), [&](const JsonNodeMember &m) { return m.key == name; });
    return found == members.rend() ? nullptr : &found->value;
}

JsonText::JsonText(const QByteArray &text) : m_text(text)
{
    const qsizetype start = m_text.startsWith("\xEF\xBB\xBF") ? 3 : 0;
    Parser parser(m_text, start);
    if (parser.parseDocument(m_root))
        return;
    m_root = {};
    m_error.reason = parser.reason();
    m_error.line = lineOf(parser.position());
    const qsizetype lineStart = parser.position() > 0 ? m_text.lastIndexOf('\n', parser.position() - 1) + 1 : 0;
    m_error.column = static_cast<int>(parser.position() - lineStart) + 1;
}

int JsonText::lineOf(qsizetype offset) const
{
    return static_cast<int>(std::count(m_text.begin(), m_text.begin() + std::min(offset, m_text.size()), '\n')) + 1;
}

Result<QByteArray> JsonText::edited(const QString &pointer, const QJsonValue &value) const
{
    const Result<QStringList> path = splitJsonPointer(pointer);
    if (!path)
        return path.error();
    if (!isValid() || path.value().isEmpty())
        return Error { QStringLiteral("only a place inside a valid JSON document can be edited"), pointer };
    const QStringList &tokens = path.value();
    const JsonNode *container = &m_root;
    for (qsizetype i = 0;; ++i) {
        const bool last = i + 1 == tokens.size();
        const Step step = findStep(*container, tokens.at(i));
        if (!step.sound)
            return Error { QStringLiteral("there is no such place in the file"), pointer };
        if (!step.index) {
            if (value.isUndefined())
                return m_text;
            const bool object = container->type == JsonNode::Type::Object;
            const QByteArray prefix = object ? serialised(tokens.at(i), std::nullopt) + ": " : QByteArray();
            const std::span<const QString> rest(tokens.constData() + i + 1,
                                                static_cast<std::size_t>(tokens.size() - i - 1));
            return withInserted(m_text, *container, prefix, wrapped(rest, value));
        }
        const JsonNode &child = container->type == JsonNode::Type::Object ? container->members[*step.index].value
                                                                          : container->items[*step.index];
        if (last && !value.isUndefined() && holds(slice(child), value))
            return m_text;
        if (last)
            return value.isUndefined() ? withRemoved(m_text, *container, *step.index)
                                       : withReplaced(m_text, child, value);
        container = &child;
    }
}

const JsonNode *JsonText::find(const QString &pointer) const
{
    const Result<QStringList> path = splitJsonPointer(pointer);
    if (!isValid() || !path)
        return nullptr;
    const JsonNode *node = &m_root;
    for (const QString &token : path.value()) {
        const Step step = findStep(*node, token);
        if (!step.index)
            return nullptr;
        node = node->type == JsonNode::Type::Object ? &node->members[*step.index].value : &node->items[*step.index];
    }
    return node;
}

Result<QByteArray> JsonText::moved(const QString &pointer, std::size_t from, std::size_t to) const
{
    const JsonNode *array = find(pointer);
    if (!array || array->type != JsonNode::Type::Array || from >= array->items.size() || to >= array->items.size())
        return Error { QStringLiteral("there is no such place in the file"), pointer };
    std::vector<QByteArrayView> texts;
    for (const JsonNode &item : array->items)
        texts.push_back(slice(item));
    const auto at = [&texts](std::size_t index) { return texts.begin() + static_cast<std::ptrdiff_t>(index); };
    if (from < to)
        std::rotate(at(from), at(from + 1), at(to + 1));
    else
        std::rotate(at(to), at(from), at(from + 1));
    QByteArray result;
    result.reserve(m_text.size());
    qsizetype done = 0;
    for (std::size_t i = 0; i < texts.size(); ++i) {
        result += QByteArrayView(m_text).sliced(done, array->items[i].begin - done);
        result += texts[i];
        done = array->items[i].end;
    }
    return result += QByteArrayView(m_text).sliced(done);
}

Result<QStringList> splitJsonPointer(const QString &pointer)
{
    if (pointer.isEmpty())
        return QStringList();
    if (!pointer.startsWith(QLatin1Char('/')))
        return Error { QStringLiteral("a JSON pointer starts with '/'"), pointer };
    QStringList tokens = pointer.mid(1).split(QLatin1Char('/'));
    for (QString &token : tokens)
        token.replace(QLatin1String("~1"), QLatin1String("/")).replace(QLatin1String("~0"), QLatin1String("~"));
    return tokens;
}

QString escapedForJsonPointer(const QString &name)
{
    QString escaped = name;
    return escaped.replace(QLatin1String("~"), QLatin1String("~0")).replace(QLatin1String("/"), QLatin1String("~1"));
}

} // namespace signalbox
