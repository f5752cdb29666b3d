// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/filter.h"

#include <QLineEdit>
#include <QStringListModel>

class QCompleter;

namespace signalbox {

class Appearance;

/// A line for the filter's grammar: completes the word under the cursor and underlines a term that cannot be read.
class FilterEdit : public QLineEdit
{
    Q_OBJECT

public:
    explicit FilterEdit(const Appearance &appearance, QWidget *parent = nullptr);

    /// Names for keys whose values only the engine knows: "provider", "model" ...
    void setKnownValues(Filter::KnownValues values) { m_values = std::move(values); }
    /// The first term that cannot be read.
    const std::optional<FilterProblem> &problem() const { return m_problem; }
    /// Offers what could stand at the cursor.
    void complete();

protected:
    void keyPressEvent(QKeyEvent *event) override;

private:
    void check();
    void underline();
    void insert(const QString &completion);
    qsizetype wordStart() const;

    const Appearance &m_appearance;
    QCompleter *m_completer;
    QStringListModel m_offers;
    Filter::KnownValues m_values;
    std::optional<FilterProblem> m_problem;
};

} // namespace signalbox
