// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/config/configdiff.h"

#include "engine/config/jsontext.h"
#include "engine/config/settings.h"

#include <QHash>
#include <QStringList>

#include <algorithm>

namespace signalbox {

namespace {

constexpr qsizetype longestValue = 80;

struct Leaf
{
    QString place;
    QString pattern; ///< with '*' for the provider
    QString provider;
    QString value;
};

bool isHidden(const Leaf &leaf)
{
    return leaf.pattern == QLatin1String("/proxy/token") || leaf.pattern == QLatin1String("/alarms/webhook/url") ||
        (leaf.pattern == QLatin1String("/providers/*/proxy") && leaf.value.contains(QLatin1Char('@')));
}

/// One text as a list of its single values.
class Leaves
{
public:
    explicit Leaves(const QByteArray &text) : m_text(text)
    {
        if (m_text.isValid())
            visit(m_text.root(), {}, {}, {});
    }

    const std::vector<Leaf> &list() const { return m_list; }
    const QStringList &providers() const { return m_providers; }
    const Leaf *find(const QString &place) const
    {
        const auto found = m_index.constFind(place);
        return found == m_index.constEnd() ? nullptr : &m_list[*found];
    }

private:
    void visit(const JsonNode &node, const QString &place, const QString &pattern, const QString &provider)
    {
        if (node.type == JsonNode::Type::Object) {
            for (const JsonNodeMember &member : node.members)
                visit(member.value, place.isEmpty() ? member.key : place + QLatin1Char('.') + member.key,
                      pattern + QLatin1Char('/') + member.key, provider);
            return;
        }
        if (pattern == QLatin1String("/providers") && node.type == JsonNode::Type::Array)
            return visitProviders(node);
        QString value = QString::fromUtf8(m_text.slice(node));
        if (node.type == JsonNode::Type::String)
            value = value.sliced(1, value.size() - 2);
        if (value.size() > longestValue)
            value = value.left(longestValue) + QStringLiteral("...");
        m_index.insert(place, m_list.size());
        m_list.push_back({ place, pattern, provider, value });
    }

    void visitProviders(const JsonNode &array)
    {
        for (const JsonNode &item : array.items) {
            const JsonNode *name = item.member(u"name");
            if (!name || m_providers.contains(name->string))
                continue;
            m_providers.append(name->string);
            visit(item, QStringLiteral("providers.") + name->string, QStringLiteral("/providers/*"), name->string);
        }
    }

    JsonText m_text;
    std::vector<Leaf> m_list;
    QHash<QString, std::size_t> m_index;
    QStringList m_providers;
};

QString defaultOf(const QString &pattern)
{
    static const QHash<QString, QString> defaults = [] {
        QHash<QString, QString> map;
        for (const KnownConfigKey &known : knownConfigKeys()) {
            if (!known.defaultValue.isUndefined() && !known.pointer.startsWith(QLatin1String("/providers")))
                map.insert(known.pointer, known.defaultValue.toVariant().toString());
        }
        return map;
    }();
    return defaults.value(pattern, QStringLiteral("default"));
}

ConfigChange changeOf(const Leaf &shown, const Leaf *before, const Leaf *after)
{
    const bool hidden = (before && isHidden(*before)) || (after && isHidden(*after));
    const auto value = [&](const Leaf *leaf) {
        if (!leaf)
            return defaultOf(shown.pattern);
        return hidden ? QStringLiteral("(not shown)") : leaf->value;
    };
    return { shown.place, shown.provider, value(before), value(after) };
}

/// What both have, in each one's order.
bool isReordered(const QStringList &before, const QStringList &after)
{
    QStringList kept = before;
    QStringList now = after;
    kept.removeIf([&](const QString &name) { return !after.contains(name); });
    now.removeIf([&](const QString &name) { return !before.contains(name); });
    return kept != now;
}

} // namespace

QString ConfigChange::text() const
{
    if (before.isEmpty() && after == QLatin1String("added"))
        return place + QStringLiteral(" added");
    if (after.isEmpty() && before == QLatin1String("removed"))
        return place + QStringLiteral(" removed");
    return QStringLiteral("%1 %2 %3 %4").arg(place, before, QString(QChar(0x2192)), after);
}

std::vector<ConfigChange> configChanges(const QByteArray &before, const QByteArray &after)
{
    const Leaves old(before);
    const Leaves now(after);
    std::vector<ConfigChange> changes;
    for (const QString &name : now.providers()) {
        if (!old.providers().contains(name))
            changes.push_back({ QStringLiteral("providers.") + name, name, {}, QStringLiteral("added") });
    }
    for (const Leaf &leaf : now.list()) {
        if (!leaf.provider.isEmpty() && !old.providers().contains(leaf.provider))
            continue;
        const Leaf *was = old.find(leaf.place);
        if (!was || was->value != leaf.value)
            changes.push_back(changeOf(leaf, was, &leaf));
    }
    for (const Leaf &leaf : old.list()) {
        const bool gone = !leaf.provider.isEmpty() && !now.providers().contains(leaf.provider);
        if (!gone && !now.find(leaf.place))
            changes.push_back(changeOf(leaf, &leaf, nullptr));
    }
    for (const QString &name : old.providers()) {
        if (!now.providers().contains(name))
            changes.push_back({ QStringLiteral("providers.") + name, name, QStringLiteral("removed"), {} });
    }
    if (isReordered(old.providers(), now.providers()))
        changes.push_back({ QStringLiteral("providers"),
                            {},
                            old.providers().join(QStringLiteral(", ")),
                            now.providers().join(QStringLiteral(", ")) });
    return changes;
}

} // namespace signalbox
