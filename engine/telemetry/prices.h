// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/usage.h"
#include "engine/base/result.h"

#include <QByteArray>
#include <QDateTime>
#include <QString>
#include <QUrl>

#include <memory>
#include <optional>

namespace signalbox {

struct ModelPrices;
struct PriceData;
struct Prices;

/// What models cost. The shipped table is resources/prices/model-prices.json. Which entry counts:
/// 1. a model named in the user's own file, whoever serves it;
/// 2. the vendor whose API pattern fits the provider's base URL, then the vendors that one resells;
/// 3. for an address that is no known vendor's: the vendor whose family the model's name belongs to.
/// Whatever is not found is unknown.
class PriceTable
{
public:
    PriceTable();
    ~PriceTable();
    PriceTable(PriceTable &&) noexcept;
    PriceTable &operator=(PriceTable &&) noexcept;

    /// The shipped table.
    static PriceTable shipped();
    /// Puts the user's prices before the shipped ones: {"models": {"NAME": {"input_mtok": 1.25, "output_mtok": 10,
    /// "cache_read_mtok": 0.125, "cache_write_mtok": 1.5}}}, in US dollars per million tokens. Nothing changes if it
    /// fails.
    Status setUserPrices(const QByteArray &json);

    /// What a model costs at an address. Valid until the table changes or goes.
    class Entry
    {
        friend class PriceTable;
        const Prices *own = nullptr; ///< of the user's file
        const ModelPrices *shipped = nullptr;
    };
    /// Walks hundreds of rules: to be remembered, as a program asks for the same few models again and again.
    Entry find(const QUrl &baseUrl, const QByteArray &model) const;

    /// In US dollars. Nullopt: the model or one of the needed prices is unknown, or the usage is.
    static std::optional<double> cost(const Entry &entry, const TokenUsage &usage, const QDateTime &at);

private:
    std::unique_ptr<PriceData> m_data;
};

} // namespace signalbox
