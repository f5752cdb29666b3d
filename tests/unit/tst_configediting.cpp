// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/config/configdiff.h"
#include "engine/config/configloader.h"
#include "engine/config/configversions.h"
#include "engine/config/keyorigins.h"
#include "engine/config/providerdraft.h"
#include "engine/config/settingplace.h"

#include <QDir>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace signalbox;

namespace {

/// JSON is easier to read with ' for ".
QByteArray quoted(QByteArray text)
{
    return text.replace('\'', '"');
}

const QByteArray threeProviders =
    quoted("{\n"
           "  'version': 1,\n"
           "  'note': 'kept',\n"
           "  'breaker': {'threshold': 4},\n"
           "  'providers': [\n"
           "    {'name': 'a.b', 'dialect': 'openai', 'baseUrl': 'https://a.example/v1', 'key': {'env': 'A_KEY'}, "
           "'weight': 3},\n"
           "    {\n"
           "      'name': 'c',\n"
           "      'dialect': 'anthropic',   'baseUrl': 'https://c.example'\n"
           "    },\n"
           "    {'name': '1', 'dialect': 'gemini', 'baseUrl': 'https://one.example'}\n"
           "  ]\n"
           "}\n");

SettingEdit edit(const char *place, const QJsonValue &value)
{
    return { QString::fromLatin1(place), value };
}

QByteArray edited(const QList<SettingEdit> &edits, const QByteArray &text = threeProviders,
                  const SettingOrigins &origins = {})
{
    const Result<QByteArray> result = editedConfig(text, edits, origins);
    return result ? result.value() : "REFUSED " + result.error().reason.toUtf8();
}

QStringList changesOf(const QByteArray &before, const QByteArray &after)
{
    QStringList texts;
    for (const ConfigChange &change : configChanges(before, after))
        texts.append(change.text());
    return texts;
}

QStringList names(const QByteArray &text)
{
    QStringList list;
    for (const ProviderConfig &provider : loadConfigText(text, QStringLiteral("/nowhere/c.json")).config.providers)
        list.append(provider.name);
    return list;
}

ProviderConfig providerIn(const QByteArray &text, const QString &name)
{
    for (const ProviderConfig &provider : loadConfigText(text, QStringLiteral("/nowhere/c.json")).config.providers) {
        if (provider.name == name)
            return provider;
    }
    return {};
}

} // namespace

class TestConfigEditing : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void editsPlacesByNameAndLeavesTheRest()
    {
        const QByteArray text =
            edited({ edit("/breaker/threshold", 7), edit("/providers/a.b/breaker/maxProbes", 2),
                     edit("providers.c.enabled", false), edit("/proxy/token", QStringLiteral("0123456789abcdef")),
                     edit("/providers/1/baseUrl", QStringLiteral("https://two.example")) });
        QByteArray wanted = threeProviders;
        wanted.replace("\"threshold\": 4", "\"threshold\": 7");
        QVERIFY(text.startsWith(wanted.left(wanted.indexOf("\"weight\": 3"))));
        QCOMPARE(providerIn(text, QStringLiteral("a.b")).breaker.maxProbes, 2);
        QVERIFY(!providerIn(text, QStringLiteral("c")).enabled);
        // The name "1" goes before the index 1.
        QCOMPARE(providerIn(text, QStringLiteral("1")).baseUrl, QUrl(QStringLiteral("https://two.example")));
        QVERIFY(text.contains("\"weight\": 3") && text.contains("\"note\": \"kept\""));
        QVERIFY(text.contains("\"dialect\": \"anthropic\",   \"baseUrl\""));
    }

    void takingBackTheFirstSettingOfASectionTakesTheSection()
    {
        const QByteArray with = edited({ edit("/timeouts/idleMs", 9000), edit("/providers/c/breaker/threshold", 2) });
        QVERIFY(with.contains("timeouts"));
        const QJsonValue none(QJsonValue::Undefined);
        QCOMPARE(edited({ edit("/timeouts/idleMs", none), edit("/providers/c/breaker/threshold", none) }, with),
                 threeProviders);
        // What is set meanwhile in the same section stays where it is.
        QVERIFY(edited({ edit("/breaker/threshold", none), edit("/breaker/maxProbes", 3) }).contains("\"breaker\": {"));
        // No model is not the same as any model.
        const QByteArray models = edited({ edit("/providers/c/models/x", QStringLiteral("y")) });
        QVERIFY(edited({ edit("/providers/c/models/x", none) }, models).contains("\"models\": {}"));
    }

    void aValueThatIsThereChangesNothing()
    {
        QCOMPARE(
            edited({ edit("/breaker/threshold", 4), edit("/providers/c/dialect", QStringLiteral("anthropic")),
                     edit("/providers/a.b/key", QJsonObject { { QStringLiteral("env"), QStringLiteral("A_KEY") } }),
                     edit("/health/intervalMs", QJsonValue(QJsonValue::Undefined)) }),
            threeProviders);
    }

    void refusesPlaces_data()
    {
        QTest::addColumn<QString>("place");
        QTest::addColumn<QString>("named");
        QTest::newRow("unknown") << QStringLiteral("/breaker/colour") << QStringLiteral("breaker.minimumCalls");
        QTest::newRow("no such provider") << QStringLiteral("/providers/zeta/enabled") << QStringLiteral("zeta");
        QTest::newRow("no pointer") << QStringLiteral("/") << QStringLiteral("There is no setting");
        QTest::newRow("from outside") << QStringLiteral("/breaker/timeoutMs") << QStringLiteral("environment");
        QTest::newRow("port") << QStringLiteral("/proxy/port") << QStringLiteral("command line");
    }
    void refusesPlaces()
    {
        QFETCH(QString, place);
        QFETCH(QString, named);
        SettingOrigins origins;
        origins.breakerTimeout = SettingOrigin::Environment;
        origins.port = SettingOrigin::CommandLine;
        const QByteArray said = edited({ { place, 5 } }, threeProviders, origins);
        QVERIFY2(said.startsWith("REFUSED") && said.contains(named.toUtf8()), said.constData());
    }

    void whatIsFixedOutsideStaysEditableForAProvider()
    {
        SettingOrigins origins;
        origins.breakerThreshold = SettingOrigin::DotEnv;
        const QByteArray text = edited({ edit("/providers/c/breaker/threshold", 9) }, threeProviders, origins);
        QCOMPARE(providerIn(text, QStringLiteral("c")).breaker.threshold, 9);
    }

    void everyKnownSettingCanBeEdited()
    {
        int count = 0;
        for (const KnownConfigKey &known : knownConfigKeys()) {
            if (!known.minimum)
                continue;
            QString place = known.pointer;
            place.replace(QStringLiteral("/*/"), QStringLiteral("/c/"));
            const QByteArray text = edited({ { place, static_cast<qint64>(*known.maximum) } });
            QVERIFY2(!text.startsWith("REFUSED"), text.constData());
            const Result<SettingEdit> fromText =
                settingFromText(JsonText(threeProviders), place, QString::number(*known.maximum));
            QVERIFY2(fromText, qPrintable(place));
            ++count;
        }
        QVERIFY(count > 70);
    }

    void movesAProviderWithItsText_data()
    {
        QTest::addColumn<int>("from");
        QTest::addColumn<int>("to");
        QTest::addColumn<QStringList>("order");
        QTest::newRow("down") << 0 << 2
                              << QStringList({ QStringLiteral("c"), QStringLiteral("1"), QStringLiteral("a.b") });
        QTest::newRow("up") << 2 << 0
                            << QStringList({ QStringLiteral("1"), QStringLiteral("a.b"), QStringLiteral("c") });
        QTest::newRow("one step") << 1 << 0
                                  << QStringList({ QStringLiteral("c"), QStringLiteral("a.b"), QStringLiteral("1") });
        QTest::newRow("none") << 1 << 1
                              << QStringList({ QStringLiteral("a.b"), QStringLiteral("c"), QStringLiteral("1") });
    }
    void movesAProviderWithItsText()
    {
        QFETCH(int, from);
        QFETCH(int, to);
        QFETCH(QStringList, order);
        const Result<QByteArray> moved =
            JsonText(threeProviders)
                .moved(QStringLiteral("/providers"), static_cast<std::size_t>(from), static_cast<std::size_t>(to));
        QVERIFY(moved);
        QCOMPARE(names(moved.value()), order);
        QCOMPARE(moved.value().size(), threeProviders.size());
        QVERIFY(moved.value().contains("\"weight\": 3}") && moved.value().contains("anthropic\",   \"baseUrl"));
        QCOMPARE(changesOf(threeProviders, moved.value()).size(), from == to ? 0 : 1);
        QVERIFY(!JsonText(threeProviders).moved(QStringLiteral("/providers"), 3, 0));
    }

    void tellsWhatChanged()
    {
        const QByteArray after = edited({ edit("/breaker/threshold", 7), edit("/breaker/maxProbes", 2),
                                          edit("/proxy/token", QStringLiteral("0123456789abcdef")),
                                          edit("/providers/a.b/models/gpt-*", QStringLiteral("big")),
                                          edit("/providers/1", QJsonValue(QJsonValue::Undefined)) });
        QCOMPARE(changesOf(threeProviders, after),
                 QStringList({ QStringLiteral("breaker.threshold 4 → 7"), QStringLiteral("breaker.maxProbes 1 → 2"),
                               QStringLiteral("providers.a.b.models.gpt-* default → big"),
                               QStringLiteral("proxy.token default → (not shown)"),
                               QStringLiteral("providers.1 removed") }));
        QCOMPARE(changesOf(after, after), QStringList());
        const std::vector<ConfigChange> back = configChanges(after, threeProviders);
        QCOMPARE(back.front().text(), QStringLiteral("providers.1 added"));
        QVERIFY(std::any_of(back.begin(), back.end(), [](const ConfigChange &change) {
            return change.text() == QStringLiteral("breaker.maxProbes 2 → 1");
        }));
    }

    void showsNoSecret()
    {
        const QByteArray before = quoted("{'proxy': {'token': 'first-secret-token'}}");
        const QByteArray after = quoted("{'proxy': {'token': 'other-secret-token'},"
                                        " 'alarms': {'webhook': {'url': 'https://hooks.example/T0/secret-path'}},"
                                        " 'providers': [{'name': 'a', 'proxy': 'http://u:secret-word@p.example:1'}]}");
        const QByteArray without = quoted("{'providers': [{'name': 'a', 'proxy': null}]}");
        const QString told = changesOf(before, after).join(u'\n') + changesOf(after, without).join(u'\n');
        QVERIFY2(!told.contains(QStringLiteral("secret")), qPrintable(told));
        QVERIFY(told.contains(QStringLiteral("proxy.token")));
    }

    void draftsBecomeEntriesAndBack()
    {
        ProviderDraft draft;
        draft.name = QStringLiteral("new");
        draft.dialect = Dialect::Anthropic;
        draft.baseUrl = QStringLiteral("https://new.example");
        draft.auth = AuthScheme::Bearer;
        draft.key = { KeySource::Kind::Keychain, QStringLiteral("new-entry") };
        draft.models = { { QStringLiteral("z-*"), QStringLiteral("big") },
                         { QStringLiteral("a/b"), QStringLiteral("*") } };
        draft.includeUsage = true;
        const QByteArray text = edited(editsToAdd(draft));
        QCOMPARE(
            names(text),
            QStringList({ QStringLiteral("a.b"), QStringLiteral("c"), QStringLiteral("1"), QStringLiteral("new") }));
        QCOMPARE(draftOf(providerIn(text, draft.name)), draft);
        QVERIFY2(text.indexOf("\"name\": \"new\"") < text.indexOf("https://new.example"), text.constData());

        ProviderDraft changed = draft;
        changed.name = QStringLiteral("newer");
        changed.auth.reset();
        changed.key = {};
        changed.models = { { QStringLiteral("a/b"), QStringLiteral("*") },
                           { QStringLiteral("z-*"), QStringLiteral("x") } };
        changed.includeUsage = false;
        changed.enabled = false;
        changed.proxy = QStringLiteral("socks5://127.0.0.1:9050");
        const QByteArray updated = edited(editsFor(draft, changed), text);
        QCOMPARE(draftOf(providerIn(updated, changed.name)), changed);
        QVERIFY(editsFor(changed, changed).isEmpty());

        ProviderDraft plain = changed;
        plain.models = ProviderDraft().models;
        QCOMPARE(draftOf(providerIn(edited(editsFor(changed, plain), updated), plain.name)), plain);
        QVERIFY(edited(editsToAdd(draft), "{\"version\": 1}").contains("\"providers\": ["));
    }

    void presetsAndDraftsAreCheckedByTheLoader()
    {
        for (const ProviderPreset &preset : loadPresets()) {
            const Result<ProviderConfig> checked = checkedDraft(draftOf(preset), QStringLiteral("/nowhere/c.json"));
            QVERIFY2(checked, qPrintable(preset.name));
            QCOMPARE(checked.value().baseUrl, preset.baseUrl);
        }
        ProviderDraft bad;
        bad.name = QStringLiteral("a b");
        bad.baseUrl = QStringLiteral("ftp://x");
        const Result<ProviderConfig> refused = checkedDraft(bad, QStringLiteral("/nowhere/c.json"));
        QVERIFY(!refused);
        QVERIFY2(refused.error().reason.contains(QStringLiteral("name must")) &&
                     refused.error().reason.contains(QStringLiteral("baseUrl must")),
                 qPrintable(refused.error().reason));
    }

    void keepsVersions()
    {
        QTemporaryDir folder;
        const QString directory = folder.filePath(QStringLiteral("config-versions"));
        ConfigVersions versions(directory, folder.filePath(QStringLiteral("config.json")));
        QVERIFY(versions.list().empty());
        for (int i = 0; i < 25; ++i)
            QVERIFY(versions.add(QStringLiteral("console"), { QStringLiteral("change %1").arg(i) },
                                 "\xEF\xBB\xBF{\"n\": " + QByteArray::number(i) + "}\r\n"));
        const std::vector<ConfigVersion> list = versions.list();
        QCOMPARE(list.size(), ConfigVersions::kept);
        QCOMPARE(list.front().changes, QStringList(QStringLiteral("change 24")));
        QCOMPARE(versions.textBefore(list.front().id).value(), QByteArray("\xEF\xBB\xBF{\"n\": 24}\r\n"));
        QVERIFY(versions.markUndone(list.front().id));
        QVERIFY(versions.list().front().undone && !versions.list().at(1).undone);
        QVERIFY(!versions.textBefore(1));
        QVERIFY(ConfigVersions(directory, folder.filePath(QStringLiteral("other.json"))).list().empty());
        constexpr QFile::Permissions others = QFile::ReadGroup | QFile::ReadOther | QFile::ExeGroup | QFile::ExeOther;
        QVERIFY(!(QFileInfo(directory).permissions() & others));
        const QFileInfoList files = QDir(directory).entryInfoList(QDir::Files);
        QCOMPARE(files.size(), 20);
        for (const QFileInfo &file : files)
            QVERIFY(!(file.permissions() & others));
    }

    void aNameOrADraftCarriesNoKeyElsewhere()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("config.json"));
        ProviderConfig provider = providerIn(threeProviders, QStringLiteral("a.b"));
        KeyOrigins origins(path);
        QVERIFY(origins.check(provider));
        ProviderConfig draft = provider;
        draft.name = QStringLiteral("draft");
        QVERIFY(origins.checkDraft(draft));
        draft.baseUrl = QUrl(QStringLiteral("https://evil.example/v1"));
        QVERIFY(!origins.checkDraft(draft));
        draft.key.reference = QStringLiteral("NEVER_GIVEN");
        QVERIFY(origins.checkDraft(draft));
        // Trying recorded nothing: a second try at another place is as free as the first.
        draft.baseUrl = QUrl(QStringLiteral("https://third.example/v1"));
        QVERIFY(origins.checkDraft(draft));
        QVERIFY(origins.rename(QStringLiteral("a.b"), QStringLiteral("renamed")));
        provider.name = QStringLiteral("renamed");
        provider.baseUrl = QUrl(QStringLiteral("https://evil.example/v1"));
        QVERIFY(!origins.check(provider));
    }
};

QTEST_GUILESS_MAIN(TestConfigEditing)
#include "tst_configediting.moc"
