// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/costbook.h"

#include "engine/provider/modelmap.h"

#include <QFile>
#include <QFileInfo>

namespace signalbox {

Status CostBook::loadUserPrices(const QString &configPath)
{
    constexpr qint64 longest = qint64 { 4 } << 20;
    if (configPath.isEmpty())
        return ok();
    QFile file(QFileInfo(configPath).absolutePath() + QLatin1String("/prices.json"));
    if (!file.exists())
        return ok();
    if (!file.open(QIODevice::ReadOnly))
        return Error { QStringLiteral("cannot be read: %1").arg(file.errorString()), file.fileName() };
    const Status status = m_prices.setUserPrices(file.read(longest));
    for (const Seller &seller : std::as_const(m_sellers))
        seller.found.clear();
    if (status)
        return ok();
    const Error &error = status.error();
    return Error { error.place.isEmpty() ? error.reason : QString(error.place + QLatin1String(": ") + error.reason),
                   file.fileName() };
}

void CostBook::setProviders(const std::vector<ProviderConfig> &providers)
{
    m_sellers.clear();
    for (const ProviderConfig &provider : providers)
        m_sellers.insert(provider.name, { provider.baseUrl, provider.models, {} });
}

PriceTable::Entry CostBook::entryOf(const Seller &seller, const QByteArray &model) const
{
    constexpr qsizetype remembered = 512;
    const auto known = seller.found.constFind(model);
    if (known != seller.found.constEnd())
        return *known;
    if (seller.found.size() >= remembered)
        seller.found.clear();
    return *seller.found.insert(model, m_prices.find(seller.baseUrl, model));
}

QByteArray CostBook::modelSold(const Seller &seller, const RequestEvent &event, const AttemptEvent &attempt)
{
    if (!attempt.servedModel.isEmpty())
        return attempt.servedModel;
    const QByteArray mapped = mapModel(seller.models, event.model).value_or(QByteArray());
    return mapped.isEmpty() ? event.model : mapped;
}

void CostBook::price(RequestEvent &event) const
{
    for (AttemptEvent &attempt : event.attempts) {
        const auto seller = m_sellers.constFind(attempt.provider);
        if (!attempt.usage.known || seller == m_sellers.constEnd())
            continue;
        const PriceTable::Entry entry = entryOf(*seller, modelSold(*seller, event, attempt));
        attempt.costUsd = PriceTable::cost(entry, attempt.usage, event.at);
    }
}

} // namespace signalbox
