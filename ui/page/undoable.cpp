// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/page/undoable.h"

#include "ui/page/answer.h"
#include "ui/page/console.h"

#include <QUndoCommand>
#include <QUndoStack>

namespace signalbox {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("Undoable", text);
}

/// Pushed when the engine has made the change, so that the stack holds nothing that did not happen.
class EngineCommand : public QUndoCommand
{
public:
    EngineCommand(Console &console, const UndoableChange &change)
        : QUndoCommand(change.text), m_console(console), m_change(change)
    {
    }

    void redo() override
    {
        if (m_made)
            ask(m_change.make, tr("Done again: %1"), tr("“%1” was not done again: %2"));
        m_made = true;
    }
    void undo() override { ask(m_change.takeBack, tr("Taken back: %1"), tr("“%1” was not taken back: %2")); }

private:
    void ask(const UndoableChange::Call &call, const QString &success, const QString &failure) const
    {
        onAnswer(call(m_console.engine()), &m_console,
                 [&console = m_console, text = text(), success, failure](const Status &status) {
                     if (status)
                         console.tell(success.arg(text));
                     else
                         console.reportFailure(failure.arg(text, status.error().reason));
                 });
    }

    Console &m_console;
    UndoableChange m_change;
    bool m_made = false; ///< its first redo() is the push
};

} // namespace

void makeUndoable(Console &console, const UndoableChange &change, std::function<void(const Status &)> done)
{
    onAnswer(change.make(console.engine()), &console, [&console, change, done = std::move(done)](const Status &status) {
        if (status)
            console.undoStack().push(new EngineCommand(console, change));
        else if (!done)
            console.reportFailure(tr("“%1” failed: %2").arg(change.text, status.error().reason));
        if (done)
            done(status);
    });
}

UndoableChange settingChange(const EngineSnapshot &snapshot, const QString &text, const QString &place,
                             const QJsonValue &before, const QJsonValue &after)
{
    const bool wasInFile = snapshot.origins.of(place) == SettingOrigin::File;
    const QJsonValue old = wasInFile ? before : QJsonValue(QJsonValue::Undefined);
    return { text,
             [place, after](Engine &engine) {
                 return engine.applyEdits({ { place, after } });
             },
             [place, old](Engine &engine) {
                 return engine.applyEdits({ { place, old } });
             } };
}

} // namespace signalbox
