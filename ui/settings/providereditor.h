// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/page/console.h"

#include <QWidget>

class QLabel;
class QPushButton;
class QScrollArea;

namespace signalbox {

class EditorForm;
class LampWidget;
class ProbeView;
class ProviderSave;

/// One provider to edit, or a new one: tried before it is saved, saved as one change.
class ProviderEditor : public QWidget
{
    Q_OBJECT

public:
    explicit ProviderEditor(Console &console, QWidget *parent = nullptr);

    /// What was typed before is gone.
    void edit(const QString &name);
    void startNew();
    /// Neither: there is none.
    void showNone();
    void discard();
    /// Empty: a new one, or none.
    const QString &provider() const { return m_name; }
    bool isNew() const { return m_new; }
    bool isEdited() const;
    /// The newest snapshot: shown unless something was typed.
    void refresh();
    void focusFirst();

Q_SIGNALS:
    void saved(const QString &name);
    void discarded();

private:
    QLayout *buildHead();
    QLayout *buildNotice();
    QWidget *buildKeyringChoice();
    QPushButton *addButton(QLayout *layout, const QString &text, const char *objectName);
    const ProviderConfig *configured() const;
    void load();
    void showState();
    void showNotice(const QString &problem);
    void showKeyState();
    void save(bool sessionOnly);
    void confirmKey();
    void test();
    void onSaved(const QString &name);
    void onKeyNotStored(const QString &reason);
    void useVariable();

    Console &m_console;
    QString m_name;
    bool m_new = false;
    bool m_testing = false;
    quint64 m_test = 0; ///< numbers the tests, so that only the newest answer counts
    QString m_problem;

    ProviderSave *m_save;
    QLabel *m_title = nullptr;
    QPushButton *m_testButton = nullptr;
    QPushButton *m_discardButton = nullptr;
    QPushButton *m_saveButton = nullptr;
    LampWidget *m_lamp = nullptr;
    QLabel *m_notice = nullptr;
    QPushButton *m_confirmButton = nullptr;
    QWidget *m_keyringChoice = nullptr;
    QLabel *m_keyringReason = nullptr;
    ProbeView *m_probe;
    QScrollArea *m_scroll;
    EditorForm *m_form;
};

} // namespace signalbox
