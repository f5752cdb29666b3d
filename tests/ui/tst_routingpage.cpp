// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/pageundertest.h"
#include "tests/ui/simulatedroutes.h"
#include "tests/ui/windowundertest.h"
#include "ui/models/modelrules.h"
#include "ui/routing/candidatemodel.h"
#include "ui/routing/routemodel.h"
#include "ui/routing/routetree.h"
#include "ui/routing/routewords.h"
#include "ui/routing/routingpage.h"
#include "ui/style/flattable.h"
#include "ui/style/lamp.h"

#include <QAbstractItemModelTester>
#include <QCheckBox>
#include <QComboBox>
#include <QDrag>
#include <QDropEvent>
#include <QLineEdit>
#include <QMimeData>
#include <QPointer>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTimer>
#include <QUndoStack>

using namespace signalbox;

namespace {

const QString alpha = QStringLiteral("alpha");
const QString beta = QStringLiteral("beta");
const QString delta = QStringLiteral("delta");
const QString claude = QStringLiteral("claude");

using RoutesUnderTest = PageUnderTest<RoutingPage>;

/// Three for OpenAI requests, with one for Anthropic requests in between.
void addFour(SimulatedRoutes &routes)
{
    routes.add(alpha);
    routes.add(claude, Dialect::Anthropic);
    routes.add(beta);
    routes.add(delta);
}

QStringList namesIn(const EngineSnapshot &snapshot)
{
    QStringList names;
    for (const ProviderSnapshot &provider : snapshot.providers)
        names.append(provider.name);
    return names;
}

QStringList namesInFile(const QString &path)
{
    QStringList names;
    for (const ProviderConfig &provider : loadConfig(path).config.providers)
        names.append(provider.name);
    return names;
}

std::vector<ModelMapping> modelsOf(Engine &engine, const QString &provider)
{
    return providerConfig(*engine.snapshot()->config, provider)->models;
}

/// What the page shows, group by group: "OpenAI requests: alpha, beta".
QStringList shownOrder(const QAbstractItemModel &model)
{
    QStringList groups;
    for (int i = 0; i < model.rowCount(); ++i) {
        const QModelIndex group = model.index(i, 0);
        QStringList names;
        for (int row = 0; row < model.rowCount(group); ++row)
            names.append(model.index(row, RouteModel::NameColumn, group).data().toString());
        groups.append(QStringLiteral("%1: %2").arg(group.data().toString(), names.join(QStringLiteral(", "))));
    }
    return groups;
}

QString cell(const RouteModel &model, const QString &provider, int column)
{
    return model.indexOf(provider).siblingAtColumn(column).data().toString().replace(QChar(0x202F), QLatin1Char(' '));
}

/// The row of the candidates that is about that provider, column by column.
QStringList candidate(const QAbstractItemModel &model, const QString &provider)
{
    for (int row = 0; row < model.rowCount(); ++row) {
        if (model.index(row, CandidateModel::NameColumn).data().toString() != provider)
            continue;
        QStringList cells;
        for (int column = 0; column < model.columnCount(); ++column)
            cells.append(model.index(row, column).data().toString().replace(QChar(0x202F), QLatin1Char(' ')));
        return cells;
    }
    return {};
}

/// Presses, drags and lets go as a person does, through the window system.
void dragWithMouse(RouteTree &tree, const QPoint &from, const QPoint &to)
{
    QWidget *view = tree.viewport();
    QWindow *window = view->window()->windowHandle();
    const auto inWindow = [view](const QPoint &point) { return view->mapTo(view->window(), point); };
    QTest::mousePress(window, Qt::LeftButton, {}, inWindow(from));
    // The move that begins the drag does not return until it ends.
    QTimer letGo;
    QObject::connect(&letGo, &QTimer::timeout, view, [&letGo, &tree, window, inWindow, to] {
        if (!tree.findChild<QDrag *>())
            return;
        letGo.stop();
        QTest::mouseMove(window, inWindow(to));
        QTest::mouseMove(window, inWindow(to + QPoint(2, 0)));
        QTest::mouseRelease(window, Qt::LeftButton, {}, inWindow(to + QPoint(2, 0)));
    });
    letGo.start(20);
    QTest::mouseMove(window, inWindow(from + QPoint(2, 2)));
    QTest::mouseMove(window, inWindow(from + QPoint(20, 12)));
    QTest::qWait(200);
}

/// What the window system tells the view of such a drag, for platforms that have none.
void dragByEvents(RouteTree &tree, const QPoint &from, const QPoint &to)
{
    QWidget *view = tree.viewport();
    QTest::mouseClick(view, Qt::LeftButton, {}, from);
    const std::unique_ptr<QMimeData> data(tree.model()->mimeData({ tree.indexAt(from) }));
    QDragEnterEvent enter(from, Qt::MoveAction, data.get(), Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(view, &enter);
    QDragMoveEvent move(to, Qt::MoveAction, data.get(), Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(view, &move);
    if (!move.isAccepted()) {
        QDragLeaveEvent leave;
        QApplication::sendEvent(view, &leave);
        return;
    }
    QDropEvent drop(to, Qt::MoveAction, data.get(), Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(view, &drop);
}

void drag(RouteTree &tree, const QPoint &from, const QPoint &to)
{
    if (QGuiApplication::platformName() == QLatin1String("offscreen"))
        dragByEvents(tree, from, to);
    else
        dragWithMouse(tree, from, to);
}

} // namespace

class TestRoutingPage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void showsEachRouteInOrder();
    void theShareOfTheLastHour();
    void movesByKeysAndBackByUndo();
    void movesByDragging();
    void anotherGroupTakesNoDrop();
    void showsTheStrategyThatRuns();
    void failoverAfterSendingIsSwitched();
    void editsModelsByKeyboard();
    void editsModelsByMouse();
    void saysWhatIsWrongWithAModel();
    void aDraftStaysWithItsProvider();
    void triesARequest();
    void warnsWhereNoFallbackIsLeft();
    void simulatedProvidersAreFixed();
    void summariesOfModels();

private:
    QTemporaryDir m_settings;
};

void TestRoutingPage::initTestCase()
{
    QCoreApplication::setOrganizationName(QStringLiteral("signalbox-test"));
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, m_settings.path());
}

void TestRoutingPage::showsEachRouteInOrder()
{
    SimulatedRoutes routes;
    addFour(routes);
    RoutesUnderTest test(routes.config());
    QVERIFY(test.start() > 0);
    auto *model = qobject_cast<RouteModel *>(test.find<RouteTree>("routes")->model());
    const QAbstractItemModelTester tester(model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    QCOMPARE(shownOrder(*model),
             QStringList({ QStringLiteral("OpenAI requests: alpha, beta, delta"),
                           QStringLiteral("Anthropic requests: claude") }));
    QCOMPARE(cell(*model, beta, RouteModel::OrderColumn), QStringLiteral("2"));
    QCOMPARE(cell(*model, beta, RouteModel::ModelsColumn), QStringLiteral("all, unchanged"));
    QCOMPARE(cell(*model, beta, RouteModel::ShareColumn), QStringLiteral("–"));
    QCOMPARE(cell(*model, claude, RouteModel::DialectColumn), QStringLiteral("Anthropic"));

    // What an operator ordered is told by shape and word.
    ProviderCommand command;
    command.kind = ProviderCommand::Kind::Disable;
    command.provider = beta;
    test.engine().command(command);
    command.kind = ProviderCommand::Kind::Drain;
    command.provider = delta;
    test.engine().command(command);
    QTRY_COMPARE_WITH_TIMEOUT(cell(*model, beta, RouteModel::StateColumn), QStringLiteral("Disabled"), pagePatience);
    QTRY_COMPARE_WITH_TIMEOUT(cell(*model, delta, RouteModel::StateColumn), QStringLiteral("Draining"), pagePatience);
    const QVariant lamp = model->indexOf(beta).siblingAtColumn(RouteModel::StateColumn).data(RouteModel::LampRole);
    QCOMPARE(static_cast<LampShape>(lamp.toInt()), LampShape::SlashedCircle);
    QVERIFY(model->indexOf(beta).data(Qt::AccessibleTextRole).toString().contains(QStringLiteral("Disabled")));

    // Providers come and go, also whole groups.
    ProviderDraft draft;
    draft.name = QStringLiteral("gem");
    draft.dialect = Dialect::Gemini;
    draft.baseUrl = QStringLiteral("http://127.0.0.1:9");
    test.engine().addProvider(draft);
    test.engine().removeProvider(alpha);
    QTRY_COMPARE_WITH_TIMEOUT(
        shownOrder(*model),
        QStringList({ QStringLiteral("Anthropic requests: claude"), QStringLiteral("OpenAI requests: beta, delta"),
                      QStringLiteral("Gemini requests: gem") }),
        pagePatience);
    QVERIFY(test.find<RouteTree>("routes")->isExpanded(model->index(2, 0)));
}

void TestRoutingPage::theShareOfTheLastHour()
{
    SimulatedRoutes routes;
    addFour(routes);
    RoutesUnderTest test(routes.config());
    const quint16 port = test.start();
    test.page().hide();
    for (int i = 0; i < 3; ++i)
        QCOMPARE(SimulatedRoutes::servedBy(port), alpha);
    ProviderCommand command;
    command.kind = ProviderCommand::Kind::Disable;
    command.provider = alpha;
    test.engine().command(command);
    QCOMPARE(SimulatedRoutes::servedBy(port), beta);
    // The figures are of whole seconds and asked for now and then; a page that comes into sight asks at once.
    QTest::qWait(1500);
    RoutingPage fresh(test.console());
    fresh.show();
    const auto *model = qobject_cast<RouteModel *>(fresh.findChild<RouteTree *>()->model());
    QTRY_COMPARE_WITH_TIMEOUT(cell(*model, alpha, RouteModel::ShareColumn), QStringLiteral("75.0 %"), pagePatience);
    QCOMPARE(cell(*model, beta, RouteModel::ShareColumn), QStringLiteral("25.0 %"));
    QCOMPARE(cell(*model, delta, RouteModel::ShareColumn), QStringLiteral("0 %"));
    QCOMPARE(cell(*model, claude, RouteModel::ShareColumn), QStringLiteral("–"));
}

void TestRoutingPage::movesByKeysAndBackByUndo()
{
    SimulatedRoutes routes;
    addFour(routes);
    WindowUnderTest test(routes.config());
    test.engine().start();
    QTRY_COMPARE_WITH_TIMEOUT(test.engine().snapshot()->listener.state, ListenState::Listening, pagePatience);
    const quint16 port = test.engine().snapshot()->listener.port;
    const QByteArray before = test.configText();
    test.window().activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&test.window()));
    QTest::keyClick(&test.window(), Qt::Key_5, Qt::ControlModifier);
    auto *tree = test.find<RouteTree>("routes");
    QTRY_VERIFY(tree && tree->isVisible());
    const QAbstractItemModelTester tester(tree->model(), QAbstractItemModelTester::FailureReportingMode::QtTest);
    tree->setFocus();
    QCOMPARE(tree->selectedProvider(), alpha);
    QTest::keyClick(tree, Qt::Key_Up); // the heading is no stop
    QCOMPARE(tree->selectedProvider(), alpha);
    QTest::keyClick(tree, Qt::Key_Down, Qt::AltModifier);
    // Behind the next one of its group, past the one of another group.
    const QStringList moved { claude, beta, alpha, delta };
    QTRY_COMPARE_WITH_TIMEOUT(namesIn(*test.engine().snapshot()), moved, pagePatience);
    QCOMPARE(namesInFile(test.configPath()), moved);
    QCOMPARE(SimulatedRoutes::servedBy(port), beta);
    QTRY_COMPARE(shownOrder(*tree->model()).value(1), QStringLiteral("OpenAI requests: beta, alpha, delta"));
    QCOMPARE(tree->selectedProvider(), alpha);
    QTest::keyClick(tree, Qt::Key_Down, Qt::AltModifier);
    QTRY_COMPARE_WITH_TIMEOUT(namesIn(*test.engine().snapshot()), QStringList({ claude, beta, delta, alpha }),
                              pagePatience);
    QTRY_VERIFY(!test.find<QAction>("moveRouteDown")->isEnabled()); // it is the last one
    QTRY_COMPARE(test.window().console().undoStack().count(), 2);

    QTest::keyClick(tree, Qt::Key_Z, Qt::ControlModifier);
    QTRY_COMPARE_WITH_TIMEOUT(namesIn(*test.engine().snapshot()), moved, pagePatience);
    QTest::keyClick(tree, Qt::Key_Z, Qt::ControlModifier);
    QTRY_COMPARE_WITH_TIMEOUT(namesIn(*test.engine().snapshot()), QStringList({ alpha, claude, beta, delta }),
                              pagePatience);
    QCOMPARE(test.configText(), before);
    QCOMPARE(SimulatedRoutes::servedBy(port), alpha);
    QTest::keyClick(tree, Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
    QTRY_COMPARE_WITH_TIMEOUT(namesInFile(test.configPath()), moved, pagePatience);
    QTRY_COMPARE(tree->selectedProvider(), alpha);
    QTRY_VERIFY(test.find<QAction>("moveRouteUp")->isEnabled());
    QTest::keyClick(tree, Qt::Key_Up, Qt::AltModifier);
    QTRY_COMPARE_WITH_TIMEOUT(namesIn(*test.engine().snapshot()), QStringList({ claude, alpha, beta, delta }),
                              pagePatience);
}

void TestRoutingPage::movesByDragging()
{
    SimulatedRoutes routes;
    addFour(routes);
    RoutesUnderTest test(routes.config());
    QVERIFY(test.start() > 0);
    auto *tree = test.find<RouteTree>("routes");
    const auto *model = qobject_cast<RouteModel *>(tree->model());
    const QAbstractItemModelTester tester(tree->model(), QAbstractItemModelTester::FailureReportingMode::QtTest);
    const QRect last = tree->visualRect(model->indexOf(delta).siblingAtColumn(RouteModel::NameColumn));
    const QRect first = tree->visualRect(model->indexOf(alpha).siblingAtColumn(RouteModel::NameColumn));
    drag(*tree, last.center(), QPoint(first.center().x(), first.top() + 1));
    const QStringList moved { delta, alpha, claude, beta };
    QTRY_COMPARE_WITH_TIMEOUT(namesIn(*test.engine().snapshot()), moved, pagePatience);
    QCOMPARE(namesInFile(test.path(QStringLiteral("config.json"))), moved);
    QTRY_COMPARE(shownOrder(*model).first(), QStringLiteral("OpenAI requests: delta, alpha, beta"));
    QCOMPARE(tree->selectedProvider(), delta);
    QTRY_COMPARE(test.console().undoStack().count(), 1);

    // On the heading of another group nothing happens.
    const QRect other = tree->visualRect(model->indexOf(claude).siblingAtColumn(RouteModel::NameColumn));
    drag(*tree, first.center(), QPoint(other.center().x(), other.bottom() - 1));
    QTest::qWait(300);
    QCOMPARE(namesIn(*test.engine().snapshot()), moved);
    QCOMPARE(test.console().undoStack().count(), 1);

    test.console().undoStack().undo();
    QTRY_COMPARE_WITH_TIMEOUT(namesIn(*test.engine().snapshot()), QStringList({ alpha, claude, beta, delta }),
                              pagePatience);
}

void TestRoutingPage::anotherGroupTakesNoDrop()
{
    SimulatedRoutes routes;
    addFour(routes);
    RoutesUnderTest test(routes.config());
    auto *model = qobject_cast<RouteModel *>(test.find<RouteTree>("routes")->model());
    const std::unique_ptr<QMimeData> data(model->mimeData({ model->indexOf(alpha) }));
    const QModelIndex own = model->index(0, 0);
    const QModelIndex other = model->index(1, 0);
    QVERIFY(model->canDropMimeData(data.get(), Qt::MoveAction, 2, 0, own));
    QVERIFY(!model->canDropMimeData(data.get(), Qt::MoveAction, 0, 0, other));
    QVERIFY(!model->canDropMimeData(data.get(), Qt::MoveAction, -1, -1, own));
    QVERIFY(!model->canDropMimeData(data.get(), Qt::CopyAction, 2, 0, own));
    QSignalSpy moves(model, &RouteModel::moveRequested);
    QVERIFY(!model->dropMimeData(data.get(), Qt::MoveAction, 1, 0, own)); // where it is
    QCOMPARE(moves.size(), 0);
    QVERIFY(!model->dropMimeData(data.get(), Qt::MoveAction, 2, 0, own)); // asks, but removes nothing here
    QCOMPARE(moves.size(), 1);
    QCOMPARE(moves.first().at(1).toInt(), 2);
}

void TestRoutingPage::showsTheStrategyThatRuns()
{
    SimulatedRoutes routes;
    addFour(routes);
    RoutesUnderTest test(routes.config());
    QVERIFY(test.start() > 0);
    auto *strategy = test.find<QComboBox>("strategy");
    QCOMPARE(strategy->currentText(), QStringLiteral("Failover order"));
    strategy->setFocus();
    QTest::keyClick(strategy, Qt::Key_Down);
    QTRY_COMPARE_WITH_TIMEOUT(test.engine().snapshot()->strategy, Strategy::Health, pagePatience);
    QTRY_COMPARE(strategy->currentText(), QStringLiteral("Health"));
    QVERIFY(test.text("strategyMeaning").contains(QStringLiteral("score")));
    QCOMPARE(loadConfig(test.path(QStringLiteral("config.json"))).config.proxy.strategy, Strategy::Health);
    QTRY_COMPARE(test.console().undoStack().count(), 1);
    test.console().undoStack().undo();
    QTRY_COMPARE_WITH_TIMEOUT(strategy->currentText(), QStringLiteral("Failover order"), pagePatience);
    QCOMPARE(test.engine().snapshot()->strategy, Strategy::Priority);
    // It was not in the file before, so it is not in it now.
    QCOMPARE(test.engine().snapshot()->origins.of(QStringLiteral("/proxy/strategy")), SettingOrigin::Default);

    // Somebody else changes it.
    test.engine().setStrategy(Strategy::Health);
    QTRY_COMPARE_WITH_TIMEOUT(strategy->currentText(), QStringLiteral("Health"), pagePatience);

    // A choice that the engine cannot take over is not shown as made.
    QFile file(test.path(QStringLiteral("config.json")));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write("{ no JSON") > 0);
    file.close();
    QSignalSpy failures(&test.console(), &Console::failed);
    QTest::keyClick(strategy, Qt::Key_Up);
    QTRY_COMPARE_WITH_TIMEOUT(failures.size(), 1, pagePatience);
    QCOMPARE(strategy->currentText(), QStringLiteral("Health"));
    QCOMPARE(test.engine().snapshot()->strategy, Strategy::Health);
    QCOMPARE(test.console().undoStack().index(), 0);
}

void TestRoutingPage::failoverAfterSendingIsSwitched()
{
    SimulatedRoutes routes;
    addFour(routes);
    RoutesUnderTest test(routes.config());
    QVERIFY(test.start() > 0);
    auto *box = test.find<QCheckBox>("failoverAfterSend");
    QVERIFY(box->isChecked());
    box->setFocus();
    QTest::keyClick(box, Qt::Key_Space);
    QTRY_VERIFY_WITH_TIMEOUT(!test.engine().snapshot()->config->proxy.failoverAfterSend, pagePatience);
    QTRY_VERIFY(!box->isChecked());
    QTRY_VERIFY(test.text("trySummary").contains(QStringLiteral("no other one is asked")));
    QVERIFY(!loadConfig(test.path(QStringLiteral("config.json"))).config.proxy.failoverAfterSend);
    test.console().undoStack().undo();
    QTRY_VERIFY_WITH_TIMEOUT(box->isChecked(), pagePatience);
}

void TestRoutingPage::editsModelsByKeyboard()
{
    SimulatedRoutes routes;
    addFour(routes);
    RoutesUnderTest test(routes.config());
    const quint16 port = test.start();
    auto *table = test.find<FlatTable>("models");
    const QAbstractItemModelTester tester(table->model(), QAbstractItemModelTester::FailureReportingMode::QtTest);
    const auto type = [](const QString &text) { QTest::keyClicks(QApplication::focusWidget(), text); };
    test.find<QPushButton>("addModel")->setFocus();
    test.press(Qt::Key_Space);
    QTRY_VERIFY(qobject_cast<QLineEdit *>(QApplication::focusWidget())); // it edits the new row
    type(QStringLiteral("gpt-4o"));
    const QPointer<QWidget> editor = QApplication::focusWidget();
    test.press(Qt::Key_Tab); // on to the provider's name
    QTRY_VERIFY(!editor && qobject_cast<QLineEdit *>(QApplication::focusWidget()));
    qobject_cast<QLineEdit *>(QApplication::focusWidget())->selectAll();
    type(QStringLiteral("big-model"));
    test.press(Qt::Key_Return);
    // The row for all goes.
    table->setFocus();
    table->setCurrentIndex(table->model()->index(0, 0));
    test.press(Qt::Key_Delete);
    QCOMPARE(table->model()->rowCount(), 1);
    QVERIFY(modelsOf(test.engine(), alpha).front().pattern == QLatin1String("*")); // a draft changes nothing
    test.find<QPushButton>("applyModels")->setFocus();
    test.press(Qt::Key_Space);
    const std::vector<ModelMapping> wanted { { QStringLiteral("gpt-4o"), QStringLiteral("big-model") } };
    QTRY_COMPARE_WITH_TIMEOUT(modelsOf(test.engine(), alpha), wanted, pagePatience);
    QCOMPARE(providerConfig(loadConfig(test.path(QStringLiteral("config.json"))).config, alpha)->models, wanted);
    QCOMPARE(SimulatedRoutes::servedBy(port, QStringLiteral("gpt-4o")), alpha);
    QCOMPARE(SimulatedRoutes::servedBy(port, QStringLiteral("other")), beta);
    const auto *routesShown = qobject_cast<RouteModel *>(test.find<RouteTree>("routes")->model());
    QTRY_COMPARE(cell(*routesShown, alpha, RouteModel::ModelsColumn), QStringLiteral("gpt-4o → big-model"));
    QTRY_COMPARE(test.console().undoStack().undoText(), QStringLiteral("models of alpha"));
    test.console().undoStack().undo();
    QTRY_COMPARE_WITH_TIMEOUT(modelsOf(test.engine(), alpha).front().pattern, QStringLiteral("*"), pagePatience);
    QTRY_COMPARE(table->model()->index(0, 0).data().toString(), QStringLiteral("*"));
}

void TestRoutingPage::editsModelsByMouse()
{
    SimulatedRoutes routes;
    routes.add(alpha, Dialect::OpenAi,
               { { QStringLiteral("models"),
                   QJsonObject { { QStringLiteral("a*"), QStringLiteral("one") },
                                 { QStringLiteral("ab*"), QStringLiteral("two") } } } });
    RoutesUnderTest test(routes.config());
    QVERIFY(test.start() > 0);
    auto *table = test.find<FlatTable>("models");
    QTRY_COMPARE(table->model()->rowCount(), 2);
    // Patterns go from the top, so the second one waits in vain.
    QVERIFY(table->model()->index(1, ModelRules::ProblemColumn).data().toString().contains(QStringLiteral("a*")));
    QTest::mouseClick(table->viewport(), Qt::LeftButton, {}, table->visualRect(table->model()->index(1, 0)).center());
    test.click("moveModelUp");
    QCOMPARE(table->model()->index(0, 0).data().toString(), QStringLiteral("ab*"));
    QVERIFY(table->model()->index(1, ModelRules::ProblemColumn).data().toString().isEmpty());
    QCOMPARE(table->selectedRow(), 0);
    test.click("applyModels");
    QTRY_COMPARE_WITH_TIMEOUT(modelsOf(test.engine(), alpha).front().target, QStringLiteral("two"), pagePatience);
    QTRY_VERIFY(!test.find<QPushButton>("applyModels")->isEnabled());
    test.click("removeModel");
    QCOMPARE(table->model()->rowCount(), 1);
    test.click("revertModels");
    QCOMPARE(table->model()->rowCount(), 2);
    QVERIFY(!test.find<QPushButton>("revertModels")->isEnabled());
}

void TestRoutingPage::saysWhatIsWrongWithAModel()
{
    ModelRules model;
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    const auto problem = [&model](int row) { return model.index(row, ModelRules::ProblemColumn).data().toString(); };
    model.setMappings({ { QStringLiteral("gpt-*"), QStringLiteral("*") },
                        { QStringLiteral("gpt-*"), QStringLiteral("x") },
                        { QStringLiteral("o1"), QStringLiteral("big-*") },
                        { QStringLiteral("gpt-4*"), QStringLiteral("y") },
                        { QStringLiteral("gpt-5"), QStringLiteral("y") },
                        { QStringLiteral("o3"), QString() } });
    QVERIFY(!model.isValid());
    QVERIFY(problem(0).isEmpty());
    QVERIFY(problem(1).contains(QStringLiteral("twice")));
    QVERIFY(problem(2).contains(QStringLiteral("one model's name")));
    QVERIFY(problem(3).contains(QStringLiteral("Never used")));
    QVERIFY(problem(4).isEmpty()); // an exact name goes first wherever it stands
    QVERIFY(problem(5).contains(QStringLiteral("keeps the client's name")));
    QCOMPARE(static_cast<LampShape>(model.index(1, ModelRules::ProblemColumn).data(ModelRules::LampRole).toInt()),
             LampShape::Square);
    QCOMPARE(static_cast<LampShape>(model.index(3, ModelRules::ProblemColumn).data(ModelRules::LampRole).toInt()),
             LampShape::Triangle);
    model.remove(1);
    QVERIFY(model.setData(model.index(1, ModelRules::TargetColumn), QStringLiteral(" big ")));
    QCOMPARE(model.mappings().at(1).target, QStringLiteral("big"));
    QVERIFY(model.setData(model.index(4, ModelRules::TargetColumn), QStringLiteral("*")));
    QVERIFY(model.isValid()); // what is never used is no error
    model.add();
    QVERIFY(!model.isValid());
    model.move(5, 0);
    QVERIFY(problem(0).contains(QStringLiteral("clients ask")));
    QCOMPARE(model.rowCount(), 6);
}

void TestRoutingPage::aDraftStaysWithItsProvider()
{
    SimulatedRoutes routes;
    addFour(routes);
    RoutesUnderTest test(routes.config());
    QVERIFY(test.start() > 0);
    auto *table = test.find<FlatTable>("models");
    auto *tree = test.find<RouteTree>("routes");
    QVERIFY(table->model()->setData(table->model()->index(0, 0), QStringLiteral("gpt-*")));
    QVERIFY(test.text("modelsHint").startsWith(QStringLiteral("Not applied")));
    tree->selectProvider(beta);
    QTRY_COMPARE(table->model()->index(0, 0).data().toString(), QStringLiteral("*"));
    tree->selectProvider(alpha);
    QTRY_COMPARE(table->model()->index(0, 0).data().toString(), QStringLiteral("gpt-*"));
    QVERIFY(test.page().stepBack()); // Esc
    QCOMPARE(table->model()->index(0, 0).data().toString(), QStringLiteral("*"));
    QVERIFY(!test.page().stepBack());
}

void TestRoutingPage::triesARequest()
{
    SimulatedRoutes routes;
    routes.add(alpha, Dialect::OpenAi,
               { { QStringLiteral("models"), QJsonObject { { QStringLiteral("gpt-*"), QStringLiteral("big") } } } });
    routes.add(claude, Dialect::Anthropic);
    routes.add(beta);
    routes.add(delta, Dialect::OpenAi, { { QStringLiteral("enabled"), false } });
    RoutesUnderTest test(routes.config());
    QVERIFY(test.start() > 0);
    QAbstractItemModel *candidates = test.find<FlatTable>("candidates")->model();
    const QAbstractItemModelTester tester(candidates);
    test.trigger("tryRequest");
    QCOMPARE(QApplication::focusWidget(), test.find<QLineEdit>("tryModel"));
    QTest::keyClicks(QApplication::focusWidget(), QStringLiteral("gpt-4o"));
    test.press(Qt::Key_Return);
    QTRY_COMPARE_WITH_TIMEOUT(candidate(*candidates, alpha).value(CandidateModel::ModelColumn), QStringLiteral("big"),
                              pagePatience);
    QCOMPARE(candidate(*candidates, alpha).first(), QStringLiteral("1"));
    QCOMPARE(candidate(*candidates, alpha).value(CandidateModel::DecisionColumn), QStringLiteral("Asked first"));
    QVERIFY(candidate(*candidates, alpha).value(CandidateModel::WaitColumn).startsWith(QStringLiteral("first byte")));
    QCOMPARE(candidate(*candidates, beta).value(CandidateModel::ModelColumn), QStringLiteral("gpt-4o"));
    QCOMPARE(candidate(*candidates, beta).value(CandidateModel::DecisionColumn), QStringLiteral("Next in line"));
    QCOMPARE(candidate(*candidates, claude).value(CandidateModel::DecisionColumn), QStringLiteral("Dropped"));
    QVERIFY(candidate(*candidates, claude).value(CandidateModel::WhyColumn).contains(QStringLiteral("dialect")));
    QVERIFY(candidate(*candidates, delta).value(CandidateModel::WhyColumn).contains(QStringLiteral("disabled")));
    QVERIFY(test.text("trySummary").contains(QStringLiteral("alpha would be asked first")));

    // A model that only the second one serves.
    test.find<QLineEdit>("tryModel")->setText(QStringLiteral("o1"));
    QTRY_COMPARE_WITH_TIMEOUT(candidate(*candidates, beta).first(), QStringLiteral("1"), pagePatience);
    QVERIFY(candidate(*candidates, alpha).value(CandidateModel::WhyColumn).contains(QStringLiteral("model")));

    // What the engine would do changes as its state does.
    ProviderCommand command;
    command.kind = ProviderCommand::Kind::ForceOpen;
    command.provider = beta;
    test.engine().command(command);
    QTRY_VERIFY_WITH_TIMEOUT(
        candidate(*candidates, beta).value(CandidateModel::WhyColumn).contains(QStringLiteral("operator")),
        pagePatience);

    // How long it is waited for, and what is refused before anyone is asked.
    command.kind = ProviderCommand::Kind::Auto;
    test.engine().command(command);
    test.click("tryStream");
    QTRY_COMPARE_WITH_TIMEOUT(candidate(*candidates, beta).value(CandidateModel::WaitColumn), QStringLiteral("10 min"),
                              pagePatience);
    test.find<QSpinBox>("trySize")->setValue(65 * 1024);
    QTRY_VERIFY(test.text("trySummary").contains(QStringLiteral("limits.bodyBytes")));
    test.find<QSpinBox>("trySize")->setValue(16);

    auto *endpoint = test.find<QComboBox>("tryEndpoint");
    endpoint->setCurrentIndex(endpoint->findText(QStringLiteral("Anthropic messages/count_tokens")));
    QTRY_COMPARE_WITH_TIMEOUT(candidate(*candidates, claude).value(CandidateModel::DecisionColumn),
                              QStringLiteral("Asked first"), pagePatience);
    QCOMPARE(candidate(*candidates, claude).value(CandidateModel::WaitColumn), QStringLiteral("30 s"));
    QVERIFY(!test.find<QCheckBox>("tryStream")->isEnabled());
}

void TestRoutingPage::warnsWhereNoFallbackIsLeft()
{
    SimulatedRoutes routes;
    routes.add(alpha, Dialect::OpenAi,
               { { QStringLiteral("models"),
                   QJsonObject { { QStringLiteral("gpt-4o"), QStringLiteral("*") },
                                 { QStringLiteral("o1"), QStringLiteral("*") } } } });
    routes.add(beta, Dialect::OpenAi,
               { { QStringLiteral("models"), QJsonObject { { QStringLiteral("gpt-4o"), QStringLiteral("*") } } } });
    RoutesUnderTest test(routes.config());
    QVERIFY(test.start() > 0);
    auto *notice = test.find<QFrame>("noFallback");
    QTRY_COMPARE_WITH_TIMEOUT(test.text("noFallbackText"),
                              QStringLiteral("No fallback left for model o1: only alpha can take it."), pagePatience);
    QVERIFY(notice->isVisible());
    ProviderCommand command;
    command.kind = ProviderCommand::Kind::Disable;
    command.provider = beta;
    test.engine().command(command);
    // What holds for all is said once.
    QTRY_COMPARE_WITH_TIMEOUT(test.text("noFallbackText"),
                              QStringLiteral("No fallback left for OpenAI requests: only alpha can take it."),
                              pagePatience);
    command.provider = alpha;
    test.engine().command(command);
    QTRY_COMPARE_WITH_TIMEOUT(test.text("noFallbackText"), QStringLiteral("No provider left for OpenAI requests."),
                              pagePatience);
    command.kind = ProviderCommand::Kind::Enable;
    test.engine().command(command);
    command.provider = beta;
    test.engine().command(command);
    test.engine().setModels(beta, { { QStringLiteral("*"), QStringLiteral("*") } });
    QTRY_VERIFY_WITH_TIMEOUT(!notice->isVisible(), pagePatience);
}

void TestRoutingPage::simulatedProvidersAreFixed()
{
    RoutesUnderTest test;
    QVERIFY(test.start() > 0);
    auto *tree = test.find<RouteTree>("routes");
    const auto *model = qobject_cast<RouteModel *>(tree->model());
    QTRY_COMPARE(model->rowCount(), 1); // each of them takes all three
    QCOMPARE(model->rowCount(model->index(0, 0)), 5);
    QVERIFY(!test.find<QAction>("moveRouteDown")->isEnabled());
    QVERIFY(!(model->flags(model->index(0, 0, model->index(0, 0))) & Qt::ItemIsDragEnabled));
    QVERIFY(!test.find<QPushButton>("addModel")->isEnabled());
    QVERIFY(test.text("modelsHint").contains(QStringLiteral("fixed")));
    QTRY_VERIFY_WITH_TIMEOUT(test.find<FlatTable>("candidates")->model()->rowCount() == 5, pagePatience);
}

void TestRoutingPage::summariesOfModels()
{
    const auto pair = [](const char *pattern, const char *target) {
        return ModelMapping { QString::fromLatin1(pattern), QString::fromLatin1(target) };
    };
    QCOMPARE(modelsSummary({ pair("*", "*") }), QStringLiteral("all, unchanged"));
    QCOMPARE(modelsSummary({}), QStringLiteral("none"));
    QCOMPARE(modelsSummary({ pair("gpt-*", "big"), pair("o1", "o1"), pair("*", "*") }),
             QStringLiteral("gpt-* → big, o1 unchanged, all others unchanged"));
    QVERIFY(coversPattern(QStringLiteral("a*"), QStringLiteral("ab*")));
    QVERIFY(!coversPattern(QStringLiteral("ab*"), QStringLiteral("a*")));
    QVERIFY(coversPattern(QStringLiteral("*b*"), QStringLiteral("ab*c")));
    QVERIFY(!coversPattern(QStringLiteral("a.b"), QStringLiteral("axb"))); // only the star is special
}

QTEST_MAIN(TestRoutingPage)
#include "tst_routingpage.moc"
