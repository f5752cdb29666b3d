// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/engine.h"
#include "ui/page/console.h"
#include "ui/style/appearance.h"

#include <QAction>
#include <QApplication>
#include <QDialog>
#include <QDir>
#include <QFile>
#include <QLabel>
#include <QProcessEnvironment>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

namespace signalbox {

/// Against a hang, not a measure.
constexpr int pagePatience = 20000;

/// A page of its own on a real engine, without the window around it.
template <typename PageType> class PageUnderTest
{
public:
    /// The simulated providers; they get traffic once the engine is started.
    PageUnderTest()
    {
        EngineOptions options;
        options.overlay.port = 0;
        options.config = loadConfig(configPath(), options.overlay);
        options.config.config.proxy.token.reset();
        options.demo = true;
        open(std::move(options));
    }
    /// keychain: null: the desktop's. environment: what the process would find set.
    explicit PageUnderTest(const QByteArray &config, std::shared_ptr<Keychain> keychain = nullptr,
                           const QProcessEnvironment &environment = {})
    {
        QFile file(configPath());
        if (!file.open(QIODevice::WriteOnly) || file.write(config) != config.size())
            qFatal("cannot write %s", qPrintable(configPath()));
        file.close();
        EngineOptions options;
        options.configPath = configPath();
        options.dataDirectory = path(QStringLiteral("data"));
        options.keychain = std::move(keychain);
        options.overlay.environment = environment;
        options.config = loadConfig(options.configPath, options.overlay);
        if (!options.config.ok())
            qFatal("%s", qPrintable(options.config.errorText()));
        open(std::move(options));
    }

    Engine &engine() { return *m_engine; }
    Console &console() { return *m_console; }
    PageType &page() { return *m_page; }
    Appearance &appearance() { return m_appearance; }
    QByteArray configText() const
    {
        QFile file(configPath());
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    QString path(const QString &name) const { return m_directory.filePath(name); }

    /// Listens; the port, or 0 if it cannot.
    quint16 start()
    {
        m_engine->start();
        (void)QTest::qWaitFor([this] { return m_console->snapshot()->listener.state == ListenState::Listening; },
                              pagePatience);
        return m_engine->snapshot()->listener.port;
    }
    template <typename Widget> Widget *find(const char *name) const
    {
        return m_page->template findChild<Widget *>(QString::fromLatin1(name));
    }
    QString text(const char *label) const
    {
        const auto *found = find<QLabel>(label);
        return found ? found->text().replace(QChar(0x202F), QLatin1Char(' ')) : QString();
    }
    void click(const char *button) const { QTest::mouseClick(find<QWidget>(button), Qt::LeftButton); }
    void trigger(const char *action) const { find<QAction>(action)->trigger(); }
    /// The dialog that is open, or null.
    template <typename Dialog = QDialog> Dialog *dialog() const
    {
        for (Dialog *found : m_page->template findChildren<Dialog *>()) {
            if (found->isVisible())
                return found;
        }
        return nullptr;
    }
    /// Types into whatever has the focus.
    void press(int key, Qt::KeyboardModifiers modifiers = Qt::NoModifier) const
    {
        QWidget *focus = QApplication::focusWidget();
        QTest::keyClick(focus ? focus : m_page.get(), static_cast<Qt::Key>(key), modifiers);
    }

private:
    QString configPath() const { return m_directory.filePath(QStringLiteral("config.json")); }
    void open(EngineOptions options)
    {
        m_engine = createEngine(std::move(options));
        m_console = std::make_unique<Console>(*m_engine, m_appearance);
        m_page = std::make_unique<PageType>(*m_console);
        m_page->resize(1120, 640);
        m_console->setSeen(true);
        m_page->show();
        m_page->activateWindow();
        m_page->setFocus();
        (void)QTest::qWaitFor([this] { return m_page->isActiveWindow(); }, pagePatience);
    }

    QTemporaryDir m_directory;
    Appearance m_appearance { Appearance::Scheme::Light };
    std::unique_ptr<Engine> m_engine;
    std::unique_ptr<Console> m_console; ///< goes before the engine
    std::unique_ptr<PageType> m_page; ///< goes before the console
};

} // namespace signalbox
