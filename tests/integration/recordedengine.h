// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/engine.h"
#include "tests/support/scene.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

namespace signalbox::test {

/// The engine in the test's own process with two providers, and what it tells.
class RecordedEngine
{
public:
    /// Without a data directory nothing is recorded. `more` goes into alpha's configuration.
    RecordedEngine(const FakeProvider &alpha, const FakeProvider &beta, const QString &dataDirectory = {},
                   const QString &more = {}, const QString &dialect = QStringLiteral("openai"))
    {
        const QString text =
            QStringLiteral(R"({"version":1,"proxy":{"port":0,"token":null},"health":{"intervalMs":3600000},
                "providers":[
                {"name":"alpha","dialect":"%4","baseUrl":"%1","key":{"env":"ALPHA_KEY"}%3},
                {"name":"beta","dialect":"%4","baseUrl":"%2","key":null}]})")
                .arg(baseFor(alpha, dialect), baseFor(beta, dialect), more, dialect);
        QFile file(m_directory.filePath(QStringLiteral("config.json")));
        if (!file.open(QIODevice::WriteOnly) || file.write(text.toUtf8()) < 0)
            qFatal("cannot write the config");
        file.close();
        EngineOptions options;
        options.overlay.environment.insert(QStringLiteral("ALPHA_KEY"), QString::fromLatin1(alphaKey));
        options.config = loadConfig(file.fileName(), options.overlay);
        options.dataDirectory = dataDirectory;
        m_engine = createEngine(std::move(options));
        QObject::connect(m_engine.get(), &Engine::requestFinished, &m_context,
                         [this](const RequestEvent &event) { m_events.push_back(event); });
        QObject::connect(m_engine.get(), &Engine::stateChanged, &m_context,
                         [this](const StateEvent &event) { m_states.push_back(event); });
        auto started = m_engine->start();
        started.waitForFinished();
        m_port = m_engine->snapshot()->listener.port;
    }

    std::uint16_t port() const { return m_port; }
    Engine &engine() { return *m_engine; }
    RequestEvent next()
    {
        if (!QTest::qWaitFor([this] { return m_events.size() > m_taken; }, 10000))
            return {};
        return m_events[m_taken++];
    }
    const std::vector<StateEvent> &states() const { return m_states; }
    /// The answer of an asynchronous call; the test's event loop runs meanwhile.
    template <typename Value> static Value wait(QFuture<Value> future)
    {
        if (!QTest::qWaitFor([&] { return future.isFinished(); }, 20000) || future.resultCount() == 0)
            qFatal("the engine did not answer");
        return future.result();
    }

private:
    QTemporaryDir m_directory;
    QObject m_context;
    std::vector<RequestEvent> m_events;
    std::vector<StateEvent> m_states;
    std::size_t m_taken = 0;
    std::unique_ptr<Engine> m_engine;
    std::uint16_t m_port = 0;
};

} // namespace signalbox::test
