// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/engine.h"
#include "ui/models/dataage.h"
#include "ui/models/providermodel.h"

#include <QMainWindow>
#include <QTimer>

class QLabel;
class QStackedWidget;

namespace signalbox {

class Appearance;
class Banner;
class ProviderCommands;
class ProviderDetail;
class ProviderTable;
class ProxyActions;
class ProxyHeader;
class StatusLine;
class ThresholdPanel;

/// The console: the state of one engine, and the commands that change it. The engine must outlive the window, and
/// closing the window stops it first: requests in flight get time to finish.
class MainWindow : public QMainWindow
{
    Q_OBJECT

public:
    MainWindow(Engine &engine, const Appearance &appearance, DataAge::Now now = DataAge::steadyNow,
               QWidget *parent = nullptr);
    ~MainWindow() override;

    /// Looks at the time again: how old are the figures? Done by itself while the window is visible.
    void checkAge();
    /// Closes without asking; requests in flight still get their time. Asked for again, it closes at once.
    void quit();

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;
    void changeEvent(QEvent *event) override;
    void closeEvent(QCloseEvent *event) override;

private:
    void buildMenus();
    void buildBanners(QLayout *layout);
    QWidget *buildProviders();
    QWidget *buildThresholds();
    QLabel *heading(const QString &text);
    void connectParts();
    void takeSnapshot(const EngineSnapshotPtr &snapshot);
    void showSnapshot();
    void showBanners();
    void showSelection();
    void showStale(bool stale);
    void reportFailure(const QString &reason);
    void copyRow();
    void readAgain();
    void askToQuit();
    void stopAndClose();
    void followVisibility();
    bool isSeen() const;
    bool listens() const;

    Engine &m_engine;
    const Appearance &m_appearance;
    DataAge m_age;
    QTimer m_ageTimer;
    EngineSnapshotPtr m_snapshot;
    ProviderModel m_model;
    bool m_closing = false; ///< the engine was told to stop

    ProxyActions *m_proxyActions;
    ProviderCommands *m_commands;
    ProxyHeader *m_header;
    Banner *m_listenBanner = nullptr;
    Banner *m_staleBanner = nullptr;
    Banner *m_configBanner = nullptr;
    Banner *m_failureBanner = nullptr;
    QLabel *m_providersHeading = nullptr;
    QStackedWidget *m_providersStack = nullptr;
    QLabel *m_noProviders = nullptr;
    ProviderTable *m_table = nullptr;
    ProviderDetail *m_detail = nullptr;
    ThresholdPanel *m_thresholds = nullptr;
    StatusLine *m_status;
};

} // namespace signalbox
