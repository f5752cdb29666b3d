// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/engine.h"
#include "tests/ui/pseudotranslator.h"
#include "tests/ui/visibletexts.h"
#include "ui/page/page.h"
#include "ui/shell/mainwindow.h"
#include "ui/shell/pages.h"
#include "ui/shell/pagestack.h"
#include "ui/style/appearance.h"

#include <QDir>
#include <QRegularExpression>
#include <QSettings>
#include <QSignalSpy>
#include <QStackedWidget>
#include <QTabBar>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace signalbox;

namespace {

constexpr QSize smallScreen { 1280, 720 };
/// So many that the simulated faults show and every list has something in it.
constexpr std::uint64_t enoughRequests = 60;

/// Names and abbreviations that are the same in every language.
const QStringList sameEverywhere {
    QStringLiteral("Signalbox"),  QStringLiteral("signalboxctl"),  QStringLiteral("OpenAI"),
    QStringLiteral("Anthropic"),  QStringLiteral("Gemini"),        QStringLiteral("Claude Code"),
    QStringLiteral("Codex"),      QStringLiteral("opencode"),      QStringLiteral("aider"),
    QStringLiteral("Cline"),      QStringLiteral("Continue"),      QStringLiteral("Qwen Code"),
    QStringLiteral("Gemini CLI"), QStringLiteral("Python"),        QStringLiteral("JavaScript"),
    QStringLiteral("PowerShell"), QStringLiteral("bash"),          QStringLiteral("fish"),
    QStringLiteral("cmd"),        QStringLiteral("curl"),          QStringLiteral("JSON"),
    QStringLiteral("JSONL"),      QStringLiteral("HAR"),           QStringLiteral("HTTP"),
    QStringLiteral("Ctrl"),       QStringLiteral("Shift"),         QStringLiteral("Alt"),
    QStringLiteral("Google"),     QStringLiteral("zsh"),           QStringLiteral("SDK"),
    QStringLiteral(".env"),       QStringLiteral("settings.json"),
};

/// What the engine said: sentences, names and addresses.
QStringList dataOf(const EngineSnapshot &snapshot)
{
    QStringList data { snapshot.listener.url, snapshot.listener.address, snapshot.listener.error, snapshot.configPath,
                       snapshot.recording.reason };
    for (const ProviderSnapshot &provider : snapshot.providers)
        data += { provider.name, provider.baseUrl, provider.lastReason, provider.breaker.reason, provider.keyProblem };
    for (const Alarm &alarm : snapshot.alarms)
        data += { alarm.text, alarm.subject };
    // Of a dry run, and of what can be asked for.
    data += { QStringLiteral("would be asked first."), QStringLiteral("chat/completions") };
    data.removeAll(QString());
    // The longest first, so that none takes a part of another away.
    std::sort(data.begin(), data.end(), [](const QString &a, const QString &b) { return a.size() > b.size(); });
    return data;
}

bool isTranslated(const QString &text, const QStringList &data)
{
    static const QRegularExpression words(QStringLiteral("\\p{L}{2,}"));
    QString left = text;
    for (const QString &known : data)
        left.remove(known);
    left = untranslatedPart(left);
    for (const QString &known : sameEverywhere)
        left.remove(known);
    return !words.match(left).hasMatch();
}

} // namespace

/// Every page there is, in a language of longer words on a small screen: no text is cut off, and none was left
/// untranslated. Run with -reverse for a language that is written from right to left. Its pictures go to
/// build/screenshots/translated-PAGE[-reverse].png.
class TestTranslation : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void everyPage_data();
    void everyPage();

private:
    void look(MainWindow &window, const QString &state);
    void walkTabs(MainWindow &window);
    void walkStacks(MainWindow &window);
    void save(MainWindow &window) const;

    PseudoTranslator m_translator;
    QTemporaryDir m_settings;
    QTemporaryDir m_data;
    std::unique_ptr<Engine> m_engine;
    QStringList m_clipped;
    QStringList m_untranslated;
};

void TestTranslation::initTestCase()
{
    QCoreApplication::setOrganizationName(QStringLiteral("signalbox-test"));
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, m_settings.path());
    QCoreApplication::installTranslator(&m_translator);
    EngineOptions options;
    options.overlay.port = 0;
    options.configPath = m_data.filePath(QStringLiteral("config.json"));
    options.config = loadConfig(options.configPath, options.overlay);
    options.config.config.proxy.token.reset();
    options.dataDirectory = m_data.path();
    options.demo = true;
    m_engine = createEngine(std::move(options));
    m_engine->start();
    QTRY_VERIFY_WITH_TIMEOUT(m_engine->snapshot()->totals.requests >= enoughRequests, 60'000);
}

void TestTranslation::everyPage_data()
{
    QTest::addColumn<PageId>("page");
    for (const PageKind &kind : pageKinds())
        QTest::newRow(kind.title) << kind.id;
}

void TestTranslation::everyPage()
{
    QFETCH(const PageId, page);
    m_clipped.clear();
    m_untranslated.clear();
    const Appearance appearance(Appearance::Scheme::Light);
    MainWindow window(*m_engine, appearance);
    PageTarget target;
    target.page = page;
    target.provider = m_engine->snapshot()->providers.front().name;
    window.console().open(target);
    window.resize(smallScreen);
    window.show();
    QSignalSpy snapshots(&window.console(), &Console::snapshotChanged);
    QTRY_VERIFY_WITH_TIMEOUT(snapshots.size() >= 2, 15'000);
    QCOMPARE(window.size(), smallScreen); // its contents do not make it larger
    QVERIFY(window.layoutDirection() == QGuiApplication::layoutDirection());
    save(window);
    look(window, QStringLiteral("at first"));
    walkTabs(window);
    walkStacks(window);
    const QString told = QStringLiteral("cut off:\n%1\nnot translated:\n%2")
                             .arg(m_clipped.join(QLatin1Char('\n')), m_untranslated.join(QLatin1Char('\n')));
    if (!m_clipped.isEmpty() || !m_untranslated.isEmpty())
        qWarning().noquote() << told; // a failure's own message is cut at some length
    QVERIFY(m_clipped.isEmpty());
    QVERIFY(m_untranslated.isEmpty());
}

void TestTranslation::look(MainWindow &window, const QString &state)
{
    QCoreApplication::processEvents();
    const QStringList data = dataOf(*window.console().snapshot()); // what it shows, not what is newer
    const auto note = [&state](QStringList &list, const VisibleText &text) {
        const QString line = QStringLiteral("  %1: \"%2\" (%3)").arg(text.where, text.text, state);
        const bool known = std::any_of(list.begin(), list.end(), [&text](const QString &other) {
            return other.startsWith(QStringLiteral("  %1: \"").arg(text.where));
        });
        if (!known)
            list.append(line);
    };
    for (const VisibleText &text : visibleTexts(window)) {
        if (text.clipped)
            note(m_clipped, text);
        if (!text.isData && !isTranslated(text.text, data))
            note(m_untranslated, text);
    }
}

void TestTranslation::walkTabs(MainWindow &window)
{
    for (QTabBar *bar : window.pages().currentPage()->findChildren<QTabBar *>()) {
        for (int i = 0; i < bar->count() && bar->isVisible(); ++i) {
            bar->setCurrentIndex(i);
            look(window, QStringLiteral("tab %1").arg(i));
        }
    }
}

/// States that come and go, such as "nothing matches".
void TestTranslation::walkStacks(MainWindow &window)
{
    for (QStackedWidget *stack : window.pages().currentPage()->findChildren<QStackedWidget *>()) {
        if (stack->objectName() == QLatin1String("qt_tabwidget_stackedwidget"))
            continue;
        const int before = stack->currentIndex();
        for (int i = 0; i < stack->count() && stack->isVisible(); ++i) {
            stack->setCurrentIndex(i);
            look(window, QStringLiteral("%1 %2").arg(stack->objectName()).arg(i));
        }
        stack->setCurrentIndex(before);
    }
}

void TestTranslation::save(MainWindow &window) const
{
    const QDir directory(QStringLiteral(SIGNALBOX_SCREENSHOTS));
    QVERIFY(directory.mkpath(QStringLiteral(".")));
    const QString page = QString::fromLatin1(QTest::currentDataTag()).toLower();
    const QString reverse = QGuiApplication::isRightToLeft() ? QStringLiteral("-reverse") : QString();
    QVERIFY(window.grab().save(directory.filePath(QStringLiteral("translated-%1%2.png").arg(page, reverse))));
}

QTEST_MAIN(TestTranslation)
#include "tst_translation.moc"
