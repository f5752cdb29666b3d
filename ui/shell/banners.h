// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QAction;
class QDateTime;

namespace signalbox {

class Banner;
class Console;
class ProxyActions;

/// What holds for every page and must not be overlooked: the proxy does not listen or is stopped, the figures are old,
/// the changed configuration is not in use, something that was asked for failed.
class Banners : public QWidget
{
    Q_OBJECT

public:
    Banners(Console &console, const ProxyActions &actions, QWidget *parent = nullptr);

    /// The newest snapshot.
    void refresh();
    /// How old the figures are.
    void showAge();
    /// The run before this one ended at about that time without saying so; the folder has what it left. Stays until
    /// dismissed.
    void showCrash(const QDateTime &at, const QString &folder);
    /// Stays until dismissed.
    void showFailure(const QString &reason);

private:
    Banner *add(const char *objectName, bool critical);
    QAction *makeAction(const QString &text, const char *objectName);

    Console &m_console;
    Banner *m_listen;
    Banner *m_stopped;
    Banner *m_stale;
    Banner *m_config;
    Banner *m_failure;
    Banner *m_crash;
    QString m_crashFolder;
};

} // namespace signalbox
