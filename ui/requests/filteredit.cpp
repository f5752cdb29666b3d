// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/requests/filteredit.h"

#include "ui/style/appearance.h"

#include <QAbstractItemView>
#include <QCompleter>
#include <QInputMethodEvent>
#include <QKeyEvent>
#include <QTextCharFormat>

namespace signalbox {

FilterEdit::FilterEdit(const Appearance &appearance, QWidget *parent)
    : QLineEdit(parent), m_appearance(appearance), m_completer(new QCompleter(this))
{
    setClearButtonEnabled(true);
    setPlaceholderText(tr("Filter: status:5xx provider:openai ttft>2s \"text\" -term"));
    setAccessibleName(tr("Filter"));
    setAccessibleDescription(tr("Terms parted by spaces; all must hold. A minus before a term negates it."));
    m_completer->setModel(&m_offers);
    m_completer->setWidget(this); // not setCompleter(): that replaces the whole line
    m_completer->setCompletionMode(QCompleter::UnfilteredPopupCompletion);
    m_completer->popup()->setAccessibleName(tr("Completions of the filter"));
    connect(m_completer, qOverload<const QString &>(&QCompleter::activated), this, &FilterEdit::insert);
    connect(this, &QLineEdit::textChanged, this, &FilterEdit::check);
    connect(this, &QLineEdit::textEdited, this, &FilterEdit::complete);
    connect(this, &QLineEdit::cursorPositionChanged, this, &FilterEdit::underline);
    connect(&appearance, &Appearance::themeChanged, this, &FilterEdit::underline);
}

qsizetype FilterEdit::wordStart() const
{
    qsizetype start = cursorPosition();
    while (start > 0 && !text().at(start - 1).isSpace())
        --start;
    return start;
}

void FilterEdit::complete()
{
    const QString word = text().mid(wordStart(), cursorPosition() - wordStart());
    QStringList offers = Filter::completions(text(), cursorPosition(), m_values);
    offers.removeAll(word);
    if (offers.isEmpty()) {
        m_completer->popup()->hide();
        return;
    }
    m_offers.setStringList(offers);
    m_completer->complete();
}

void FilterEdit::insert(const QString &completion)
{
    const qsizetype start = wordStart();
    const bool needsValue = completion.endsWith(QLatin1Char(':')) || completion.endsWith(QLatin1Char('>')) ||
        completion.endsWith(QLatin1Char('<'));
    const QString after = text().mid(cursorPosition());
    const bool parted = after.startsWith(QLatin1Char(' '));
    const QString word = needsValue || parted ? completion : QString(completion + QLatin1Char(' '));
    setText(text().left(start) + word + after);
    setCursorPosition(static_cast<int>(start + word.size()));
    if (needsValue)
        complete();
}

void FilterEdit::keyPressEvent(QKeyEvent *event)
{
    const bool popup = m_completer->popup()->isVisible();
    if (popup && (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter || event->key() == Qt::Key_Tab)) {
        event->ignore(); // the popup takes it
        return;
    }
    if (!popup && event->key() == Qt::Key_Down) {
        complete();
        return;
    }
    QLineEdit::keyPressEvent(event);
}

void FilterEdit::check()
{
    m_problem = Filter::problemIn(text());
    underline();
}

/// A line edit can show formats only as part of an input method's text, where their places count from the cursor.
void FilterEdit::underline()
{
    QList<QInputMethodEvent::Attribute> attributes;
    if (m_problem) {
        QTextCharFormat format;
        format.setUnderlineStyle(QTextCharFormat::WaveUnderline);
        format.setUnderlineColor(m_appearance.theme().lampCritical);
        format.setForeground(m_appearance.theme().text);
        attributes.append({ QInputMethodEvent::TextFormat, static_cast<int>(m_problem->position) - cursorPosition(),
                            static_cast<int>(m_problem->length), format });
    }
    QInputMethodEvent event(QString(), attributes);
    inputMethodEvent(&event);
}

} // namespace signalbox
