// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/field.h"

#include "ui/style/lamp.h"

#include <QCheckBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QStyle>

#include <algorithm>

namespace signalbox {

namespace {

constexpr int labelWidth = 184;

QString withoutMnemonic(QString label)
{
    const QString kept = QStringLiteral("\n");
    label.replace(QLatin1String("&&"), kept).remove(QLatin1Char('&'));
    return label.replace(kept, QLatin1String("&"));
}

} // namespace

Field::Field(const FieldText &text, const Appearance &appearance, QWidget *parent)
    : QWidget(parent), m_text(text), m_grid(new QGridLayout(this)), m_row(new QHBoxLayout),
      m_lamp(new LampWidget(appearance, this)), m_note(new QLabel(this))
{
    m_lamp->setShape(LampShape::Triangle);
    m_note->setObjectName(m_text.objectName + QStringLiteral("Note"));
    m_note->setWordWrap(true);
    m_note->setTextFormat(Qt::PlainText);
    m_note->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_row->setSpacing(8);
    auto *note = new QHBoxLayout;
    note->setSpacing(8);
    note->addWidget(m_lamp, 0, Qt::AlignTop);
    note->addWidget(m_note, 1);
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setHorizontalSpacing(16);
    m_grid->setVerticalSpacing(4);
    m_grid->setColumnMinimumWidth(0, labelWidth);
    m_grid->setColumnStretch(1, 1);
    m_grid->addLayout(m_row, 0, 1);
    m_grid->addLayout(note, 1, 1);
}

QString Field::title() const
{
    return withoutMnemonic(m_text.label);
}

bool Field::answersTo(const QString &typed) const
{
    return holdsAll(title() + QLatin1Char('\n') + m_text.explanation + QLatin1Char('\n') + m_text.keywords, typed);
}

void Field::focusControl()
{
    if (m_control)
        m_control->setFocus(Qt::ShortcutFocusReason);
}

void Field::setControl(QWidget *control)
{
    m_control = control;
    control->setObjectName(m_text.objectName);
    if (control->accessibleName().isEmpty())
        control->setAccessibleName(title());
    if (auto *check = qobject_cast<QCheckBox *>(control)) {
        check->setText(m_text.label);
        m_grid->addWidget(check, 0, 0, 1, 2, Qt::AlignLeft);
        // The note begins where the words of the box do.
        const int indent =
            style()->pixelMetric(QStyle::PM_IndicatorWidth) + style()->pixelMetric(QStyle::PM_CheckBoxLabelSpacing);
        QLayoutItem *note = m_grid->itemAtPosition(1, 1);
        m_grid->removeItem(note);
        note->layout()->setContentsMargins(indent, 0, 0, 0);
        m_grid->addItem(note, 1, 0, 1, 2);
    } else {
        auto *label = new QLabel(m_text.label, this);
        label->setBuddy(control);
        label->setWordWrap(true);
        m_grid->addWidget(label, 0, 0);
        m_row->addWidget(control);
        m_row->addStretch(1);
    }
    showNote();
}

void Field::addBeside(QWidget *widget)
{
    m_row->insertWidget(m_row->count() - 1, widget);
}

void Field::addBelow(QWidget *widget)
{
    m_grid->addWidget(widget, m_grid->rowCount(), 1);
}

void Field::setExplanation(const QString &text)
{
    m_text.explanation = text;
    showNote();
}

void Field::setProblem(const QString &text)
{
    m_problem = text;
    if (!text.isEmpty())
        m_saved = false;
    showNote();
}

void Field::setFixed(const QString &reason)
{
    if (m_fixed == reason)
        return;
    m_fixed = reason;
    showNote();
}

void Field::setSaved(bool saved)
{
    m_saved = saved;
    showNote();
}

void Field::showNote()
{
    QString text = m_text.explanation;
    if (!m_problem.isEmpty())
        text = m_problem;
    else if (!m_fixed.isEmpty())
        text = m_fixed;
    else if (m_saved)
        text = tr("Applied and saved. %1").arg(m_text.explanation);
    m_lamp->setVisible(!m_problem.isEmpty());
    m_note->setVisible(!text.isEmpty());
    // An error is read at full strength, an explanation stands back.
    m_note->setForegroundRole(m_problem.isEmpty() ? QPalette::PlaceholderText : QPalette::WindowText);
    if (m_note->text() == text)
        return;
    m_note->setText(text);
    if (m_control)
        m_control->setAccessibleDescription(text);
}

bool holdsAll(const QString &text, const QString &typed)
{
    const QStringList words = typed.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    return !words.isEmpty() && std::all_of(words.begin(), words.end(), [&text](const QString &word) {
        return text.contains(word, Qt::CaseInsensitive);
    });
}

} // namespace signalbox
