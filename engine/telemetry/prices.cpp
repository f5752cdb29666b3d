// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/telemetry/prices.h"

#include <QFile>
#include <QHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>

#include <algorithm>
#include <vector>

// A static library's resources are dropped by the linker unless asked for, and the macro must stand outside a
// namespace.
static void initPriceResources()
{
    Q_INIT_RESOURCE(prices);
}

namespace signalbox {

namespace {

constexpr double perMillion = 1e-6;

/// A price per million tokens. The highest tier that the request's input exceeds counts for all of its tokens.
struct Price
{
    struct Tier
    {
        std::uint64_t start = 0;
        double price = 0;
    };
    double base = 0;
    std::vector<Tier> tiers;

    double at(std::uint64_t inputTokens) const
    {
        double price = base;
        std::uint64_t reached = 0;
        for (const Tier &tier : tiers) {
            if (inputTokens > tier.start && tier.start >= reached) {
                price = tier.price;
                reached = tier.start;
            }
        }
        return price;
    }
};

} // namespace

struct Prices
{
    std::optional<Price> input;
    std::optional<Price> cacheRead;
    std::optional<Price> cacheWrite;
    std::optional<Price> cacheWriteHour;
    std::optional<Price> output;
    std::optional<Price> reasoning;
};

namespace {

/// Prices that hold from a day on, or at some hours of the day.
struct DatedPrices
{
    QDate from;
    QTime start;
    QTime end;
    Prices prices;

    bool holdsAt(const QDateTime &at) const
    {
        if (from.isValid() && at.toUTC().date() < from)
            return false;
        if (!start.isValid())
            return true;
        const QTime time = at.toUTC().time();
        return start <= end ? time >= start && time < end : time >= start || time < end;
    }
};

/// One condition on a name, or several.
struct Match
{
    enum class Kind { Never, Equals, StartsWith, EndsWith, Contains, Regex, Or, And };
    Kind kind = Kind::Never;
    QString text;
    QRegularExpression regex;
    std::vector<Match> parts;

    bool fits(const QString &name) const
    {
        const auto part = [&name](const Match &match) { return match.fits(name); };
        switch (kind) {
        case Kind::Never:
            return false;
        case Kind::Equals:
            return name == text;
        case Kind::StartsWith:
            return name.startsWith(text);
        case Kind::EndsWith:
            return name.endsWith(text);
        case Kind::Contains:
            return name.contains(text);
        case Kind::Regex:
            return regex.match(name).hasMatch();
        case Kind::Or:
            return std::any_of(parts.begin(), parts.end(), part);
        case Kind::And:
            return std::all_of(parts.begin(), parts.end(), part);
        }
        return false;
    }
};

} // namespace

struct ModelPrices
{
    Match match;
    std::vector<DatedPrices> dated; ///< the last one that holds counts
};

namespace {

struct Vendor
{
    QString id;
    QRegularExpression api;
    Match family;
    QStringList resells;
    std::vector<ModelPrices> models;
};

Match readMatch(const QJsonObject &object)
{
    Match match;
    if (object.isEmpty())
        return match;
    const QString key = object.begin().key();
    const QJsonValue value = object.begin().value();
    static const QHash<QString, Match::Kind> kinds { { QStringLiteral("equals"), Match::Kind::Equals },
                                                     { QStringLiteral("starts_with"), Match::Kind::StartsWith },
                                                     { QStringLiteral("ends_with"), Match::Kind::EndsWith },
                                                     { QStringLiteral("contains"), Match::Kind::Contains },
                                                     { QStringLiteral("regex"), Match::Kind::Regex },
                                                     { QStringLiteral("or"), Match::Kind::Or },
                                                     { QStringLiteral("and"), Match::Kind::And } };
    match.kind = kinds.value(key, Match::Kind::Never);
    // Names are compared in lower case, as vendors take them.
    match.text = value.toString().toLower();
    if (match.kind == Match::Kind::Regex)
        match.regex = QRegularExpression(value.toString(), QRegularExpression::CaseInsensitiveOption);
    for (const QJsonValue part : value.toArray())
        match.parts.push_back(readMatch(part.toObject()));
    return match;
}

std::optional<Price> readPrice(const QJsonValue &value)
{
    if (value.isDouble())
        return Price { value.toDouble(), {} };
    if (!value.isObject())
        return std::nullopt;
    Price price { value[QLatin1String("base")].toDouble(), {} };
    for (const QJsonValue tier : value[QLatin1String("tiers")].toArray())
        price.tiers.push_back({ static_cast<std::uint64_t>(tier[QLatin1String("start")].toDouble()),
                                tier[QLatin1String("price")].toDouble() });
    return price;
}

Prices readPrices(const QJsonObject &object)
{
    const auto price = [&object](const char *name) { return readPrice(object.value(QLatin1String(name))); };
    return { price("input_mtok"),          price("cache_read_mtok"), price("cache_write_mtok"),
             price("cache_write_1h_mtok"), price("output_mtok"),     price("output_reasoning_mtok") };
}

/// "08:30:00Z"
QTime readTime(const QJsonValue &value)
{
    return QTime::fromString(value.toString().left(8), QStringLiteral("HH:mm:ss"));
}

std::vector<DatedPrices> readDated(const QJsonValue &value)
{
    std::vector<DatedPrices> dated;
    if (value.isObject())
        dated.push_back({ {}, {}, {}, readPrices(value.toObject()) });
    for (const QJsonValue entry : value.toArray()) {
        const QJsonValue constraint = entry[QLatin1String("constraint")];
        dated.push_back({ QDate::fromString(constraint[QLatin1String("start_date")].toString(), Qt::ISODate),
                          readTime(constraint[QLatin1String("start_time")]),
                          readTime(constraint[QLatin1String("end_time")]),
                          readPrices(entry[QLatin1String("prices")].toObject()) });
    }
    return dated;
}

Vendor readVendor(const QJsonObject &object)
{
    Vendor vendor;
    vendor.id = object.value(QLatin1String("id")).toString();
    vendor.api = QRegularExpression(object.value(QLatin1String("api_pattern")).toString());
    vendor.family = readMatch(object.value(QLatin1String("model_match")).toObject());
    for (const QJsonValue other : object.value(QLatin1String("fallback_model_providers")).toArray())
        vendor.resells << other.toString();
    for (const QJsonValue model : object.value(QLatin1String("models")).toArray())
        vendor.models.push_back(
            { readMatch(model[QLatin1String("match")].toObject()), readDated(model[QLatin1String("prices")]) });
    return vendor;
}

std::optional<double> costOf(const Prices &prices, const TokenUsage &usage)
{
    const std::uint64_t allInput = usage.inputTokens + usage.cachedTokens + usage.cacheWriteTokens;
    double sum = 0;
    bool known = true;
    // Where there is no special price, that kind costs what ordinary input or output costs.
    const auto add = [&](std::uint64_t tokens, const std::optional<Price> &price,
                         const std::optional<Price> &otherwise) {
        const std::optional<Price> &used = price ? price : otherwise;
        if (tokens > 0 && used)
            sum += static_cast<double>(tokens) * used->at(allInput) * perMillion;
        known = known && (tokens == 0 || used);
    };
    add(usage.inputTokens, prices.input, std::nullopt);
    add(usage.cachedTokens, prices.cacheRead, prices.input);
    add(usage.cacheWriteTokens - usage.cacheWriteHourTokens, prices.cacheWrite, prices.input);
    add(usage.cacheWriteHourTokens, prices.cacheWriteHour ? prices.cacheWriteHour : prices.cacheWrite, prices.input);
    const std::uint64_t special = prices.reasoning ? usage.reasoningTokens : 0;
    add(usage.outputTokens - special, prices.output, std::nullopt);
    add(special, prices.reasoning, prices.output);
    return known ? std::optional(sum) : std::nullopt;
}

} // namespace

struct PriceData
{
    std::vector<Vendor> vendors;
    QHash<QString, Prices> own;

    const Vendor *vendor(const QString &id) const
    {
        const auto at = std::find_if(vendors.begin(), vendors.end(), [&](const Vendor &v) { return v.id == id; });
        return at == vendors.end() ? nullptr : &*at;
    }

    static const ModelPrices *in(const Vendor *vendor, const QString &model)
    {
        if (!vendor)
            return nullptr;
        const auto at = std::find_if(vendor->models.begin(), vendor->models.end(),
                                     [&](const ModelPrices &entry) { return entry.match.fits(model); });
        return at == vendor->models.end() ? nullptr : &*at;
    }

    const ModelPrices *find(const QUrl &baseUrl, const QString &model) const
    {
        const QString address = baseUrl.toString(QUrl::RemoveUserInfo | QUrl::RemoveQuery);
        for (const Vendor &candidate : vendors) {
            if (!candidate.api
                     .match(address, 0, QRegularExpression::NormalMatch, QRegularExpression::AnchorAtOffsetMatchOption)
                     .hasMatch())
                continue;
            const ModelPrices *entry = in(&candidate, model);
            for (auto other = candidate.resells.begin(); !entry && other != candidate.resells.end(); ++other)
                entry = in(vendor(*other), model);
            return entry;
        }
        const auto family =
            std::find_if(vendors.begin(), vendors.end(), [&](const Vendor &v) { return v.family.fits(model); });
        return family == vendors.end() ? nullptr : in(&*family, model);
    }
};

PriceTable::PriceTable() : m_data(std::make_unique<PriceData>()) { }
PriceTable::~PriceTable() = default;
PriceTable::PriceTable(PriceTable &&) noexcept = default;
PriceTable &PriceTable::operator=(PriceTable &&) noexcept = default;

PriceTable PriceTable::shipped()
{
    initPriceResources();
    PriceTable table;
    QFile file(QStringLiteral(":/signalbox/prices/model-prices.json"));
    if (file.open(QIODevice::ReadOnly)) {
        for (const QJsonValue vendor : QJsonDocument::fromJson(file.readAll()).array())
            table.m_data->vendors.push_back(readVendor(vendor.toObject()));
    }
    return table;
}

Status PriceTable::setUserPrices(const QByteArray &json)
{
    QJsonParseError problem {};
    const QJsonDocument document = QJsonDocument::fromJson(json, &problem);
    if (problem.error != QJsonParseError::NoError)
        return Error { problem.errorString(), QStringLiteral("byte %1").arg(problem.offset) };
    const QJsonValue models = document.object().value(QLatin1String("models"));
    if (!models.isObject())
        return Error { QStringLiteral("has no object \"models\""), {} };
    QHash<QString, Prices> own;
    const QJsonObject list = models.toObject();
    for (auto model = list.begin(); model != list.end(); ++model) {
        const QJsonObject numbers = model.value().toObject();
        for (auto number = numbers.begin(); number != numbers.end(); ++number) {
            if (!number.value().isDouble() || number.value().toDouble() < 0)
                return Error { QStringLiteral("a price is a number of US dollars, not below 0"),
                               QStringLiteral("/models/%1/%2").arg(model.key(), number.key()) };
        }
        const Prices prices = readPrices(numbers);
        if (!prices.input && !prices.output)
            return Error { QStringLiteral("has neither input_mtok nor output_mtok"),
                           QStringLiteral("/models/%1").arg(model.key()) };
        own.insert(model.key().toLower(), prices);
    }
    m_data->own = std::move(own);
    return ok();
}

PriceTable::Entry PriceTable::find(const QUrl &baseUrl, const QByteArray &model) const
{
    Entry entry;
    const QString name = QString::fromUtf8(model).toLower();
    if (const auto own = m_data->own.constFind(name); own != m_data->own.constEnd())
        entry.own = &*own;
    else if (!model.isEmpty())
        entry.shipped = m_data->find(baseUrl, name);
    return entry;
}

std::optional<double> PriceTable::cost(const Entry &entry, const TokenUsage &usage, const QDateTime &at)
{
    if (!usage.known)
        return std::nullopt;
    if (entry.own)
        return costOf(*entry.own, usage);
    if (!entry.shipped)
        return std::nullopt;
    const auto &dated = entry.shipped->dated;
    const auto holding =
        std::find_if(dated.rbegin(), dated.rend(), [&at](const DatedPrices &prices) { return prices.holdsAt(at); });
    return holding == dated.rend() ? std::nullopt : costOf(holding->prices, usage);
}

} // namespace signalbox
