// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/pagestack.h"

#include "ui/page/page.h"
#include "ui/shell/pages.h"

#include <algorithm>

namespace signalbox {

namespace {

constexpr std::size_t longestWayBack = 100;

} // namespace

PageStack::PageStack(Console &console, QWidget *parent) : QStackedWidget(parent), m_console(console) { }

Page *PageStack::currentPage() const
{
    return qobject_cast<Page *>(currentWidget());
}

Page *PageStack::pageFor(PageId id)
{
    if (const auto built = m_pages.find(id); built != m_pages.end())
        return built->second;
    const auto &kinds = pageKinds();
    const auto kind = std::find_if(kinds.begin(), kinds.end(), [id](const PageKind &each) { return each.id == id; });
    if (kind == kinds.end())
        return nullptr;
    Page *page = kind->create(m_console, this);
    m_pages.emplace(id, page);
    addWidget(page);
    return page;
}

bool PageStack::show(const PageTarget &target)
{
    Page *page = pageFor(target.page);
    if (!page)
        return false;
    page->goTo(target);
    setCurrentWidget(page);
    return true;
}

/// While there is nothing to show on the wall, it is what gets one there.
PageTarget PageStack::meant(const PageTarget &target) const
{
    const EngineSnapshot &snapshot = *m_console.snapshot();
    if (target.page != PageId::Wall || !target.item.isEmpty() || snapshot.demo || !snapshot.providers.empty())
        return target;
    PageTarget firstRun;
    firstRun.page = PageId::FirstRun;
    return firstRun;
}

bool PageStack::goTo(const PageTarget &asked)
{
    const PageTarget target = meant(asked);
    const Page *leaving = currentPage();
    const PageTarget left = leaving ? leaving->place() : target;
    if (!show(target))
        return false;
    if (leaving && left != currentPage()->place()) {
        m_back.push_back(left);
        if (m_back.size() > longestWayBack)
            m_back.erase(m_back.begin());
        m_forward.clear();
    }
    Q_EMIT placeChanged();
    return true;
}

void PageStack::step(std::vector<PageTarget> &from, std::vector<PageTarget> &to)
{
    if (from.empty() || !currentPage())
        return;
    const PageTarget target = from.back();
    from.pop_back();
    to.push_back(currentPage()->place());
    show(target);
    Q_EMIT placeChanged();
}

void PageStack::goBack()
{
    step(m_back, m_forward);
}

void PageStack::goForward()
{
    step(m_forward, m_back);
}

} // namespace signalbox
