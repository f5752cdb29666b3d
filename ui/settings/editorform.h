// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/configuring.h"
#include "ui/settings/keyinput.h"

#include <QWidget>

#include <vector>

class QCheckBox;
class QComboBox;
class QGridLayout;
class QLabel;
class QLineEdit;
class QPushButton;

namespace signalbox {

class Appearance;
class ModelRulesTable;
class TimeoutsForm;

/// The texts and choices that make up one provider. Knows nothing of the engine.
class EditorForm : public QWidget
{
    Q_OBJECT

public:
    explicit EditorForm(const Appearance &appearance, QWidget *parent = nullptr);

    /// A new one, from one of the presets or from nothing.
    void startNew(const Timeouts &global);
    /// origins: which of its timeouts are its own.
    void setProvider(const ProviderConfig &provider, const Timeouts &global, const SettingOrigins &origins);
    void setReadOnly(bool readOnly);

    /// As it is typed.
    ProviderDraft draft() const;
    /// The configuration still says what it said when it was set.
    bool isOf(const ProviderConfig &provider) const;
    /// As it was set.
    const ProviderDraft &before() const { return m_before; }
    bool isEdited() const;
    KeyInput &key() { return *m_key; }
    const KeyInput &key() const { return *m_key; }
    const TimeoutsForm &timeouts() const { return *m_timeouts; }
    /// A key that stays meets an address that it was not given for.
    bool movesKey() const;
    /// The key that is there is meant for the new address.
    bool confirmsKey() const;
    void finishEditing();
    void focusFirst();

Q_SIGNALS:
    void edited();

private:
    void addRow(const QString &label, QWidget *field, QWidget *buddy = nullptr);
    void buildBasics();
    void buildKeyMove();
    void buildRest();
    void buildAdvanced();
    void fill(const ProviderDraft &draft);
    void applyPreset(int index);
    void onEdited();
    void showAuthDefault();

    const Appearance &m_appearance;
    std::vector<ProviderPreset> m_presets;
    ProviderDraft m_before;
    Timeouts m_timeoutsBefore; ///< effective ones
    bool m_isNew = false;

    QGridLayout *m_grid;
    QLabel *m_presetLabel = nullptr;
    QComboBox *m_preset = nullptr;
    QLabel *m_notes = nullptr;
    QLineEdit *m_name = nullptr;
    QComboBox *m_dialect = nullptr;
    QLineEdit *m_baseUrl = nullptr;
    KeyInput *m_key = nullptr;
    QWidget *m_keyMove = nullptr;
    QLabel *m_keyMoveText = nullptr;
    QCheckBox *m_confirm = nullptr;
    QComboBox *m_auth = nullptr;
    ModelRulesTable *m_models = nullptr;
    QCheckBox *m_enabled = nullptr;
    QPushButton *m_more = nullptr;
    QWidget *m_advanced = nullptr;
    QLineEdit *m_proxy = nullptr;
    QLineEdit *m_caFile = nullptr;
    QCheckBox *m_includeUsage = nullptr;
    TimeoutsForm *m_timeouts = nullptr;
};

} // namespace signalbox
