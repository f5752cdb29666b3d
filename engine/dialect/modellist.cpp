// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/dialect/modellist.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSet>

namespace signalbox {

namespace {

constexpr qsizetype largestBody = qsizetype { 16 } << 20;
constexpr qsizetype mostModels = 20000;

QLatin1String listKey(Dialect dialect)
{
    return dialect == Dialect::Gemini ? QLatin1String("models") : QLatin1String("data");
}

QLatin1String idKey(Dialect dialect)
{
    return dialect == Dialect::Gemini ? QLatin1String("name") : QLatin1String("id");
}

QJsonArray entriesOf(Dialect dialect, const QByteArray &body)
{
    if (body.size() > largestBody)
        return {};
    const QJsonDocument document = QJsonDocument::fromJson(body);
    // Some OpenAI-compatible servers answer with the bare array.
    return document.isArray() ? document.array() : document.object().value(listKey(dialect)).toArray();
}

QJsonObject entryFor(Dialect dialect, const QString &name, const QString &owner)
{
    switch (dialect) {
    case Dialect::OpenAi:
        return { { QStringLiteral("id"), name },
                 { QStringLiteral("object"), QStringLiteral("model") },
                 { QStringLiteral("created"), 0 },
                 { QStringLiteral("owned_by"), owner } };
    case Dialect::Anthropic:
        return { { QStringLiteral("type"), QStringLiteral("model") },
                 { QStringLiteral("id"), name },
                 { QStringLiteral("display_name"), name },
                 { QStringLiteral("created_at"), QStringLiteral("1970-01-01T00:00:00Z") } };
    case Dialect::Gemini:
        return { { QStringLiteral("name"), name },
                 { QStringLiteral("displayName"), name.mid(name.indexOf(QLatin1Char('/')) + 1) },
                 { QStringLiteral("supportedGenerationMethods"),
                   QJsonArray { QStringLiteral("generateContent"), QStringLiteral("countTokens") } } };
    }
    return {};
}

/// Collects entries, each id once.
class Merger
{
public:
    explicit Merger(Dialect dialect) : m_dialect(dialect) { }

    void add(const QJsonObject &entry)
    {
        const QString id = entry.value(idKey(m_dialect)).toString();
        if (id.isEmpty() || m_seen.contains(id) || m_entries.size() >= mostModels)
            return;
        m_seen.insert(id);
        m_entries.append(entry);
    }

    void add(const ModelMapping &mapping, const QString &owner)
    {
        if (mapping.pattern.contains(QLatin1Char('*')) || mapping.pattern.isEmpty())
            return;
        const bool prefixed = m_dialect != Dialect::Gemini || mapping.pattern.startsWith(QLatin1String("models/"));
        add(entryFor(m_dialect, prefixed ? mapping.pattern : QStringLiteral("models/") + mapping.pattern, owner));
    }

    QJsonObject list() const
    {
        QJsonObject result { { listKey(m_dialect), m_entries } };
        if (m_dialect == Dialect::OpenAi) {
            result.insert(QStringLiteral("object"), QStringLiteral("list"));
        } else if (m_dialect == Dialect::Anthropic) {
            const bool empty = m_entries.isEmpty();
            const QJsonValue none(QJsonValue::Null);
            result.insert(QStringLiteral("has_more"), false);
            result.insert(QStringLiteral("first_id"),
                          empty ? none : m_entries.first().toObject().value(QStringLiteral("id")));
            result.insert(QStringLiteral("last_id"),
                          empty ? none : m_entries.last().toObject().value(QStringLiteral("id")));
        }
        return result;
    }

private:
    Dialect m_dialect;
    QJsonArray m_entries;
    QSet<QString> m_seen;
};

} // namespace

QByteArray mergeModelLists(Dialect dialect, const std::vector<ProviderModels> &lists)
{
    Merger merger(dialect);
    for (const ProviderModels &list : lists) {
        for (const QJsonValue entry : entriesOf(dialect, list.body))
            merger.add(entry.toObject());
        for (const ModelMapping &mapping : list.mappings)
            merger.add(mapping, list.owner);
    }
    return QJsonDocument(merger.list()).toJson(QJsonDocument::Compact);
}

QStringList modelNames(Dialect dialect, const QByteArray &body)
{
    QStringList names;
    for (const QJsonValue entry : entriesOf(dialect, body)) {
        QString name = entry.toObject().value(idKey(dialect)).toString();
        if (dialect == Dialect::Gemini && name.startsWith(QLatin1String("models/")))
            name.remove(0, 7);
        if (!name.isEmpty() && names.size() < mostModels)
            names.append(name);
    }
    return names;
}

} // namespace signalbox
