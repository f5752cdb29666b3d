// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/generalsection.h"

#include "ui/page/answer.h"
#include "ui/page/background.h"
#include "ui/page/preferences.h"
#include "ui/settings/autostart.h"
#include "ui/settings/preferencefields.h"
#include "ui/style/card.h"

#include <QCheckBox>
#include <QPointer>
#include <QSystemTrayIcon>
#include <QUndoCommand>
#include <QUndoStack>

namespace signalbox {

namespace {

/// Whether Signalbox starts with the session. The entry may be changed by others, so it is read whenever it is shown.
class LoginField : public Field
{
public:
    LoginField(Console &console, QWidget *parent = nullptr)
        : Field({ QStringLiteral("startAtLogin"), GeneralSection::tr("Start when I &log in"),
                  GeneralSection::tr("Minimized, so that the proxy is there before the first tool asks for it."),
                  GeneralSection::tr("autostart boot session desktop") },
                console.appearance(), parent),
          m_console(console), m_box(new QCheckBox(this)),
          m_autostart(Autostart::ofThisProgram(console.snapshot()->configPath))
    {
        setControl(m_box);
        connect(m_box, &QCheckBox::clicked, this,
                [this](bool on) { m_console.undoStack().push(new Command(this, title(), on)); });
    }

    void refresh() override
    {
        onAnswer(inBackground([autostart = m_autostart] { return autostart.isOn(); }), this, [this](bool on) {
            if (m_writing == 0)
                m_box->setChecked(on);
        });
    }

private:
    class Command : public QUndoCommand
    {
    public:
        Command(LoginField *field, const QString &text, bool on) : QUndoCommand(text), m_field(field), m_on(on) { }
        void redo() override { write(m_on); }
        void undo() override { write(!m_on); }

    private:
        void write(bool on) const
        {
            if (m_field)
                m_field->write(on);
        }

        QPointer<LoginField> m_field;
        bool m_on;
    };

    void write(bool on)
    {
        ++m_writing;
        setProblem({});
        onAnswer(inBackground([autostart = m_autostart, on] { return autostart.setOn(on); }), this,
                 [this](const Status &status) {
                     --m_writing;
                     if (!status)
                         setProblem(status.error().reason);
                     refresh();
                 });
    }

    Console &m_console;
    QCheckBox *m_box;
    Autostart m_autostart;
    int m_writing = 0;
};

QString whyNoTray()
{
    return QSystemTrayIcon::isSystemTrayAvailable()
        ? QString()
        : GeneralSection::tr("This desktop shows no tray, so a closed window could not be brought back.");
}

} // namespace

GeneralSection::GeneralSection(Console &console, QWidget *parent)
    : Section(QStringLiteral("general"), tr("General"), console, parent)
{
    addStart();
    addLooks();
    addRequests();
}

void GeneralSection::addStart()
{
    Card *card = addCard(tr("Starting and closing"));
    add(card, new LoginField(console()));
    add(card,
        new PreferenceCheck(console(),
                            { QStringLiteral("startMinimized"), tr("Start &minimized"),
                              tr("The proxy serves at once; the window waits in the task bar."), tr("hidden window") },
                            { &Preferences::startMinimized, &Preferences::setStartMinimized }));
    add(card,
        new PreferenceCheck(console(),
                            { QStringLiteral("closeToTray"), tr("&Keep running in the tray when the window is closed"),
                              tr("Ctrl+Q quits in any case."), tr("quit background icon") },
                            { &Preferences::closeToTray, &Preferences::setCloseToTray, whyNoTray }));
}

void GeneralSection::addLooks()
{
    Card *card = addCard(tr("Looks"));
    add(card, new SchemeField(console()));
    add(card,
        new PreferenceCheck(console(),
                            { QStringLiteral("reduceMotion"), tr("&Reduce motion"),
                              tr("The alarm strip's glyph does not flash; its shape and words say the same."),
                              tr("flash blink animation accessibility") },
                            { &Preferences::reduceMotion, &Preferences::setReduceMotion }));
}

void GeneralSection::addRequests()
{
    Card *card = addCard(tr("List of requests"));
    add(card, new ListSizeField(console()));
    add(card,
        new PreferenceCheck(console(),
                            { QStringLiteral("showOwnTraffic"), tr("Show this co&nsole's own requests"),
                              tr("Such as the test of the Connect page. Health checks have their own switch below "
                                 "the list; calls of /metrics are never in it."),
                              tr("probes test traffic") },
                            { &Preferences::showOwnTraffic, &Preferences::setShowOwnTraffic }));
}

} // namespace signalbox
