// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/requestevent.h"
#include "engine/config/config.h"
#include "engine/telemetry/prices.h"

#include <QHash>

namespace signalbox {

/// Writes into events what their attempts cost, where that is known.
class CostBook
{
public:
    /// prices.json beside the configuration file; a missing file is fine.
    Status loadUserPrices(const QString &configPath);
    void setProviders(const std::vector<ProviderConfig> &providers);
    void price(RequestEvent &event) const;

private:
    struct Seller
    {
        QUrl baseUrl;
        std::vector<ModelMapping> models;
        mutable QHash<QByteArray, PriceTable::Entry> found; ///< by the model's name here
    };

    PriceTable::Entry entryOf(const Seller &seller, const QByteArray &model) const;
    static QByteArray modelSold(const Seller &seller, const RequestEvent &event, const AttemptEvent &attempt);

    PriceTable m_prices = PriceTable::shipped();
    QHash<QString, Seller> m_sellers;
};

} // namespace signalbox
