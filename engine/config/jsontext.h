// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"

#include <QByteArray>
#include <QJsonValue>
#include <QString>
#include <QStringList>

#include <vector>

namespace signalbox {

struct JsonNodeMember;

/// A JSON value that knows where in the text it stands. Unlike QJsonObject it keeps the order of members and sees
/// duplicates, so that a message can name a line and an edit can leave the rest of the text alone.
struct JsonNode
{
    enum class Type { Null, Boolean, Number, String, Array, Object };
    Type type = Type::Null;
    bool boolean = false;
    double number = 0;
    QString string;
    std::vector<JsonNode> items;
    std::vector<JsonNodeMember> members;
    qsizetype begin = 0; ///< byte offsets into the text
    qsizetype end = 0;

    /// The last member of that name, as JSON parsers agree; null if there is none.
    const JsonNode *member(QStringView name) const;
};

struct JsonNodeMember
{
    QString key;
    qsizetype keyBegin = 0;
    JsonNode value;
};

struct JsonSyntaxError
{
    int line = 0;
    int column = 0;
    QString reason;
};

/// Strict RFC 8259 (a UTF-8 byte order mark is skipped), at most 64 levels deep.
class JsonText
{
public:
    explicit JsonText(const QByteArray &text);

    bool isValid() const { return m_error.line == 0; }
    const JsonSyntaxError &error() const { return m_error; }
    const JsonNode &root() const { return m_root; }
    const QByteArray &text() const { return m_text; }
    int lineOf(qsizetype offset) const;

    /// The text with one value set (parents are made as needed), or removed if it is undefined. A value that is there
    /// already changes nothing.
    Result<QByteArray> edited(const QString &pointer, const QJsonValue &value) const;
    /// The text with one item of an array at another index. Every item keeps its own text.
    Result<QByteArray> moved(const QString &pointer, std::size_t from, std::size_t to) const;
    /// Of a node of this text, as it is written.
    QByteArrayView slice(const JsonNode &node) const
    {
        return QByteArrayView(m_text).sliced(node.begin, node.end - node.begin);
    }
    /// The value at that place; null if there is none.
    const JsonNode *find(const QString &pointer) const;

private:
    QByteArray m_text;
    JsonNode m_root;
    JsonSyntaxError m_error;
};

/// RFC 6901: "/a~1b/0" is "a/b", "0". An invalid pointer gives an error.
Result<QStringList> splitJsonPointer(const QString &pointer);
QString escapedForJsonPointer(const QString &name);

} // namespace signalbox
