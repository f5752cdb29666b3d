// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/engine.h"

#include <QTimer>
#include <QWidget>

#include <functional>

class QLabel;

namespace signalbox {

class Appearance;
class LampWidget;
class QuantityBox;

/// One setting of the engine: what it is called, where its value stands and how to change it.
struct SettingSpec
{
    QString objectName;
    QString label; ///< with its mnemonic
    QString accessibleName;
    QString explanation;
    QString unit;
    QString variable; ///< the environment variable that can fix it
    double minimum = 0;
    double maximum = 0;
    double step = 1;
    int decimals = 0;
    std::function<double(const EngineSnapshot &)> value;
    std::function<SettingOrigin(const EngineSnapshot &)> origin;
    std::function<SettingsPatch(double)> patch;
};

/// A spin box that changes a setting of the running engine. It always goes back to what the engine says: its value
/// after a change is the one that was read back, not the one that was wished for.
class SettingField : public QWidget
{
    Q_OBJECT

public:
    SettingField(SettingSpec spec, Engine &engine, const Appearance &appearance, QWidget *parent = nullptr);

    void showSnapshot(const EngineSnapshot &snapshot);
    void setStale(bool stale);

private:
    void buildLayout();
    void applyEdit();
    void takeAnswer(const Status &status, quint64 edit);
    void showEngineValue();
    void showNote();
    QString fixedNote() const;

    SettingSpec m_spec;
    Engine &m_engine;
    LampWidget *m_lamp;
    QuantityBox *m_box;
    QLabel *m_note;
    QTimer m_debounce;
    double m_engineValue = 0;
    SettingOrigin m_origin = SettingOrigin::Default;
    quint64 m_edit = 0; ///< numbers the edits, so that only the newest one's answer counts
    bool m_waiting = false; ///< for the answer to the newest edit
    bool m_readBack = false; ///< the next snapshot brings the value that came of the edit
    bool m_stale = false;
    bool m_saved = false;
    QString m_problem;
};

} // namespace signalbox
