// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/page/page.h"

class QMenu;
class QSplitter;

namespace signalbox {

class Card;
class FallbackNotice;
class FallbackWatch;
class ModelRulesEditor;
class RouteModel;
class RouteTree;
class RoutingSettings;
class TrafficShares;
class TryRequest;

/// Who is asked first, who next, for which models, and what that means for a request.
class RoutingPage : public Page
{
    Q_OBJECT

public:
    explicit RoutingPage(Console &console, QWidget *parent = nullptr);

    void goTo(const PageTarget &target) override;
    bool stepBack() override;
    PageTarget place() const override;
    QList<QAction *> pageActions() const override;

protected:
    void refresh() override;

private:
    void buildActions();
    QWidget *buildOrder();
    QWidget *buildModels();
    QWidget *buildTry();
    void connectParts();
    void showSelection();
    void moveBy(int rows);
    void move(const QString &provider, int place);
    /// Why neither order nor models can be changed; empty: they can.
    QString fixedBecause() const;

    RouteModel *m_routes;
    FallbackWatch *m_fallback;
    TrafficShares *m_shares;
    FallbackNotice *m_notice;
    RoutingSettings *m_settings;
    RouteTree *m_tree;
    ModelRulesEditor *m_models;
    TryRequest *m_try;
    Card *m_orderCard = nullptr;
    Card *m_modelsCard = nullptr;
    QMenu *m_menu;
    QAction *m_up;
    QAction *m_down;
    QAction *m_tryAction;
};

} // namespace signalbox
