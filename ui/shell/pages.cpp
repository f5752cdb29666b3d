// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/pages.h"

#include "ui/alarms/alarmspage.h"
#include "ui/connect/connectpage.h"
#include "ui/firstrun/firstrunpage.h"
#include "ui/provider/providerpage.h"
#include "ui/requests/requestspage.h"
#include "ui/routing/routingpage.h"
#include "ui/settings/settingspage.h"
#include "ui/thresholds/thresholdspage.h"
#include "ui/wall/wallpage.h"

#include <QCoreApplication>

#include <algorithm>

namespace signalbox {

namespace {

template <typename PageType> Page *make(Console &console, QWidget *parent)
{
    return new PageType(console, parent);
}

} // namespace

// One line a page, so that pages come without touching each other. The keys are fixed: Wall 1, Requests 2, Alarms 3,
// Thresholds 4, Routing 5, Connect 6, Settings 7.
// clang-format off
const std::vector<PageKind> &pageKinds()
{
    static const std::vector<PageKind> kinds {
        { PageId::Wall, QT_TRANSLATE_NOOP("Pages", "Wall"), "wall", '1', make<WallPage> },
        { PageId::Requests, QT_TRANSLATE_NOOP("Pages", "Requests"), "requests", '2', make<RequestsPage> },
        { PageId::Alarms, QT_TRANSLATE_NOOP("Pages", "Alarms"), "alarms", '3', make<AlarmsPage> },
        { PageId::Provider, QT_TRANSLATE_NOOP("Pages", "Provider"), nullptr, 0, make<ProviderPage> },
        { PageId::Thresholds, QT_TRANSLATE_NOOP("Pages", "Thresholds"), "thresholds", '4', make<ThresholdsPage> },
        { PageId::Routing, QT_TRANSLATE_NOOP("Pages", "Routing"), "routing", '5', make<RoutingPage> },
        { PageId::FirstRun, QT_TRANSLATE_NOOP("Pages", "Set up"), nullptr, 0, make<FirstRunPage> },
        { PageId::Connect, QT_TRANSLATE_NOOP("Pages", "Connect"), "connect", '6', make<ConnectPage> },
        { PageId::Settings, QT_TRANSLATE_NOOP("Pages", "Settings"), "settings", '7', make<SettingsPage> },
    };
    return kinds;
}
// clang-format on

QString pageTitle(const PageKind &kind)
{
    return QCoreApplication::translate("Pages", kind.title);
}

QString pageTitle(PageId id)
{
    const auto &kinds = pageKinds();
    const auto kind = std::find_if(kinds.begin(), kinds.end(), [id](const PageKind &each) { return each.id == id; });
    return kind == kinds.end() ? QString() : pageTitle(*kind);
}

QKeySequence pageKey(const PageKind &kind)
{
    return kind.key == 0 ? QKeySequence() : QKeySequence(Qt::CTRL | static_cast<Qt::Key>(kind.key));
}

QString breadcrumb(const PageTarget &place)
{
    if (place.page == PageId::Provider && !place.provider.isEmpty())
        return QStringLiteral("%1 › %2").arg(pageTitle(PageId::Wall), place.provider);
    return pageTitle(place.page);
}

} // namespace signalbox
