// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/page/console.h"

#include <QMainWindow>
#include <QTimer>

class QActionGroup;
class QPushButton;

namespace signalbox {

class AlarmStrip;
class Banners;
class Closing;
class Navigation;
class PageStack;
class ProxyActions;
class StatusLine;
class Tag;
class Tray;

/// The console: the pages over one engine, and what holds for all of them. The engine must outlive the window, and
/// closing the window stops it first: requests in flight get time to finish.
class MainWindow : public QMainWindow
{
    Q_OBJECT

public:
    MainWindow(Engine &engine, const Appearance &appearance, const DataAge::Now &now = DataAge::steadyNow,
               QWidget *parent = nullptr);
    ~MainWindow() override;

    Console &console() { return m_console; }
    PageStack &pages() { return *m_pages; }

    /// Looks at the time again: how old are the figures? Done by itself while the window is visible.
    void checkAge();
    /// Closes without asking; requests in flight still get their time. Asked for again, it closes at once.
    void quit();
    /// To the front, from wherever it was.
    void comeForward();
    /// The run before this one ended at about that time without saying so; the folder has what it left.
    void tellOfCrash(const QDateTime &at, const QString &folder);
    /// By the name of its icon: "wall", "requests" ..., or "set-up"; an unknown one changes nothing.
    void openPage(const QString &name);
    bool isWallMode() const { return m_wallMode; }
    /// The providers alone on the whole screen.
    void setWallMode(bool on);

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;
    void changeEvent(QEvent *event) override;
    void closeEvent(QCloseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    QLayout *buildCentre();
    void buildMenus();
    void buildFileMenu();
    void buildEditMenu();
    void buildViewMenu();
    void buildHelpMenu();
    void addPages(QMenu *menu);
    void addKeys();
    /// Those of pages that were never opened too.
    void adoptAllCommands();
    void buildCorner();
    void buildTray(const DataAge::Now &now);
    void openPalette();
    void setUp();
    QAction *addAction(QMenu *menu, const QString &text, const char *objectName, const QKeySequence &shortcut = {});
    void connectParts();
    void open(const PageTarget &target);
    void showSnapshot();
    void showPlace();
    void save() const;
    void restoreSaved();
    void followVisibility();

    Console m_console;
    QTimer m_ageTimer;
    bool m_wallMode = false;
    bool m_wasMaximized = false; ///< before the wall mode

    ProxyActions *m_proxyActions;
    AlarmStrip *m_strip;
    Banners *m_banners;
    Navigation *m_navigation;
    PageStack *m_pages;
    Closing *m_closing;
    StatusLine *m_status;
    Tag *m_simulated = nullptr;
    QPushButton *m_leaveDemo = nullptr;
    Tray *m_tray = nullptr; ///< null where there is none
    QMenu *m_viewMenu = nullptr;
    QActionGroup *m_pageGroup = nullptr;
    QAction *m_back = nullptr;
    QAction *m_forward = nullptr;
    QAction *m_collapse = nullptr;
    QAction *m_wallModeAction = nullptr;
    QList<QAction *> m_pageActions; ///< of the page that is shown, in the View menu
};

} // namespace signalbox
