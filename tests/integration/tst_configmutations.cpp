// SPDX-License-Identifier: GPL-3.0-or-later
// A config file that somebody or something damages: each state applies or is refused with a reason, and the engine
// answers all the time.
#include "tests/integration/engineundertest.h"

#include <random>

using namespace signalbox;
using namespace signalbox::test;

namespace {

constexpr int rounds = 1000;

/// Damage of the kinds that hands, editors and disks do.
class Mutator
{
public:
    QByteArray damaged(QByteArray text)
    {
        for (int times = 1 + below(3); times > 0; --times)
            text = once(std::move(text));
        return text;
    }

private:
    int below(qsizetype limit)
    {
        return static_cast<int>(m_random() % static_cast<std::uint64_t>(std::max<qsizetype>(1, limit)));
    }

    QByteArray once(QByteArray text)
    {
        static const QList<QByteArray> words { "null",  "true", "-1", "0",           "1e308", "99999999999999999999",
                                               "\"x\"", "[]",   "{}", "\"\\ud800\"", "0.5",   "\"\"" };
        const int at = below(text.size());
        switch (below(7)) {
        case 0:
            return text.left(at);
        case 1:
            return text.isEmpty() ? text : text.replace(at, 1, QByteArray(1, static_cast<char>(below(256))));
        case 2:
            return text.remove(at, 1 + below(20));
        case 3:
            return text.insert(at, text.mid(below(text.size()), below(60)));
        case 4: {
            const qsizetype colon = text.indexOf(':', at);
            const qsizetype end = colon < 0 ? -1 : text.indexOf(',', colon);
            return end < 0 ? text : text.replace(colon + 1, end - colon - 1, words.at(below(words.size())));
        }
        case 5: {
            const qsizetype digit =
                std::find_if(text.begin() + at, text.end(), [](char c) { return c >= '0' && c <= '9'; }) - text.begin();
            return digit >= text.size() ? text : text.insert(digit, QByteArray::number(below(1000)));
        }
        default:
            return text.insert(at, words.at(below(words.size())));
        }
    }

    std::mt19937_64 m_random { 20261125 };
};

QByteArray validText(const FakeProvider &alpha, const FakeProvider &beta)
{
    return configWith(
        { entry("alpha", alpha, R"(, "models": {"gpt-*": "*", "*": "*"}, "breaker": {"threshold": 9})"),
          entry("beta", beta, R"(, "health": {"firstByteGoodMs": 700}, "enabled": true, "includeUsage": true)") },
        R"( "breaker": {"threshold": 5, "timeoutMs": 60000, "windowMs": 60000, "failureRatePercent": 50},
 "timeouts": {"totalMs": 900000}, "metrics": {"recording": true, "maxMegabytes": 64},
 "limits": {"connections": 64}, "capture": {"enabled": false, "capBytes": 65536},
)");
}

} // namespace

class TestConfigMutations : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void appliesOrIsRefusedWithAReason()
    {
        const FakeProvider alpha(healthy("alpha"));
        const FakeProvider beta(healthy("beta"));
        const QByteArray sound = validText(alpha, beta);
        QVERIFY(loadConfigText(sound, QStringLiteral("/nowhere/config.json")).ok());
        Mutator mutator;
        int applied = 0;
        int refused = 0;
        for (int round = 0; round < rounds; ++round) {
            const QByteArray text = mutator.damaged(sound);
            const LoadResult loaded = loadConfigText(text, QStringLiteral("/nowhere/config.json"));
            if (loaded.ok())
                ++applied;
            else
                ++refused;
            for (const ConfigIssue &issue : loaded.errors)
                QVERIFY2(!issue.reason.isEmpty() && !issue.text().isEmpty(), text.constData());
            QVERIFY(loaded.ok() || !loaded.errorText().isEmpty());
        }
        QVERIFY2(applied > rounds / 20 && refused > rounds / 20, qPrintable(QString::number(applied)));
    }

    void aRunningEngineKeepsAnswering()
    {
        FakeProvider alpha(healthy("alpha"));
        FakeProvider beta(healthy("beta"));
        const QByteArray sound = validText(alpha, beta);
        EngineUnderTest test(sound);
        QVERIFY(EngineUnderTest::value(test.engine().start()));
        Mutator mutator;
        for (int round = 0; round < rounds; ++round) {
            const QByteArray text = mutator.damaged(sound);
            // Several may come before the engine looks; what it makes of one is seen from a known state.
            if (round % 20 != 0) {
                test.writeConfig(text);
                continue;
            }
            const int marker = 10 + round / 20;
            test.writeConfig(QByteArray(sound).replace("{\"threshold\": 5",
                                                       QByteArray("{\"threshold\": " + QByteArray::number(marker))));
            QVERIFY(QTest::qWaitFor(
                [&] { return test.config().breaker.threshold == marker && test.snapshot()->configProblem.isEmpty(); },
                static_cast<int>(patience.count())));
            test.writeConfig(text);
            const LoadResult loaded = loadConfigText(text, test.configPath());
            const auto seen = [&] {
                const EngineSnapshotPtr snapshot = test.snapshot();
                if (!loaded.ok())
                    return !snapshot->configProblem.isEmpty() && snapshot->config->breaker.threshold == marker;
                return snapshot->configProblem.isEmpty() && snapshot->config->breaker == loaded.config.breaker &&
                    snapshot->providers.size() == loaded.config.providers.size();
            };
            QVERIFY2(QTest::qWaitFor(seen, static_cast<int>(patience.count())),
                     qPrintable(loaded.errorText() + u'\n' + test.snapshot()->configProblem + u'\n' +
                                QString::fromUtf8(text)));
            QCOMPARE(ask(test.port(), request("GET", "/healthz")).status(), 200);
        }
        test.writeConfig(sound);
        const Config meant = loadConfigText(sound, test.configPath()).config;
        QVERIFY(QTest::qWaitFor(
            [&] {
                return test.snapshot()->configProblem.isEmpty() && test.config().breaker == meant.breaker &&
                    test.config().providers == meant.providers;
            },
            static_cast<int>(patience.count())));
        QCOMPARE(test.chat().header("x-signalbox-provider"), QByteArray("alpha"));
        // An edit in the console works on whatever is there.
        QVERIFY(EngineUnderTest::value(test.engine().applyEdits({ { QStringLiteral("/breaker/threshold"), 7 } })));
        QCOMPARE(test.config().breaker.threshold, 7);
    }
};

QTEST_GUILESS_MAIN(TestConfigMutations)
#include "tst_configmutations.moc"
