// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

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
    /// Stays until dismissed.
    void showFailure(const QString &reason);

private:
    Banner *add(const char *objectName, bool critical);

    Console &m_console;
    Banner *m_listen;
    Banner *m_stopped;
    Banner *m_stale;
    Banner *m_config;
    Banner *m_failure;
};

} // namespace signalbox
