// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/config/config.h"
#include "ui/thresholds/thresholdsettings.h"

#include <QWidget>

class QCheckBox;
class QLabel;
class QPushButton;
class QSlider;

namespace signalbox {

class Appearance;
class LampWidget;
class NumberBox;

/// One setting of one place: its value as a number with a slider beside it, or as a switch; whether it is the place's
/// own; and below it what is to be said of it.
class ThresholdField : public QWidget
{
    Q_OBJECT

public:
    struct State
    {
        QString provider; ///< empty: all
        std::int64_t value = 0; ///< of the draft
        std::int64_t activeValue = 0;
        std::int64_t inherited = 0; ///< what counts without an own value
        SettingOrigin origin = SettingOrigin::Default;
        bool own = false;
        bool changed = false;
        bool editable = true; ///< false: nothing can be, the engine does not answer
        QString problem; ///< one sentence; empty: none
        bool isError = false;
        bool operator==(const State &) const = default;
    };

    ThresholdField(const ThresholdSetting &setting, const Appearance &appearance, QWidget *parent = nullptr);

    const ThresholdSetting &setting() const { return m_setting; }
    void showState(const State &state);
    void setLabelWidth(int width);
    int labelWidth() const;
    void focusInput();
    void finishTyping();

Q_SIGNALS:
    void edited(std::int64_t value);
    /// The default, or what holds for all providers, shall count.
    void dropped();
    void focused();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void buildBox();
    void buildSlider();
    void buildSwitch();
    void buildLayout();
    void showNote();
    QString noteText() const;
    QString fixedText() const;

    const ThresholdSetting &m_setting;
    QLabel *m_label;
    NumberBox *m_box = nullptr; ///< of a number
    QSlider *m_slider = nullptr;
    QCheckBox *m_switch = nullptr; ///< of a switch
    QPushButton *m_origin;
    LampWidget *m_lamp;
    QLabel *m_note;
    QWidget *m_noteRow;
    State m_state;
    bool m_showing = false;
    bool m_shown = false; ///< m_state is what the widgets show
};

} // namespace signalbox
