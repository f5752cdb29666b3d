// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/windowundertest.h"

#include "ui/wall/providertable.h"

#include <QAbstractButton>
#include <QAction>
#include <QDialog>
#include <QFile>
#include <QLabel>
#include <QSaveFile>
#include <QTest>

namespace signalbox {

QByteArray twoProviders(const QByteArray &more, const QByteArray &proxy)
{
    const QByteArray members = proxy.isEmpty() ? QByteArray(R"("port":0,"token":null)") : proxy;
    return R"({"version":1,"proxy":{)" + members + R"(},"health":{"intervalMs":3600000},)" + more + R"("providers":[
        {"name":"alpha","dialect":"openai","baseUrl":"http://127.0.0.1:9/v1","key":null},
        {"name":"beta","dialect":"anthropic","baseUrl":"http://127.0.0.1:9","key":null}]})";
}

WindowUnderTest::WindowUnderTest(const QByteArray &config, const WindowParts &parts)
{
    writeConfig(config);
    EngineOptions options;
    for (const QString &variable : parts.environment) {
        const qsizetype at = variable.indexOf(QLatin1Char('='));
        options.overlay.environment.insert(variable.left(at), variable.mid(at + 1));
    }
    options.configPath = configPath();
    options.dataDirectory = parts.dataDirectory;
    options.keychain = parts.keychain;
    options.config = loadConfig(options.configPath, options.overlay);
    if (!options.config.ok())
        qFatal("%s", qPrintable(options.config.errorText()));
    open(std::move(options));
}

std::unique_ptr<WindowUnderTest> WindowUnderTest::demo(const QString &dataDirectory)
{
    std::unique_ptr<WindowUnderTest> made(new WindowUnderTest);
    EngineOptions options;
    options.overlay.port = 0;
    options.config = loadConfig(made->configPath(), options.overlay);
    options.config.config.proxy.token.reset();
    options.dataDirectory = dataDirectory;
    options.demo = true;
    made->open(std::move(options));
    return made;
}

void WindowUnderTest::open(EngineOptions options)
{
    m_engine = createEngine(std::move(options));
    m_window = std::make_unique<MainWindow>(*m_engine, m_appearance, [this] { return m_now; });
    m_window->resize(1280, 720);
    m_window->show();
}

QString WindowUnderTest::configPath() const
{
    return m_directory.filePath(QStringLiteral("config.json"));
}

QByteArray WindowUnderTest::configText() const
{
    QFile file(configPath());
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void WindowUnderTest::writeConfig(const QByteArray &text) const
{
    QSaveFile file(configPath());
    if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size() || !file.commit())
        qFatal("cannot write %s", qPrintable(configPath()));
}

void WindowUnderTest::advance(std::chrono::milliseconds by)
{
    m_now += by;
    m_window->checkAge();
}

QString WindowUnderTest::text(const char *name) const
{
    if (const auto *button = find<QAbstractButton>(name))
        return button->text();
    const auto *label = find<QLabel>(name);
    return label ? label->text() : QString();
}

QString WindowUnderTest::cell(const QString &provider, int column) const
{
    const auto *table = find<ProviderTable>("providers");
    const QAbstractItemModel *model = table->model();
    for (int row = 0; row < model->rowCount(); ++row) {
        if (model->index(row, ProviderModel::NameColumn).data().toString() == provider)
            return model->index(row, column).data().toString().replace(QChar(0x202F), QLatin1Char(' '));
    }
    return {};
}

void WindowUnderTest::select(const QString &provider) const
{
    auto *table = find<ProviderTable>("providers");
    for (int row = 0; row < table->model()->rowCount(); ++row) {
        if (table->model()->index(row, ProviderModel::NameColumn).data().toString() == provider)
            table->selectRow(row);
    }
}

void WindowUnderTest::trigger(const char *action) const
{
    find<QAction>(action)->trigger();
}

void WindowUnderTest::click(const char *button) const
{
    QTest::mouseClick(find<QWidget>(button), Qt::LeftButton);
}

QDialog *WindowUnderTest::dialog() const
{
    for (QDialog *dialog : m_window->findChildren<QDialog *>()) {
        if (dialog->isVisible())
            return dialog;
    }
    return nullptr;
}

} // namespace signalbox
