// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/config/configloader.h"
#include "engine/config/jsontext.h"

#include <map>

namespace signalbox {

/// What all readers of one file share.
struct ReadContext
{
    QString file;
    const JsonText &text;
    LoadResult &result;
    std::map<QString, KnownConfigKey> known; ///< every key that was asked for, by its general pointer

    void error(const QString &pointer, const JsonNode *at, const QString &reason);
    void warn(const QString &pointer, const JsonNode *at, const QString &reason);
    /// The errors of a section, and the warnings about values that it sets itself.
    void report(const std::vector<SettingProblem> &problems, const QString &pointer, const JsonNode *section);
};

struct Range
{
    std::int64_t minimum;
    std::int64_t maximum;
};

/// Reads one JSON object: each value checked and its place reported. A value that is absent or wrong leaves the target
/// as it was. Works on an absent object too, so that every key is known to be asked for.
class ObjectReader
{
public:
    ObjectReader(ReadContext &context, const JsonNode *node, const QString &pointer, const QString &general);

    /// These three are true if there is a sound value.
    bool integer(const QString &name, Range range, std::int64_t &into);
    bool integer(const QString &name, Range range, int &into);
    bool milliseconds(const QString &name, Range range, Milliseconds &into);
    void boolean(const QString &name, bool &into);

    template <typename T> bool text(const QString &name, Result<T> (*check)(const QString &), T &into)
    {
        const JsonNode *value = typed(name, JsonNode::Type::String, QStringLiteral("string"));
        if (!value)
            return false;
        Result<T> checked = check(value->string);
        if (!checked) {
            error(name, checked.error().reason);
            return false;
        }
        into = std::move(checked).value();
        return true;
    }
    /// One of a fixed set of words; its index, or nullopt.
    std::optional<int> choice(const QString &name, const QStringList &choices);
    void list(const QString &name, Result<QString> (*check)(const QString &), QStringList &into);
    ObjectReader object(const QString &name);
    /// The value of that type; null if absent. Another type is reported.
    const JsonNode *typed(const QString &name, JsonNode::Type type, const QString &typeName);
    /// The value whatever it is; null if absent.
    const JsonNode *any(const QString &name, const QString &typeName);

    void require(const QString &name);
    void error(const QString &name, const QString &reason);
    void warn(const QString &name, const QString &reason);
    /// Reports unknown and duplicate keys; to be called when everything was asked for.
    void finish();

    const JsonNode *node() const { return m_node; }
    QString pointer(const QString &name) const { return m_pointer + QLatin1Char('/') + escapedForJsonPointer(name); }
    ReadContext &context() { return m_context; }

private:
    KnownConfigKey &remember(const QString &name, const QString &typeName);
    const JsonNode *place(const QString &name) const;

    ReadContext &m_context;
    const JsonNode *m_node;
    QString m_pointer;
    QString m_general;
    QStringList m_asked;
};

} // namespace signalbox
