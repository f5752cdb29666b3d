// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/engine.h"
#include "ui/models/requestmodel.h"
#include "ui/shell/mainwindow.h"
#include "ui/shell/pages.h"
#include "ui/style/appearance.h"
#include "ui/style/englishplurals.h"

#include <QAbstractButton>
#include <QComboBox>
#include <QDir>
#include <QDoubleSpinBox>
#include <QLabel>
#include <QSettings>
#include <QSignalSpy>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>

using namespace signalbox;

namespace {

/// So much that the simulated faults show and every list has something in it.
constexpr std::uint64_t enoughRequests = 60;

struct Size
{
    const char *name;
    QSize size;
};

constexpr std::array<Size, 2> sizes { { { "small", QSize(1280, 720) }, { "large", QSize(1920, 1080) } } };

} // namespace

/// Pictures of every page, to be looked at: build/screenshots/PAGE-THEME-SIZE[@2x].png. Run with QT_SCALE_FACTOR=2 for
/// the latter. Fails if a picture is blank or could not be written.
class TestScreenshots : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void everyPage_data();
    void everyPage();

private:
    static void prepare(MainWindow &window, const QString &item);
    void save(QWidget &window, const QString &name) const;

    EnglishPlurals m_plurals;
    QTemporaryDir m_settings;
    QTemporaryDir m_data;
    std::unique_ptr<Engine> m_engine;
    std::unique_ptr<Engine> m_unconfigured; ///< as a newcomer finds it
};

void TestScreenshots::initTestCase()
{
    QCoreApplication::setOrganizationName(QStringLiteral("signalbox-test"));
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, m_settings.path());
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    QCoreApplication::installTranslator(&m_plurals);
    EngineOptions options;
    options.overlay.port = 0;
    options.configPath = m_data.filePath(QStringLiteral("config.json"));
    options.config = loadConfig(options.configPath, options.overlay);
    options.config.config.proxy.token.reset();
    options.dataDirectory = m_data.path();
    options.demo = true;
    m_engine = createEngine(std::move(options));
    m_engine->start();
    EngineOptions none;
    none.configPath = m_data.filePath(QStringLiteral("none.json"));
    none.config = loadConfig(none.configPath, none.overlay);
    m_unconfigured = createEngine(std::move(none));
    QTRY_VERIFY_WITH_TIMEOUT(m_engine->snapshot()->totals.requests >= enoughRequests, 60'000);
}

void TestScreenshots::everyPage_data()
{
    QTest::addColumn<Appearance::Scheme>("scheme");
    QTest::addColumn<int>("page");
    QTest::addColumn<QString>("item");
    const auto addRows = [](const QByteArray &title, std::size_t page, const QString &item) {
        QTest::addRow("%s-light", title.constData()) << Appearance::Scheme::Light << static_cast<int>(page) << item;
        QTest::addRow("%s-dark", title.constData()) << Appearance::Scheme::Dark << static_cast<int>(page) << item;
    };
    for (std::size_t i = 0; i < pageKinds().size(); ++i) {
        const QByteArray title = QByteArray(pageKinds()[i].title).toLower().replace(' ', '-');
        addRows(title, i, {});
        if (pageKinds()[i].id == PageId::Thresholds) {
            for (const char *group : { "score", "timeouts", "health", "draft" })
                addRows(title + '-' + group, i, QString::fromLatin1(group));
        }
        if (pageKinds()[i].id == PageId::Requests)
            addRows(title + "-chosen", i, QStringLiteral("chosen"));
        if (pageKinds()[i].id != PageId::Settings)
            continue;
        for (const char *section :
             { "proxy", "providers", "addProvider", "recording", "alarms", "metrics", "shortcuts" })
            addRows(title + '-' + section, i, QString::fromLatin1(section));
    }
    addRows("wall-later", 0, {}); // with what has happened meanwhile
}

void TestScreenshots::everyPage()
{
    QFETCH(const Appearance::Scheme, scheme);
    QFETCH(const int, page);
    QFETCH(const QString, item);
    const Appearance appearance(scheme);
    PageTarget target;
    target.page = pageKinds()[static_cast<std::size_t>(page)].id;
    target.provider = m_engine->snapshot()->providers.front().name;
    target.item = item;
    MainWindow window(target.page == PageId::FirstRun ? *m_unconfigured : *m_engine, appearance);
    window.console().open(target);
    for (const Size &each : sizes) {
        window.resize(each.size);
        window.show();
        // The engine's next word reaches the page, and what the page asks for comes back.
        QSignalSpy snapshots(&window.console(), &Console::snapshotChanged);
        QTRY_VERIFY_WITH_TIMEOUT(snapshots.size() >= 2, 15'000);
        if (&each == &sizes.front())
            prepare(window, item);
        save(window,
             QStringLiteral("%1-%2").arg(QString::fromLatin1(QTest::currentDataTag()), QLatin1String(each.name)));
    }
}

/// What a page shows once somebody has done something.
void TestScreenshots::prepare(MainWindow &window, const QString &item)
{
    if (item == QLatin1String("draft")) {
        window.findChild<QAbstractButton *>(QStringLiteral("sampleButton"))->click();
        auto *scope = window.findChild<QComboBox *>(QStringLiteral("thresholdScope"));
        scope->setCurrentIndex(0);
        Q_EMIT scope->activated(0);
        window.findChild<QDoubleSpinBox *>(QStringLiteral("breaker.threshold"))->setValue(3);
        window.findChild<QDoubleSpinBox *>(QStringLiteral("breaker.failureRatePercent"))->setValue(30);
        auto *heading = window.findChild<QLabel *>(QStringLiteral("replayHeading"));
        QTRY_VERIFY_WITH_TIMEOUT(heading->text().startsWith(QStringLiteral("With the draft")), 15'000);
    } else if (item == QLatin1String("chosen")) {
        auto *requests = window.findChild<QTableView *>(QStringLiteral("requests"));
        const QAbstractItemModel &model = *requests->model();
        int row = 0; // one with something to tell
        while (row + 1 < model.rowCount() && model.index(row, RequestModel::AttemptsColumn).data().toInt() < 2)
            ++row;
        requests->setFocus();
        requests->setCurrentIndex(model.index(row, RequestModel::TimeColumn));
        QTest::qWait(500); // the details come from the engine
    }
}

void TestScreenshots::save(QWidget &window, const QString &name) const
{
    const QDir directory(QStringLiteral(SIGNALBOX_SCREENSHOTS));
    QVERIFY(directory.mkpath(QStringLiteral(".")));
    const QImage picture = window.grab().toImage();
    QCOMPARE(picture.size(), window.size() * window.devicePixelRatio());
    bool blank = true;
    const QRgb first = picture.pixel(picture.width() / 2, picture.height() / 2);
    for (int y = 0; y < picture.height() && blank; y += 7) {
        for (int x = 0; x < picture.width() && blank; x += 7)
            blank = picture.pixel(x, y) == first;
    }
    QVERIFY2(!blank, qPrintable(name));
    const QString scale = window.devicePixelRatio() > 1 ? QStringLiteral("@2x") : QString();
    QVERIFY(picture.save(directory.filePath(name + scale + QLatin1String(".png"))));
}

QTEST_MAIN(TestScreenshots)
#include "tst_screenshots.moc"
