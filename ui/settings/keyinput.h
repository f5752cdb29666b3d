// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/configuring.h"

#include <QWidget>

#include <optional>

class QComboBox;
class QLabel;
class QLineEdit;

namespace signalbox {

/// Where a key comes from, and the key itself where it goes into the keyring. A typed key is never shown, and gone from
/// here once it was taken.
class KeyInput : public QWidget
{
    Q_OBJECT

public:
    enum class Use { Provider, Webhook };

    explicit KeyInput(Use use, QWidget *parent = nullptr);

    /// As it is configured. newEntry: what an entry in the keyring would be called, where there is none yet.
    void setSource(const KeySource &source, const QString &newEntry);
    void setNewEntry(const QString &name);
    KeySource source() const;
    /// nullopt: none was typed, or it has no use with the chosen source.
    std::optional<Secret> typedKey() const;
    /// Whether the keyring has one already, under the entry that would be used.
    bool keepsStoredKey() const;
    void forgetTyped();
    void choose(KeySource::Kind kind);
    void focusKey();
    /// On the name of the variable or file.
    void focusReference();
    /// Where a label's key leads.
    QWidget *first() const;

Q_SIGNALS:
    void edited();

private:
    QString named(const char *name) const;
    QWidget *buildKeyring();
    QWidget *buildVariable();
    QWidget *buildFile();
    QWidget *buildWords(const QString &text);
    void addKind(const QString &text, KeySource::Kind kind, QWidget *page);
    KeySource::Kind kind() const;
    QString entry() const;
    void showHints();
    void browse();

    Use m_use;
    KeySource m_stored;
    QString m_newEntry;
    QComboBox *m_kind;
    std::vector<QWidget *> m_pages; ///< in the order of m_kind; the chosen one is shown
    QLineEdit *m_key = nullptr;
    QLineEdit *m_variable = nullptr;
    QLineEdit *m_file = nullptr;
    QLabel *m_keyHint = nullptr;
};

} // namespace signalbox
