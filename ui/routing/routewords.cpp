// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/routing/routewords.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>

namespace signalbox {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("RouteWords", text);
}

} // namespace

QString dialectTitle(Dialect dialect)
{
    switch (dialect) {
    case Dialect::OpenAi:
        return QStringLiteral("OpenAI");
    case Dialect::Anthropic:
        return QStringLiteral("Anthropic");
    case Dialect::Gemini:
        return QStringLiteral("Gemini");
    }
    return {};
}

QString modelsSummary(const std::vector<ModelMapping> &models)
{
    if (models.empty())
        return tr("none");
    QStringList parts;
    for (const ModelMapping &mapping : models) {
        const bool unchanged = mapping.target == QLatin1String("*") || mapping.target == mapping.pattern;
        if (!unchanged)
            parts.append(QStringLiteral("%1 → %2").arg(mapping.pattern, mapping.target));
        else if (mapping.pattern == QLatin1String("*"))
            parts.append(models.size() == 1 ? tr("all, unchanged") : tr("all others unchanged"));
        else
            parts.append(tr("%1 unchanged").arg(mapping.pattern));
    }
    return parts.join(QStringLiteral(", "));
}

const ProviderConfig *providerConfig(const Config &config, const QString &name)
{
    const auto found = std::find_if(config.providers.begin(), config.providers.end(),
                                    [&name](const ProviderConfig &provider) { return provider.name == name; });
    return found == config.providers.end() ? nullptr : &*found;
}

} // namespace signalbox
