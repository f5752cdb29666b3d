// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/config/settingplace.h"

#include <QRegularExpression>
#include <QSet>

#include <algorithm>

namespace signalbox {

namespace {

/// "providers.NAME.rest" with dots in NAME: the longest name that fits wins.
QStringList splitDotted(const QString &key, const QStringList &providers)
{
    const QString section = QStringLiteral("providers.");
    if (!key.startsWith(section))
        return key.split(QLatin1Char('.'));
    const QString rest = key.sliced(section.size());
    QString name;
    for (const QString &candidate : providers) {
        if (rest.startsWith(candidate + QLatin1Char('.')) && candidate.size() > name.size())
            name = candidate;
    }
    if (name.isEmpty())
        return key.split(QLatin1Char('.'));
    return QStringList { QStringLiteral("providers"), name } + rest.sliced(name.size() + 1).split(QLatin1Char('.'));
}

QString joinPointer(const QStringList &parts)
{
    QString pointer;
    for (const QString &part : parts)
        pointer += QLatin1Char('/') % escapedForJsonPointer(part);
    return pointer;
}

QStringList providerNames(const JsonNode &root)
{
    const JsonNode *list = root.member(u"providers");
    QStringList names;
    if (list) {
        for (const JsonNode &item : list->items)
            names.append(item.member(u"name") ? item.member(u"name")->string : QString());
    }
    return names;
}

Result<QJsonValue> parseInteger(const KnownConfigKey &known, const QString &text)
{
    static const QRegularExpression shape(QStringLiteral("^(-?[0-9]{1,15})(ms|s|m|min|h|d)?$"));
    const QRegularExpressionMatch match = shape.match(text);
    const QString unit = match.captured(2);
    if (!match.hasMatch() || (!unit.isEmpty() && !known.pointer.endsWith(QLatin1String("Ms"))))
        return Error { QStringLiteral("must be a whole number, got '%1'").arg(text.left(40)), known.pointer };
    const qint64 factor = unit.isEmpty() || unit == QLatin1String("ms") ? 1
        : unit == QLatin1String("s")                                    ? 1000
        : unit == QLatin1String("h")                                    ? 3'600'000
        : unit == QLatin1String("d")                                    ? 86'400'000
                                                                        : 60'000;
    const qint64 number = match.captured(1).toLongLong();
    qint64 product = 0;
    if (__builtin_mul_overflow(number, factor, &product))
        return Error { QStringLiteral("is too large"), known.pointer };
    const qint64 least = known.minimum.value_or(product);
    const qint64 most = known.maximum.value_or(product);
    if (product < least || product > most)
        return Error { QStringLiteral("must be from %1 to %2, got %3").arg(least).arg(most).arg(product),
                       known.pointer };
    return QJsonValue(product);
}

Result<QJsonValue> parseValue(const KnownConfigKey &known, const QString &text)
{
    if (text == QLatin1String("default"))
        return QJsonValue(QJsonValue::Undefined);
    if (known.type == QLatin1String("integer"))
        return parseInteger(known, text);
    if (known.type == QLatin1String("boolean")) {
        const QString lower = text.toLower();
        if (lower == QLatin1String("true") || lower == QLatin1String("yes") || lower == QLatin1String("on"))
            return QJsonValue(true);
        if (lower == QLatin1String("false") || lower == QLatin1String("no") || lower == QLatin1String("off"))
            return QJsonValue(false);
        return Error { QStringLiteral("must be true or false, got '%1'").arg(text.left(40)), known.pointer };
    }
    if (known.type != QLatin1String("string"))
        return Error { QStringLiteral("is no single value: edit the configuration file"), known.pointer };
    if (!known.choices.isEmpty() && !known.choices.contains(text))
        return Error { QStringLiteral("must be one of %1").arg(known.choices.join(QLatin1String(", "))),
                       known.pointer };
    return QJsonValue(text);
}

Error unknownSetting(const QString &key)
{
    QStringList names;
    for (const KnownConfigKey &known : knownConfigKeys()) {
        const bool settable = known.type == QLatin1String("integer") || known.type == QLatin1String("boolean") ||
            !known.choices.isEmpty();
        if (settable && !isSensitiveSetting(known.pointer) && !known.pointer.startsWith(QLatin1String("/providers")))
            names.append(known.pointer.sliced(1).replace(QLatin1Char('/'), QLatin1Char('.')));
    }
    names.sort();
    return { QStringLiteral("There is no setting '%1'. Known are %2, and providers.NAME. before some of them.")
                 .arg(key.left(64), names.join(QLatin1String(", "))),
             {} };
}

/// Keys that the loader reads, the objects above them, and the free names and items below them.
bool isKnownPlace(const QString &pattern)
{
    static const QSet<QString> places = [] {
        QSet<QString> set;
        for (const KnownConfigKey &known : knownConfigKeys()) {
            for (QString place = known.pointer; !place.isEmpty(); place.truncate(place.lastIndexOf(QLatin1Char('/'))))
                set.insert(place);
        }
        return set;
    }();
    static const QStringList open { QStringLiteral("/providers/*/models"), QStringLiteral("/proxy/allowedHosts"),
                                    QStringLiteral("/proxy/allowedOrigins") };
    const QString parent = pattern.left(pattern.lastIndexOf(QLatin1Char('/')));
    return places.contains(pattern) || open.contains(parent) || pattern == QLatin1String("/providers/-");
}

} // namespace

QString SettingPlace::dotted() const
{
    const Result<QStringList> parts = splitJsonPointer(named);
    return parts ? parts.value().join(QLatin1Char('.')) : named;
}

Result<SettingPlace> settingPlace(const QString &key, const JsonNode &root)
{
    const QStringList names = providerNames(root);
    QStringList parts;
    if (key.startsWith(QLatin1Char('/'))) {
        const Result<QStringList> split = splitJsonPointer(key);
        if (!split)
            return split.error();
        parts = split.value();
    } else {
        parts = splitDotted(key, names);
    }
    QStringList general = parts;
    QStringList named = parts;
    const bool appends = parts.size() == 2 && parts.at(1) == QLatin1String("-");
    if (parts.size() > 1 && parts.first() == QLatin1String("providers") && !appends) {
        qsizetype index = names.indexOf(parts.at(1));
        bool isNumber = false;
        const int number = parts.at(1).toInt(&isNumber);
        if (index < 0 && isNumber && number >= 0 && number < names.size())
            index = number;
        if (index < 0)
            return Error { QStringLiteral("The configuration has no provider named '%1'.").arg(parts.at(1).left(64)),
                           key };
        parts[1] = QString::number(index);
        general[1] = QStringLiteral("*");
        named[1] = names.at(index);
    }
    return SettingPlace { joinPointer(parts), joinPointer(general), joinPointer(named) };
}

bool isSensitiveSetting(const QString &pattern)
{
    static const QStringList files { QStringLiteral("/proxy/token"),       QStringLiteral("/proxy/address"),
                                     QStringLiteral("/providers/*/name"),  QStringLiteral("/providers/*/baseUrl"),
                                     QStringLiteral("/providers/*/auth"),  QStringLiteral("/providers/*/proxy"),
                                     QStringLiteral("/providers/*/caFile") };
    return files.contains(pattern) || pattern.startsWith(QLatin1String("/providers/*/key")) ||
        pattern.contains(QLatin1String("webhook"), Qt::CaseInsensitive);
}

Result<SettingEdit> settingFromText(const JsonText &text, const QString &key, const QString &value)
{
    const Result<SettingPlace> place = settingPlace(key, text.root());
    if (!place)
        return place.error();
    const std::vector<KnownConfigKey> keys = knownConfigKeys();
    const auto known = std::find_if(keys.begin(), keys.end(),
                                    [&](const KnownConfigKey &k) { return k.pointer == place.value().pattern; });
    if (known == keys.end())
        return unknownSetting(key);
    if (isSensitiveSetting(known->pointer))
        return Error { QStringLiteral("decides about access or keys: edit the configuration file"), known->pointer };
    const Result<QJsonValue> parsed = parseValue(*known, value);
    if (!parsed)
        return parsed.error();
    return SettingEdit { place.value().pointer, parsed.value() };
}

namespace {

const JsonNode *nodeAt(const JsonNode &root, const QString &pointer)
{
    const Result<QStringList> parts = splitJsonPointer(pointer);
    const JsonNode *node = parts ? &root : nullptr;
    for (qsizetype i = 0; node && i < parts.value().size(); ++i) {
        const QString &part = parts.value().at(i);
        if (node->type == JsonNode::Type::Array) {
            const auto index = static_cast<std::size_t>(part.toUInt());
            node = index < node->items.size() ? &node->items[index] : nullptr;
        } else {
            node = node->member(part);
        }
    }
    return node;
}

/// Without the objects above that place that hold nothing any more. A map of models is kept: an empty one is not the
/// same as none.
Result<QByteArray> withoutEmptyParents(const QByteArray &text, const QString &pointer)
{
    QByteArray result = text;
    for (QString place = pointer.left(pointer.lastIndexOf(QLatin1Char('/'))); !place.isEmpty();
         place.truncate(place.lastIndexOf(QLatin1Char('/')))) {
        const JsonText json(result);
        const JsonNode *node = nodeAt(json.root(), place);
        const bool empty = node && node->type == JsonNode::Type::Object && node->members.empty();
        if (!empty || place.endsWith(QLatin1String("/models")))
            break;
        Result<QByteArray> edited = json.edited(place, QJsonValue(QJsonValue::Undefined));
        if (!edited)
            return edited;
        result = std::move(edited).value();
    }
    return result;
}

} // namespace

Result<QByteArray> editedConfig(const QByteArray &text, const QList<SettingEdit> &edits, const SettingOrigins &origins)
{
    QByteArray result = text;
    QStringList removed;
    for (const SettingEdit &edit : edits) {
        const JsonText json(result);
        if (!json.isValid())
            return Error { QStringLiteral("The configuration file is not valid JSON: repair it first."), {} };
        const Result<SettingPlace> place = settingPlace(edit.pointer, json.root());
        if (!place)
            return place.error();
        if (!isKnownPlace(place.value().pattern))
            return unknownSetting(edit.pointer);
        const SettingOrigin origin = origins.of(place.value().named);
        if (origin > SettingOrigin::File)
            return Error { QStringLiteral("is fixed by the %1").arg(QLatin1String(toString(origin))),
                           place.value().pattern };
        Result<QByteArray> edited = json.edited(place.value().pointer, edit.value);
        if (!edited)
            return edited.error();
        if (edit.value.isUndefined() && edited.value() != result)
            removed.append(place.value().pointer);
        result = std::move(edited).value();
    }
    for (const QString &pointer : std::as_const(removed)) {
        Result<QByteArray> rest = withoutEmptyParents(result, pointer);
        if (!rest)
            return rest.error();
        result = std::move(rest).value();
    }
    return result;
}

} // namespace signalbox
