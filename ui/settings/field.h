// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QGridLayout;
class QHBoxLayout;
class QLabel;

namespace signalbox {

class Appearance;
class LampWidget;

/// What a setting is called and how it is found.
struct FieldText
{
    QString objectName; ///< of its control; the note beside it: with "Note" at its end
    QString label; ///< with its mnemonic
    QString explanation;
    QString keywords; ///< further words by which the search finds it
};

/// One setting: its name, its control, and a line that explains it, or says what is wrong or why it cannot be changed.
class Field : public QWidget
{
    Q_OBJECT

public:
    Field(const FieldText &text, const Appearance &appearance, QWidget *parent = nullptr);

    /// Its name, as the search shows it.
    QString title() const;
    bool answersTo(const QString &typed) const;
    /// Puts the focus on its control.
    void focusControl();
    QString problem() const { return m_problem; }

    /// The newest snapshot, or the engine does not answer any more.
    virtual void refresh() { }

protected:
    /// A check box says the name itself; any other control gets a label.
    void setControl(QWidget *control);
    void addBeside(QWidget *widget);
    /// Across the whole width, below the control.
    void addBelow(QWidget *widget);
    QWidget *control() const { return m_control; }

    void setExplanation(const QString &text);
    /// Empty: nothing is wrong (any more).
    void setProblem(const QString &text);
    /// Empty: it can be changed.
    void setFixed(const QString &reason);
    bool isFixed() const { return !m_fixed.isEmpty(); }
    void setSaved(bool saved);

private:
    void showNote();

    FieldText m_text;
    QString m_problem;
    QString m_fixed;
    bool m_saved = false;
    QWidget *m_control = nullptr;
    QGridLayout *m_grid;
    QHBoxLayout *m_row;
    LampWidget *m_lamp;
    QLabel *m_note;
};

/// Every word that was typed is somewhere in the text.
bool holdsAll(const QString &text, const QString &typed);

} // namespace signalbox
