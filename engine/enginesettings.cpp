// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/enginecore.h"

#include "engine/config/atomicfile.h"
#include "engine/config/configstore.h"
#include "engine/config/jsontext.h"
#include "engine/settingedit.h"

#include <QRegularExpression>
#include <QtConcurrentRun>

#include <algorithm>

namespace signalbox {

namespace {

constexpr qint64 largestFile = 4 << 20;

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

/// A setting as the file knows it: its place, and the same with '*' for the provider.
struct SettingPlace
{
    QString pointer;
    QString pattern;
};

Result<SettingPlace> placeOf(const QString &key, const JsonNode &root)
{
    const JsonNode *list = root.member(u"providers");
    QStringList names;
    if (list) {
        for (const JsonNode &item : list->items)
            names.append(item.member(u"name") ? item.member(u"name")->string : QString());
    }
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
    if (parts.size() > 1 && parts.first() == QLatin1String("providers")) {
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
    }
    return SettingPlace { joinPointer(parts), joinPointer(general) };
}

/// Who may sign in, and where keys go, is decided in the file only.
bool isSensitive(const QString &pattern)
{
    static const QStringList files { QStringLiteral("/proxy/token"),       QStringLiteral("/proxy/address"),
                                     QStringLiteral("/providers/*/name"),  QStringLiteral("/providers/*/baseUrl"),
                                     QStringLiteral("/providers/*/auth"),  QStringLiteral("/providers/*/proxy"),
                                     QStringLiteral("/providers/*/caFile") };
    return files.contains(pattern) || pattern.startsWith(QLatin1String("/providers/*/key")) ||
        pattern.contains(QLatin1String("webhook"), Qt::CaseInsensitive);
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
        if (settable && !isSensitive(known.pointer) && !known.pointer.startsWith(QLatin1String("/providers")))
            names.append(known.pointer.sliced(1).replace(QLatin1Char('/'), QLatin1Char('.')));
    }
    names.sort();
    return { QStringLiteral("There is no setting '%1'. Known are %2, and providers.NAME. before some of them.")
                 .arg(key.left(64), names.join(QLatin1String(", "))),
             {} };
}

std::optional<SettingOrigin> originOf(const QString &pointer, const SettingOrigins &origins)
{
    if (pointer == QLatin1String("/breaker/threshold"))
        return origins.breakerThreshold;
    if (pointer == QLatin1String("/breaker/timeoutMs"))
        return origins.breakerTimeout;
    if (pointer == QLatin1String("/health/intervalMs"))
        return origins.healthInterval;
    if (pointer == QLatin1String("/metrics/retentionMs"))
        return origins.metricsRetention;
    if (pointer == QLatin1String("/proxy/port"))
        return origins.port;
    return std::nullopt;
}

} // namespace

Result<SettingEdit> makeSettingEdit(const QByteArray &fileText, const QString &key, const QString &value,
                                    const SettingOrigins &origins)
{
    const JsonText text(fileText);
    const Result<SettingPlace> place = placeOf(key, text.root());
    if (!place)
        return place.error();
    const std::vector<KnownConfigKey> keys = knownConfigKeys();
    const auto known = std::find_if(keys.begin(), keys.end(),
                                    [&](const KnownConfigKey &k) { return k.pointer == place.value().pattern; });
    if (known == keys.end())
        return unknownSetting(key);
    if (isSensitive(known->pointer))
        return Error { QStringLiteral("decides about access or keys: edit the configuration file"), known->pointer };
    const std::optional<SettingOrigin> origin = originOf(place.value().pointer, origins);
    if (origin && *origin > SettingOrigin::File)
        return Error { QStringLiteral("is fixed by the %1").arg(QString::fromLatin1(toString(*origin))),
                       known->pointer };
    const Result<QJsonValue> parsed = parseValue(*known, value);
    if (!parsed)
        return parsed.error();
    return SettingEdit { place.value().pointer, parsed.value() };
}

void EngineCore::setSetting(const QString &key, const QString &value, const Done &done)
{
    if (m_options.configPath.isEmpty())
        return done(Error { QStringLiteral("There is no configuration file to save the setting to."), {} });
    using Saved = std::pair<Status, LoadResult>;
    QtConcurrent::run(
        &m_saver,
        [path = m_options.configPath, overlay = m_options.overlay, origins = m_context.config->origins, key, value] {
            const Result<QByteArray> file = readWholeFile(path, largestFile);
            const Result<SettingEdit> edit =
                makeSettingEdit(file ? file.value() : QByteArrayLiteral("{}"), key, value, origins);
            if (!edit)
                return Saved { edit.error(), {} };
            if (Status status = saveSettings(path, { edit.value() }); !status)
                return Saved { status, {} };
            return Saved { ok(), loadConfig(path, overlay) };
        })
        .then(this, [this, key, value, done](const Saved &saved) {
            if (saved.first) {
                report(StateEvent::Kind::Config, {}, {}, value, QStringLiteral("An operator set %1.").arg(key));
                applyLoaded(saved.second);
                publish(); // whoever asks next sees it
            }
            done(saved.first);
        });
}

} // namespace signalbox
