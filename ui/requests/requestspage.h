// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/page/page.h"
#include "ui/page/requestfeed.h"

class QFrame;
class QLabel;
class QPushButton;
class QSplitter;
class QStackedWidget;
class QToolButton;

namespace signalbox {

class FilterBar;
class RequestActions;
class RequestInspector;
class RequestTable;

/// Every request as it comes, what became of it and why. Uses the console's RequestModel.
class RequestsPage : public Page
{
    Q_OBJECT

public:
    explicit RequestsPage(Console &console, QWidget *parent = nullptr);
    ~RequestsPage() override;

    void goTo(const PageTarget &target) override;
    bool stepBack() override;
    PageTarget place() const override;
    QList<QAction *> pageActions() const override;

protected:
    void refresh() override;
    void hideEvent(QHideEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;

private:
    QWidget *buildList();
    QWidget *buildFrozenBar();
    QLayout *buildFooter();
    void buildActions();
    QAction *makeAction(const QString &text, const QString &objectName, const QKeySequence &shortcut);
    QToolButton *footerButton(const QString &objectName);
    void connectParts();
    void sift();
    void applyChoice();
    void showFooter();
    void showEmptyState();
    void showFrozen();
    void showSelection();
    void setFrozen(bool frozen);
    void openInspector();
    void placeInspector(bool atTheRight);
    void makeRoomForInspector();
    QString sizesKey() const;
    void selectPending();
    void findRequest(std::uint64_t sequence);
    QStringList knownValues(const QString &key) const;
    RequestModel &model() const { return console().requests(); }

    RequestFeed m_feed;
    FilterBar *m_filter;
    QSplitter *m_splitter;
    RequestTable *m_table = nullptr;
    RequestInspector *m_inspector = nullptr;
    RequestActions *m_requestActions = nullptr;
    QStackedWidget *m_stack = nullptr;
    QLabel *m_empty = nullptr;
    QPushButton *m_clear = nullptr;
    QFrame *m_frozenBar = nullptr;
    QLabel *m_frozenText = nullptr;
    QLabel *m_count = nullptr;
    QToolButton *m_older = nullptr;
    QToolButton *m_newest = nullptr;
    QAction *m_filterAction = nullptr;
    QAction *m_freezeAction = nullptr;
    QAction *m_followAction = nullptr;
    QAction *m_healthChecksAction = nullptr;
    QAction *m_inspectorAction = nullptr;
    QAction *m_inspectorRightAction = nullptr;
    bool m_inspectorUsed = false; ///< a request was chosen since the page was made
    QDateTime m_frozenAt;
    std::optional<std::uint64_t> m_pending; ///< to select once it is shown
};

} // namespace signalbox
