// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/thresholds/thresholddraft.h"
#include "ui/thresholds/thresholdwords.h"

#include <QWidget>

class QLabel;
class QTabWidget;

namespace signalbox {

class Appearance;
class ThresholdField;

/// Every setting in tabs by group, for all providers or for one of them, and what the one with the focus means.
class ThresholdForm : public QWidget
{
    Q_OBJECT

public:
    explicit ThresholdForm(const Appearance &appearance, QWidget *parent = nullptr);

    /// The draft's values for that provider; empty: for all.
    void showDraft(const ThresholdDraft &draft, const QString &provider, const std::vector<ThresholdProblem> &problems,
                   bool editable);
    ThresholdGroup group() const;
    void setGroup(ThresholdGroup group);
    void finishTyping();
    /// What its widest field needs, with room for a scroll bar.
    int leastWidth() const;
    /// Brings the field into view.
    void focusField(const ThresholdSetting &setting);

Q_SIGNALS:
    void edited(const signalbox::ThresholdSetting &setting, std::int64_t value);
    void dropped(const signalbox::ThresholdSetting &setting);
    void groupChanged();

private:
    QWidget *buildGroup(ThresholdGroup group, const Appearance &appearance);
    void explain(const ThresholdSetting &setting);

    QTabWidget *m_tabs;
    QLabel *m_explanation;
    std::vector<ThresholdField *> m_fields;
};

} // namespace signalbox
