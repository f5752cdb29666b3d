// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/tokenfield.h"

#include "ui/page/commanddialog.h"
#include "ui/page/secretclipboard.h"
#include "ui/page/undoable.h"
#include "ui/settings/configfield.h"

#include <QFontDatabase>
#include <QLineEdit>
#include <QPushButton>

namespace signalbox {

namespace {

const QString tokenPlace = QStringLiteral("/proxy/token");
const QString dots = QString(24, QChar(0x2022));

FieldText tokenText()
{
    return { QStringLiteral("accessToken"), TokenField::tr("Access &token"),
             TokenField::tr("What a tool sends as its API key. It is no provider's key and leaves this machine never."),
             TokenField::tr("API key password secret copy regenerate") };
}

/// A new token; taken back, tools with the old one are let in again.
UndoableChange newToken(Console &console, const QString &text)
{
    const Secret old = console.engine().accessToken();
    return { text, [](Engine &engine) { return engine.regenerateToken(); },
             [old](Engine &engine) {
                 const QJsonValue value =
                     old.isEmpty() ? QJsonValue(QJsonValue::Null) : QJsonValue(QString::fromLatin1(old.reveal()));
                 return engine.applyEdits({ { tokenPlace, value } });
             } };
}

UndoableChange noToken(Console &console)
{
    UndoableChange change = newToken(console, TokenField::tr("require no access token"));
    change.make = [](Engine &engine) { return engine.applyEdits({ { tokenPlace, QJsonValue::Null } }); };
    return change;
}

CommandQuestion openQuestion()
{
    CommandQuestion question;
    question.title = TokenField::tr("Require no access token?");
    question.consequence =
        TokenField::tr("Every program of every user of this machine can then use your providers' keys.");
    question.verb = TokenField::tr("Require none");
    return question;
}

} // namespace

TokenField::TokenField(Console &console, QWidget *parent)
    : Field(tokenText(), console.appearance(), parent), m_console(console), m_line(new QLineEdit(this))
{
    m_line->setReadOnly(true);
    m_line->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_line->setMinimumWidth(200);
    setControl(m_line);
    m_show = addButton(tr("&Show"), "showToken");
    m_show->setCheckable(true);
    m_copy = addButton(tr("&Copy"), "copyTokenInSettings");
    m_regenerate = addButton(tr("Re&generate…"), "regenerateToken");
    connect(m_show, &QPushButton::toggled, this, &TokenField::refresh);
    connect(m_copy, &QPushButton::clicked, this, &TokenField::copy);
    connect(m_regenerate, &QPushButton::clicked, this, &TokenField::askToRegenerate);
    refresh();
}

QPushButton *TokenField::addButton(const QString &text, const char *objectName)
{
    auto *button = new QPushButton(text, this);
    button->setObjectName(QLatin1String(objectName));
    addBeside(button);
    return button;
}

void TokenField::refresh()
{
    const bool required = m_console.snapshot()->listener.tokenRequired;
    const bool stale = m_console.age().isStale();
    if (!required)
        m_show->setChecked(false);
    const Secret token = required && m_show->isChecked() ? m_console.engine().accessToken() : Secret();
    const QString text = !required ? tr("none required")
        : m_show->isChecked()      ? QString::fromLatin1(token.reveal())
                                   : dots;
    if (m_line->text() != text)
        m_line->setText(text);
    m_line->setCursorPosition(0);
    m_line->setEnabled(required);
    m_show->setEnabled(required);
    m_copy->setEnabled(required);
    m_regenerate->setEnabled(required && !stale);
}

void TokenField::hideEvent(QHideEvent *event)
{
    m_show->setChecked(false); // nobody who comes by later should see it
    Field::hideEvent(event);
}

void TokenField::copy()
{
    copySecret(m_console.engine().accessToken());
    m_console.tell(tr("Access token copied."));
}

void TokenField::askToRegenerate()
{
    CommandQuestion question;
    question.title = tr("Make a new access token?");
    question.consequence =
        tr("Tools that send the old one are refused from then on, until they get the new one. The Connect page shows "
           "what to set in each of them.");
    question.verb = tr("Regenerate");
    auto *dialog = new CommandDialog(question, window());
    connect(dialog, &QDialog::accepted, this, &TokenField::regenerate);
    dialog->open();
}

void TokenField::regenerate()
{
    setProblem({});
    makeUndoable(m_console, newToken(m_console, tr("make a new access token")),
                 [this, self = QPointer<TokenField>(this)](const Status &status) {
                     if (!self)
                         return;
                     if (!status)
                         setProblem(tr("No new token was made: %1").arg(refusal(status.error(), tokenPlace)));
                     setSaved(bool(status));
                     m_console.refresh();
                     refresh();
                 });
}

Field *makeTokenRequiredField(Console &console)
{
    return new ConfigCheck(
        console,
        { QStringLiteral("tokenRequired"), TokenField::tr("Re&quire an access token"),
          TokenField::tr("Off: every program on this machine may use the proxy without one."),
          TokenField::tr("security authentication") },
        { tokenPlace, [&console](const Config &) { return console.snapshot()->listener.tokenRequired; },
          [](bool on) { return on ? std::nullopt : std::optional(openQuestion()); },
          [&console](bool on) {
              return on ? newToken(console, TokenField::tr("require an access token")) : noToken(console);
          } });
}

} // namespace signalbox
