// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/config/objectreader.h"

#include "engine/config/configchecks.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace signalbox {

namespace {

QString typeText(JsonNode::Type type)
{
    switch (type) {
    case JsonNode::Type::Null:
        return QStringLiteral("null");
    case JsonNode::Type::Boolean:
        return QStringLiteral("a boolean");
    case JsonNode::Type::Number:
        return QStringLiteral("a number");
    case JsonNode::Type::String:
        return QStringLiteral("a string");
    case JsonNode::Type::Array:
        return QStringLiteral("an array");
    case JsonNode::Type::Object:
        return QStringLiteral("an object");
    }
    return {};
}

QString wrongType(JsonNode::Type wanted, JsonNode::Type got)
{
    return QStringLiteral("must be %1, not %2").arg(typeText(wanted), typeText(got));
}

} // namespace

void ReadContext::error(const QString &pointer, const JsonNode *at, const QString &reason)
{
    result.errors.append({ file, pointer, at ? text.lineOf(at->begin) : 0, reason });
}

void ReadContext::warn(const QString &pointer, const JsonNode *at, const QString &reason)
{
    result.warnings.append({ file, pointer, at ? text.lineOf(at->begin) : 0, reason });
}

void ReadContext::report(const std::vector<SettingProblem> &problems, const QString &pointer, const JsonNode *section)
{
    for (const SettingProblem &problem : problems) {
        const JsonNode *value = section ? section->member(problem.key) : nullptr;
        const QString place = pointer + QLatin1Char('/') + problem.key;
        if (problem.isError)
            error(place, value ? value : section, problem.reason);
        else if (value)
            warn(place, value, problem.reason);
    }
}

ObjectReader::ObjectReader(ReadContext &context, const JsonNode *node, const QString &pointer, const QString &general)
    : m_context(context), m_node(node), m_pointer(pointer), m_general(general)
{
}

KnownConfigKey &ObjectReader::remember(const QString &name, const QString &typeName)
{
    m_asked.append(name);
    const QString general = m_general + QLatin1Char('/') + name;
    KnownConfigKey &key = m_context.known[general];
    key.pointer = general;
    key.type = typeName;
    return key;
}

const JsonNode *ObjectReader::place(const QString &name) const
{
    const JsonNode *value = m_node ? m_node->member(name) : nullptr;
    return value ? value : m_node;
}

void ObjectReader::error(const QString &name, const QString &reason)
{
    m_context.error(pointer(name), place(name), reason);
}

void ObjectReader::warn(const QString &name, const QString &reason)
{
    m_context.warn(pointer(name), place(name), reason);
}

const JsonNode *ObjectReader::any(const QString &name, const QString &typeName)
{
    remember(name, typeName);
    const JsonNode *value = m_node ? m_node->member(name) : nullptr;
    if (value)
        m_context.result.config.origins.inFile.insert(pointer(name));
    return value;
}

const JsonNode *ObjectReader::typed(const QString &name, JsonNode::Type type, const QString &typeName)
{
    const JsonNode *value = any(name, typeName);
    if (!value || value->type == type)
        return value;
    error(name, wrongType(type, value->type));
    return nullptr;
}

bool ObjectReader::integer(const QString &name, Range range, std::int64_t &into)
{
    const JsonNode *value = typed(name, JsonNode::Type::Number, QStringLiteral("integer"));
    KnownConfigKey &key = m_context.known[m_general + QLatin1Char('/') + name];
    key.minimum = range.minimum;
    key.maximum = range.maximum;
    key.defaultValue = static_cast<qint64>(into);
    if (!value)
        return false;
    const bool inRange = value->number >= static_cast<double>(range.minimum) &&
        value->number <= static_cast<double>(range.maximum) && std::floor(value->number) == value->number;
    if (inRange)
        into = static_cast<std::int64_t>(value->number);
    else
        error(name,
              QStringLiteral("must be a whole number from %1 to %2, got %3")
                  .arg(range.minimum)
                  .arg(range.maximum)
                  .arg(value->number, 0, 'g', 15));
    return inRange;
}

bool ObjectReader::integer(const QString &name, Range range, int &into)
{
    std::int64_t value = into;
    const bool sound = integer(name, range, value);
    into = static_cast<int>(value);
    return sound;
}

bool ObjectReader::milliseconds(const QString &name, Range range, Milliseconds &into)
{
    std::int64_t value = into.count();
    const bool sound = integer(name, range, value);
    into = Milliseconds(value);
    return sound;
}

void ObjectReader::boolean(const QString &name, bool &into)
{
    const JsonNode *value = typed(name, JsonNode::Type::Boolean, QStringLiteral("boolean"));
    m_context.known[m_general + QLatin1Char('/') + name].defaultValue = into;
    if (value)
        into = value->boolean;
}

std::optional<int> ObjectReader::choice(const QString &name, const QStringList &choices)
{
    const JsonNode *value = typed(name, JsonNode::Type::String, QStringLiteral("string"));
    m_context.known[m_general + QLatin1Char('/') + name].choices = choices;
    if (!value)
        return std::nullopt;
    const qsizetype index = choices.indexOf(value->string);
    if (index >= 0)
        return static_cast<int>(index);
    const QString got = shown(value->string);
    error(name,
          QStringLiteral("must be one of %1%2")
              .arg(choices.join(QStringLiteral(", ")), got.isEmpty() ? got : QStringLiteral(", got ") + got));
    return std::nullopt;
}

void ObjectReader::list(const QString &name, Result<QString> (*check)(const QString &), QStringList &into)
{
    const JsonNode *array = typed(name, JsonNode::Type::Array, QStringLiteral("array"));
    if (!array)
        return;
    for (std::size_t i = 0; i < array->items.size(); ++i) {
        const JsonNode &item = array->items[i];
        const QString itemPointer = pointer(name) + QLatin1Char('/') + QString::number(i);
        if (item.type != JsonNode::Type::String) {
            m_context.error(itemPointer, &item, wrongType(JsonNode::Type::String, item.type));
            continue;
        }
        const Result<QString> checked = check(item.string);
        if (!checked)
            m_context.error(itemPointer, &item, checked.error().reason);
        else if (!into.contains(checked.value()))
            into.append(checked.value());
    }
}

ObjectReader ObjectReader::object(const QString &name)
{
    const JsonNode *value = typed(name, JsonNode::Type::Object, QStringLiteral("object"));
    return ObjectReader(m_context, value, pointer(name), m_general + QLatin1Char('/') + name);
}

void ObjectReader::require(const QString &name)
{
    if (m_node && !m_node->member(name))
        error(name, QStringLiteral("is missing"));
}

void ObjectReader::finish()
{
    if (!m_node)
        return;
    QStringList seen;
    for (const JsonNodeMember &member : m_node->members) {
        if (seen.contains(member.key))
            m_context.error(pointer(member.key), &member.value, QStringLiteral("is there twice"));
        else if (!m_asked.contains(member.key))
            m_context.warn(pointer(member.key), &member.value, QStringLiteral("unknown key, ignored"));
        seen.append(member.key);
    }
}

} // namespace signalbox
