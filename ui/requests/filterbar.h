// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/requestmodel.h"

#include <QTimer>
#include <QWidget>

class QHBoxLayout;
class QLabel;
class QMenu;
class QToolButton;

namespace signalbox {

class Appearance;
class Chip;
class FilterEdit;
class LampWidget;

/// What of the requests is shown: a line of terms, chips for the usual ones, a stretch of time, saved filters. A term
/// that cannot be read is explained, and the last choice that could be stays.
class FilterBar : public QWidget
{
    Q_OBJECT

public:
    explicit FilterBar(const Appearance &appearance, QWidget *parent = nullptr);

    const RequestChoice &choice() const { return m_choice; }
    QString text() const;
    /// At once, without the pause that typing gets.
    void setText(const QString &text);
    void setRange(const std::optional<QDateTime> &since, const std::optional<QDateTime> &until);
    bool isClear() const;
    void clear();
    void focusFilter();
    void setKnownValues(Filter::KnownValues values);

Q_SIGNALS:
    void choiceChanged();

private:
    struct QuickFilter
    {
        Chip *chip;
        QString term;
    };

    Chip *addChip(const QString &text, const QString &objectName, const QString &explanation);
    void addQuickFilter(const QString &text, const QString &objectName, const QString &term);
    void toggleTerm(const QString &term, bool on);
    void apply();
    void showProblem();
    void showChips();
    void showRange();
    void fillSavedMenu();
    void askForName();
    void save(const QString &name);

    const Appearance &m_appearance;
    RequestChoice m_choice;
    FilterEdit *m_edit;
    Chip *m_range;
    Chip *m_inFlight = nullptr;
    std::vector<QuickFilter> m_quick;
    QToolButton *m_saved;
    QMenu *m_savedMenu;
    QWidget *m_problemLine;
    QLabel *m_problem;
    QHBoxLayout *m_row;
    QTimer m_pause;
};

} // namespace signalbox
