// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/engine.h"
#include "engine/history/historywriter.h"
#include "engine/provider/breakerwatch.h"
#include "tests/ui/windowundertest.h"
#include "ui/style/numberbox.h"

#include <QDateTime>
#include <QFile>
#include <QLabel>
#include <QTest>

namespace signalbox {

/// What one breaker went through, written to a history as an engine would have.
class RecordedBreaker
{
public:
    explicit RecordedBreaker(QString provider, const BreakerPolicy &policy = {})
        : m_provider(std::move(provider)), m_breaker(
                                               policy, [] { return 0.5; }, 0),
          m_watch(m_breaker)
    {
        m_watch.startLog();
    }

    /// So many calls, one every stepMs. True where the breaker let all of them through.
    bool calls(int count, Outcome outcome, std::int64_t stepMs)
    {
        bool all = true;
        for (int i = 0; i < count; ++i, m_nowMs += stepMs) {
            Admission admission = m_breaker.acquire(m_nowMs);
            all = all && bool(admission);
            if (admission)
                m_breaker.complete(admission.token, outcome, m_nowMs);
        }
        return all;
    }
    /// So that it ended a moment ago.
    void save(const QString &dataDirectory)
    {
        const std::int64_t wallMs = QDateTime::currentMSecsSinceEpoch();
        if (auto chunk = m_watch.takeLog(wallMs, m_nowMs)) {
            HistoryWriter writer({ dataDirectory, {} });
            writer.record(BreakerInputs { m_provider, chunk->wallMs, std::move(chunk->records) });
        }
    }

private:
    QString m_provider;
    CircuitBreaker m_breaker;
    BreakerWatch m_watch;
    std::int64_t m_nowMs = 0;
};

/// The window on its thresholds, over a real engine with a history.
class ThresholdsUnderTest
{
public:
    struct Setup
    {
        QByteArray config = {};
        QStringList environment = {};
        bool demo = false;
        bool recording = true;
    };

    explicit ThresholdsUnderTest(const Setup &setup) : ThresholdsUnderTest(setup, [](const QString &) {}) { }
    /// prepare gets the directory of the history before the engine does.
    ThresholdsUnderTest(const Setup &setup, const std::function<void(const QString &)> &prepare)
    {
        prepare(dataDirectory());
        if (!setup.config.isEmpty())
            write(setup.config);
        EngineOptions options;
        for (const QString &variable : setup.environment) {
            const qsizetype at = variable.indexOf(QLatin1Char('='));
            options.overlay.environment.insert(variable.left(at), variable.mid(at + 1));
        }
        if (setup.demo)
            options.overlay.port = 0;
        options.configPath = configPath();
        options.config = loadConfig(options.configPath, options.overlay);
        if (setup.demo)
            options.config.config.proxy.token.reset();
        options.demo = setup.demo;
        if (setup.recording)
            options.dataDirectory = dataDirectory();
        m_engine = createEngine(std::move(options));
        m_window = std::make_unique<MainWindow>(*m_engine, m_appearance);
        m_window->resize(1280, 720);
        m_window->show();
        m_window->activateWindow();
        (void)QTest::qWaitForWindowActive(m_window.get());
        PageTarget target;
        target.page = PageId::Thresholds;
        m_window->console().open(target);
    }

    Engine &engine() { return *m_engine; }
    MainWindow &window() { return *m_window; }
    EngineSnapshotPtr snapshot() const { return m_engine->snapshot(); }
    QString configPath() const { return m_directory.filePath(QStringLiteral("config.json")); }
    QString dataDirectory() const { return m_directory.filePath(QStringLiteral("data")); }
    QByteArray text() const
    {
        QFile file(configPath());
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    void write(const QByteArray &text) const
    {
        QFile file(configPath());
        if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
            qFatal("cannot write %s", qPrintable(configPath()));
    }

    template <typename Widget> Widget *find(const QByteArray &name) const
    {
        return m_window->findChild<Widget *>(QString::fromLatin1(name));
    }
    NumberBox *box(const QByteArray &name) const { return find<NumberBox>(name); }
    /// Of a label or a button, with plain spaces.
    QString said(const QByteArray &name) const
    {
        const auto *widget = find<QWidget>(name);
        return widget ? widget->property("text").toString().replace(QChar(0x202F), QLatin1Char(' ')) : QString();
    }
    void click(const QByteArray &button) const { QTest::mouseClick(find<QWidget>(button), Qt::LeftButton); }
    /// With the keyboard, into the box.
    void type(const QByteArray &name, const QString &text) const
    {
        NumberBox *into = box(name);
        into->setFocus();
        into->selectAll();
        QTest::keyClicks(into, text);
    }
    /// To whatever has the focus.
    void press(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier) const
    {
        QWidget *focus = m_window->focusWidget();
        QTest::keyClick(focus ? focus : m_window.get(), key, modifiers);
    }
    template <typename Dialog = QDialog> Dialog *dialog() const
    {
        for (Dialog *found : m_window->findChildren<Dialog *>()) {
            if (found->isVisible())
                return found;
        }
        return nullptr;
    }

private:
    QTemporaryDir m_directory;
    Appearance m_appearance { Appearance::Scheme::Light };
    std::unique_ptr<Engine> m_engine;
    std::unique_ptr<MainWindow> m_window; ///< goes before the engine
};

} // namespace signalbox
