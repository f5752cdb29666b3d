// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/engine.h"
#include "ui/shell/mainwindow.h"
#include "ui/style/appearance.h"

#include <QTemporaryDir>

#include <memory>

namespace signalbox {

/// A config of "alpha" and "beta" at a port where nobody listens, checked once an hour. more: further members, each
/// with a comma after it; proxy: the members of that object, by default a free port and no token.
QByteArray twoProviders(const QByteArray &more = {}, const QByteArray &proxy = {});

/// What else the engine of a window is made of.
struct WindowParts
{
    QStringList environment; ///< what the process would find set, "NAME=value"
    QString dataDirectory; ///< of the history; empty: there is none
    std::shared_ptr<Keychain> keychain; ///< null: the desktop's
};

/// A real engine on a config file of its own, with the window on it and a clock that moves when told to.
class WindowUnderTest
{
public:
    explicit WindowUnderTest(const QByteArray &config, const QStringList &environment = {})
        : WindowUnderTest(config, WindowParts { environment, {}, {} })
    {
    }
    WindowUnderTest(const QByteArray &config, const WindowParts &parts);
    /// The simulated providers.
    static std::unique_ptr<WindowUnderTest> demo(const QString &dataDirectory = {});

    Engine &engine() { return *m_engine; }
    MainWindow &window() { return *m_window; }
    QString configPath() const;
    QByteArray configText() const;
    void writeConfig(const QByteArray &text) const;
    void advance(std::chrono::milliseconds by);

    template <typename Widget> Widget *find(const char *name) const
    {
        return m_window->findChild<Widget *>(QString::fromLatin1(name));
    }
    void go(PageId page) { m_window->console().open(PageTarget { page, {}, {}, {}, {}, {}, {} }); }
    /// The text of a label or button.
    QString text(const char *name) const;
    /// What the table shows in that column for that provider.
    QString cell(const QString &provider, int column) const;
    void select(const QString &provider) const;
    void trigger(const char *action) const;
    void click(const char *button) const;
    /// The dialog that is open, or null.
    QDialog *dialog() const;

private:
    WindowUnderTest() = default;
    void open(EngineOptions options);

    QTemporaryDir m_directory;
    std::chrono::milliseconds m_now { 0 };
    Appearance m_appearance { Appearance::Scheme::Light };
    std::unique_ptr<Engine> m_engine;
    std::unique_ptr<MainWindow> m_window; ///< goes before the engine
};

} // namespace signalbox
