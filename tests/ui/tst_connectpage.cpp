// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/windowundertest.h"
#include "ui/connect/textdiff.h"
#include "ui/connect/tools.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QDialog>
#include <QDir>
#include <QGuiApplication>
#include <QJsonDocument>
#include <QJsonObject>
#include <QListWidget>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSettings>
#include <QTabWidget>
#include <QTest>
#include <QTextEdit>

using namespace signalbox;

namespace {

constexpr int patience = 15000;
const QByteArray token = "local-token-0123456789";

QByteArray withToken()
{
    return twoProviders({}, "\"port\":0,\"token\":\"" + token + "\"");
}

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void write(const QString &path, const QByteArray &content)
{
    QDir().mkpath(QFileInfo(path).path());
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(content) == content.size());
}

void openPage(WindowUnderTest &test)
{
    test.window().activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&test.window(), patience));
    QTest::keyClick(&test.window(), Qt::Key_6, Qt::ControlModifier);
    QTRY_VERIFY_WITH_TIMEOUT(test.find<QListWidget>("tools") && test.find<QListWidget>("tools")->isVisible(), patience);
}

void choose(const WindowUnderTest &test, const QString &name)
{
    auto *list = test.find<QListWidget>("tools");
    const QList<QListWidgetItem *> found = list->findItems(name, Qt::MatchExactly);
    QCOMPARE(found.size(), 1);
    list->setCurrentItem(found.first());
}

QString shownText(const WindowUnderTest &test, int tab = 0)
{
    return qobject_cast<QPlainTextEdit *>(test.find<QTabWidget>("toolSnippets")->widget(tab))->toPlainText();
}

} // namespace

class TestConnectPage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void everyToolHasTheBoundAddress();
    void variablesAreQuoted();
    void differencesAreFew();
    void copiesWhatItHides();
    void writesAToolsFileAfterShowingIt();
    void leavesAFileItDoesNotUnderstand();
    void codexTablesKeepTheirPlaces();
    void refusesAFileThatChangedMeanwhile();
    void sendsATestRequest();
    void seesTheFirstRequest();
    void keyboardAloneIsEnough();

private:
    QTemporaryDir m_home;
};

void TestConnectPage::init()
{
    QVERIFY(m_home.isValid());
    qputenv("HOME", m_home.path().toUtf8());
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, m_home.path());
}

void TestConnectPage::everyToolHasTheBoundAddress()
{
    const ConnectAddress address { QStringLiteral("http://127.0.0.1:41234"), QStringLiteral("T0KEN"),
                                   QStringLiteral("m-openai"), QStringLiteral("m-anthropic"),
                                   QStringLiteral("m-gemini") };
    QStringList ids;
    for (const ConnectTool &tool : connectTools(address)) {
        ids << tool.id;
        QVERIFY2(!tool.name.isEmpty() && !tool.advice.isEmpty() && !tool.snippets.isEmpty(), qPrintable(tool.id));
        QString all;
        for (const Snippet &snippet : tool.snippets)
            all += snippet.text;
        QVERIFY2(all.contains(QLatin1String("41234")) || tool.id == QLatin1String("codex"), qPrintable(tool.id));
        QVERIFY2(all.contains(QLatin1String("T0KEN")), qPrintable(tool.id));
        QVERIFY2(!all.contains(QLatin1Char('{') + QStringLiteral("url")), qPrintable(tool.id));
    }
    for (const char *wanted : { "claude-code", "codex", "opencode", "gemini-cli", "cline", "continue", "qwen-code",
                                "openai-sdk", "anthropic-sdk", "google-sdk", "curl", "container" })
        QVERIFY2(ids.contains(QString::fromLatin1(wanted)), wanted);
}

void TestConnectPage::variablesAreQuoted()
{
    const QList<Snippet> snippets = environmentSnippets({ { QStringLiteral("A"), QStringLiteral("it's $HOME") } });
    QCOMPARE(snippets.at(0).text, QStringLiteral("export A='it'\\''s $HOME'\n"));
    QCOMPARE(snippets.at(1).text, QStringLiteral("set -gx A 'it\\'s $HOME'\n"));
    QCOMPARE(snippets.at(2).text, QStringLiteral("$env:A = 'it''s $HOME'\n"));
    QCOMPARE(snippets.at(3).text, QStringLiteral("set \"A=it's $HOME\"\n"));
}

void TestConnectPage::differencesAreFew()
{
    using Kind = DiffLine::Kind;
    const QList<DiffLine> lines = diffLines(QStringLiteral("a\nb\nc\n"), QStringLiteral("a\nx\nc\nd\n"));
    const QList<DiffLine> wanted { { Kind::Same, QStringLiteral("a") },
                                   { Kind::Removed, QStringLiteral("b") },
                                   { Kind::Added, QStringLiteral("x") },
                                   { Kind::Same, QStringLiteral("c") },
                                   { Kind::Added, QStringLiteral("d") } };
    QVERIFY(lines == wanted);
}

void TestConnectPage::copiesWhatItHides()
{
    WindowUnderTest test(withToken());
    QVERIFY(test.engine().start().result());
    openPage(test);
    choose(test, QStringLiteral("Claude Code"));
    const QString url = test.engine().snapshot()->listener.url;
    QTRY_VERIFY_WITH_TIMEOUT(shownText(test).contains(url), patience);
    QVERIFY(!shownText(test).contains(QString::fromLatin1(token)));
    test.click("copySnippet");
    QVERIFY(QGuiApplication::clipboard()->text().contains(QString::fromLatin1(token)));
    test.click("showToken");
    QTRY_VERIFY_WITH_TIMEOUT(shownText(test).contains(QString::fromLatin1(token)), patience);
}

void TestConnectPage::writesAToolsFileAfterShowingIt()
{
    const QString path = m_home.filePath(QStringLiteral(".claude/settings.json"));
    const QByteArray before = "{\n    \"theme\": \"dark\",\n    \"env\": { \"OTHER\": \"1\" }\n}\n";
    write(path, before);
    WindowUnderTest test(withToken());
    QVERIFY(test.engine().start().result());
    openPage(test);
    choose(test, QStringLiteral("Claude Code"));
    QTRY_VERIFY_WITH_TIMEOUT(shownText(test).contains(QLatin1String("127.0.0.1")), patience);
    test.click("planToolFile");
    QTRY_VERIFY_WITH_TIMEOUT(test.dialog(), patience);
    const QString shown = test.dialog()->findChild<QTextEdit *>(QStringLiteral("toolFileDiff"))->toPlainText();
    QVERIFY(shown.contains(QLatin1String("ANTHROPIC_BASE_URL")));
    QVERIFY(!shown.contains(QString::fromLatin1(token)));
    QCOMPARE(contentOf(path), before);
    QTest::mouseClick(test.dialog()->findChild<QPushButton *>(QStringLiteral("writeToolFile")), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(contentOf(path) != before, patience);
    const QJsonObject env = QJsonDocument::fromJson(contentOf(path)).object().value(QLatin1String("env")).toObject();
    QCOMPARE(env.value(QLatin1String("ANTHROPIC_BASE_URL")).toString(), test.engine().snapshot()->listener.url);
    QCOMPARE(env.value(QLatin1String("OTHER")).toString(), QStringLiteral("1"));
    QVERIFY(contentOf(path).contains("    \"theme\": \"dark\""));
    const QStringList copies = QDir(m_home.filePath(QStringLiteral(".claude")))
                                   .entryList({ QStringLiteral("*.before-signalbox-*") }, QDir::Files | QDir::Hidden);
    QCOMPARE(copies.size(), 1);

    QTRY_VERIFY_WITH_TIMEOUT(test.find<QPushButton>("undoToolFile")->isVisible(), patience);
    test.click("undoToolFile");
    QTRY_COMPARE_WITH_TIMEOUT(contentOf(path), before, patience);
}

void TestConnectPage::leavesAFileItDoesNotUnderstand()
{
    const QString path = m_home.filePath(QStringLiteral(".claude/settings.json"));
    write(path, "{ // a comment\n}");
    const auto plan = planToolFile(ToolFileKind::ClaudeSettings, m_home.path(), { QStringLiteral("http://x"), {}, {} });
    QVERIFY(!plan);
    QVERIFY(plan.error().reason.contains(path));
    QCOMPARE(contentOf(path), QByteArray("{ // a comment\n}"));
}

void TestConnectPage::codexTablesKeepTheirPlaces()
{
    const QString path = m_home.filePath(QStringLiteral(".codex/config.toml"));
    write(path,
          "model = \"o3\"\nmodel_provider = \"openai\"\n\n[model_providers.signalbox]\nbase_url = \"http://old\"\n"
          "\n[tools]\nweb = true\n");
    const auto plan = planToolFile(ToolFileKind::CodexConfig, m_home.path(),
                                   { QStringLiteral("http://127.0.0.1:1"), QStringLiteral("T"), {} });
    QVERIFY(plan);
    QCOMPARE(plan.value().after,
             QByteArray("model = \"o3\"\nmodel_provider = \"signalbox\"\n\n[tools]\nweb = true\n\n"
                        "[model_providers.signalbox]\nname = \"Signalbox\"\nbase_url = \"http://127.0.0.1:1/v1\"\n"
                        "wire_api = \"responses\"\nenv_key = \"SIGNALBOX_TOKEN\"\n"));
    QVERIFY(writeToolFile(plan.value(), QDateTime::currentDateTime()));
    const auto again = planToolFile(ToolFileKind::CodexConfig, m_home.path(),
                                    { QStringLiteral("http://127.0.0.1:1"), QStringLiteral("T"), {} });
    QVERIFY(again && again.value().changesNothing());
}

void TestConnectPage::refusesAFileThatChangedMeanwhile()
{
    const QString path = m_home.filePath(QStringLiteral(".qwen/settings.json"));
    const ToolFileValues values { QStringLiteral("http://127.0.0.1:1"), {}, QStringLiteral("m") };
    const auto plan = planToolFile(ToolFileKind::QwenSettings, m_home.path(), values);
    QVERIFY(plan);
    write(path, "{}");
    QVERIFY(!writeToolFile(plan.value(), QDateTime::currentDateTime()));
    QCOMPARE(contentOf(path), QByteArray("{}"));
}

void TestConnectPage::sendsATestRequest()
{
    const auto test = WindowUnderTest::demo();
    QVERIFY(test->engine().start().result());
    openPage(*test);
    choose(*test, QStringLiteral("OpenAI SDK"));
    QTRY_VERIFY_WITH_TIMEOUT(shownText(*test).contains(test->engine().snapshot()->listener.url), patience);
    test->click("sendTest");
    QTRY_VERIFY_WITH_TIMEOUT(test->text("testResult").startsWith(QChar(0x2713)), patience);
    test->find<QComboBox>("testKind")->setCurrentIndex(1);
    QTRY_VERIFY_WITH_TIMEOUT(test->find<QPushButton>("sendTest")->isEnabled(), patience);
    test->click("sendTest");
    QTRY_VERIFY_WITH_TIMEOUT(test->text("testResult").contains(QLatin1String("sim-")), patience);
}

void TestConnectPage::seesTheFirstRequest()
{
    const auto test = WindowUnderTest::demo();
    QVERIFY(test->engine().start().result());
    openPage(*test);
    choose(*test, QStringLiteral("Codex"));
    QTRY_VERIFY_WITH_TIMEOUT(test->text("waitingForTool").contains(QLatin1String("Codex")), patience);
    const QString url = test->engine().snapshot()->listener.url;
    QNetworkAccessManager manager;
    QNetworkRequest request(QUrl(url + QStringLiteral("/v1/chat/completions")));
    request.setHeader(QNetworkRequest::ContentTypeHeader, QStringLiteral("application/json"));
    request.setHeader(QNetworkRequest::UserAgentHeader, QStringLiteral("codex_cli_rs/1.0"));
    const std::unique_ptr<QNetworkReply> reply(
        manager.post(request, QByteArrayLiteral("{\"model\":\"gpt-simulated\",\"messages\":[]}")));
    QTRY_VERIFY_WITH_TIMEOUT(test->text("waitingForTool").startsWith(QChar(0x2713)), patience);
    QVERIFY(test->text("waitingForTool").contains(QLatin1String("codex")));
}

void TestConnectPage::keyboardAloneIsEnough()
{
    WindowUnderTest test(withToken());
    QVERIFY(test.engine().start().result());
    openPage(test);
    auto *list = test.find<QListWidget>("tools");
    for (int presses = 0; presses < 30 && !list->hasFocus(); ++presses)
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
    QVERIFY(list->hasFocus());
    const QString first = list->currentItem()->text();
    QTest::keyClick(list, Qt::Key_Down);
    QVERIFY(list->currentItem()->text() != first);
    QTRY_COMPARE_WITH_TIMEOUT(test.text("toolName"), list->currentItem()->text(), patience);
    QGuiApplication::clipboard()->clear();
    auto *copy = test.find<QPushButton>("copySnippet");
    for (int presses = 0; presses < 20 && !copy->hasFocus(); ++presses)
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
    QVERIFY(copy->hasFocus());
    QTest::keyClick(copy, Qt::Key_Space);
    QVERIFY(!QGuiApplication::clipboard()->text().isEmpty());
}

QTEST_MAIN(TestConnectPage)
#include "tst_connectpage.moc"
