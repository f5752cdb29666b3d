// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/providerorder.h"
#include "ui/page/page.h"

#include <QElapsedTimer>

#include <optional>

class QAbstractItemView;
class QActionGroup;
class QLabel;
class QMenu;
class QStackedWidget;

namespace signalbox {

class ProviderDetail;
class ProviderTable;
class TileView;
class WallBar;

/// Is anything wrong? Every provider as a card or a row, and why the selected one is in its state.
class WallPage : public Page
{
    Q_OBJECT

public:
    enum class Density { Large, Compact, Table };

    explicit WallPage(Console &console, QWidget *parent = nullptr);

    /// Only the providers, for a screen on the wall.
    void setBare(bool bare);
    Density density() const { return m_density; }
    void setDensity(Density density);

    void goTo(const PageTarget &target) override;
    bool stepBack() override;
    PageTarget place() const override;
    QList<QAction *> pageActions() const override;

    bool eventFilter(QObject *watched, QEvent *event) override;

protected:
    void refresh() override;

private:
    void buildViews();
    void buildCompare();
    void buildDensities();
    void connectViews();
    QAbstractItemView *view() const;
    const ProviderSnapshot *selected() const;
    void selectRow(int row);
    void setOrder(ProviderOrder::Order order);
    QWidget *buildEmpty();
    QStringList selectedNames() const;
    void compare();
    bool isTypingAhead(const QEvent &event);
    void sortIfNobodyLooks();
    void showSelection();

    ProviderOrder m_order;
    QMenu *m_menu;
    WallBar *m_bar;
    QStackedWidget *m_stack;
    TileView *m_tiles;
    ProviderTable *m_table;
    QLabel *m_noProviders;
    QWidget *m_empty; ///< in place of the providers
    ProviderDetail *m_detail;
    QActionGroup *m_densities;
    QAction *m_denser;
    QAction *m_roomier;
    QAction *m_compare;
    QElapsedTimer m_typed; ///< since a letter that looks for a name
    Density m_density = Density::Large;
    std::optional<std::chrono::milliseconds> m_sortedAt; ///< of the engine's uptime
    int m_wheel = 0; ///< eighths of a degree that were no whole step yet
};

} // namespace signalbox
