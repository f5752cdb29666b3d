// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/page/pagetarget.h"

#include <QStackedWidget>

#include <map>
#include <vector>

namespace signalbox {

class Console;
class Page;

/// The pages, each built when it is first gone to, and the way back.
class PageStack : public QStackedWidget
{
    Q_OBJECT

public:
    explicit PageStack(Console &console, QWidget *parent = nullptr);

    /// False if there is no such page.
    bool goTo(const PageTarget &target);
    void goBack();
    void goForward();
    bool canGoBack() const { return !m_back.empty(); }
    bool canGoForward() const { return !m_forward.empty(); }

    /// Built now, if it was not yet; null if there is no such page.
    Page *pageFor(PageId id);
    /// Null until the first goTo().
    Page *currentPage() const;

Q_SIGNALS:
    /// Another page, another place on it, or another way back.
    void placeChanged();

private:
    PageTarget meant(const PageTarget &target) const;
    bool show(const PageTarget &target);
    void step(std::vector<PageTarget> &from, std::vector<PageTarget> &to);

    Console &m_console;
    std::map<PageId, Page *> m_pages;
    std::vector<PageTarget> m_back;
    std::vector<PageTarget> m_forward;
};

} // namespace signalbox
