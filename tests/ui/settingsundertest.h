// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/integration/engineundertest.h"
#include "tests/ui/pageundertest.h"
#include "ui/settings/settingspage.h"

#include <QDirIterator>
#include <QUndoStack>

namespace signalbox {

/// The settings on an engine of their own, at one of its sections.
class SettingsUnderTest : public PageUnderTest<SettingsPage>
{
public:
    explicit SettingsUnderTest(const QByteArray &config, const QString &section,
                               std::shared_ptr<Keychain> keychain = std::make_shared<test::FakeKeychain>(),
                               const QProcessEnvironment &environment = {})
        : PageUnderTest(config, std::move(keychain), environment)
    {
        open(section);
    }

    void open(const QString &section, const QString &provider = {})
    {
        PageTarget target;
        target.page = PageId::Settings;
        target.item = section;
        target.provider = provider;
        page().goTo(target);
    }
    const Config &config() { return *engine().snapshot()->config; }
    /// A change can be seen before the console has the answer that makes it undoable.
    void undo()
    {
        (void)QTest::qWaitFor([this] { return console().undoStack().canUndo(); }, pagePatience);
        console().undoStack().undo();
    }
    void redo() { console().undoStack().redo(); }
    /// Presses Tab until that control has the focus.
    bool tabTo(const char *name) const
    {
        const QWidget *wanted = find<QWidget>(name);
        for (int presses = 0; presses < 200 && QApplication::focusWidget() != wanted; ++presses)
            press(Qt::Key_Tab);
        return QApplication::focusWidget() == wanted;
    }
    void type(const QString &text) const { QTest::keyClicks(QApplication::focusWidget(), text); }
    /// The dialog that asks.
    QDialog *question() const
    {
        (void)QTest::qWaitFor([] { return visibleDialog() != nullptr; }, pagePatience);
        return visibleDialog();
    }
    void confirm() const
    {
        if (QDialog *dialog = question())
            QTest::mouseClick(dialog->findChild<QWidget *>(QStringLiteral("verb")), Qt::LeftButton);
    }

    /// Everywhere the engine and the console write: files with the text in them.
    QStringList filesWith(const QByteArray &secret) const
    {
        QStringList found;
        for (const QString &root : { path(QString()), QFileInfo(QSettings().fileName()).path() }) {
            QDirIterator files(root, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
            while (files.hasNext()) {
                QFile file(files.next());
                if (file.open(QIODevice::ReadOnly) && file.readAll().contains(secret))
                    found.append(file.fileName());
            }
        }
        return found;
    }
    /// Every property of every widget, and what can be undone: names of those with the text in them.
    QStringList widgetsWith(const QString &secret)
    {
        QStringList found;
        for (const QWidget *widget : QApplication::allWidgets()) {
            const QMetaObject *meta = widget->metaObject();
            for (int i = 0; i < meta->propertyCount(); ++i) {
                if (meta->property(i).read(widget).toString().contains(secret))
                    found.append(widget->objectName() + QLatin1Char('.') + QLatin1String(meta->property(i).name()));
            }
        }
        const QUndoStack &stack = console().undoStack();
        for (int i = 0; i < stack.count(); ++i) {
            if (stack.text(i).contains(secret))
                found.append(stack.text(i));
        }
        return found;
    }

private:
    static QDialog *visibleDialog()
    {
        for (QWidget *widget : QApplication::topLevelWidgets()) {
            if (auto *dialog = qobject_cast<QDialog *>(widget); dialog && dialog->isVisible())
                return dialog;
        }
        return nullptr;
    }
};

} // namespace signalbox
