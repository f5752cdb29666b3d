// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/page/pagetarget.h"

#include <QKeySequence>
#include <QString>

#include <vector>

class QWidget;

namespace signalbox {

class Console;
class Page;

/// What the window knows of a page before it is built.
struct PageKind
{
    PageId id;
    const char *title; ///< translated in the context "Pages"
    const char *icon; ///< in resources/icons; null: not in the navigation, because it needs a target
    char key; ///< Ctrl and this key open it; 0: none
    Page *(*create)(Console &console, QWidget *parent);
};

/// Every page there is, in the order of the navigation.
const std::vector<PageKind> &pageKinds();

QString pageTitle(const PageKind &kind);
/// Empty: there is no such page.
QString pageTitle(PageId id);
/// Empty: none.
QKeySequence pageKey(const PageKind &kind);
/// Where in the console a place is: "Requests", "Wall › alpha".
QString breadcrumb(const PageTarget &place);

} // namespace signalbox
