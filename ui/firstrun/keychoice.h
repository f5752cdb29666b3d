// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/configuring.h"

#include <QWidget>

#include <optional>

class QComboBox;
class QLabel;
class QLineEdit;

namespace signalbox {

/// Where the new provider's key is kept, and the key where it is typed. A key is never written to a file.
class KeyChoice : public QWidget
{
    Q_OBJECT

public:
    enum class Kind { Keyring, Session, Environment, ToolsOwn, None };

    explicit KeyChoice(QWidget *parent = nullptr);

    /// What its vendor expects.
    void setPreset(const ProviderPreset &preset);
    Kind kind() const;
    void setKind(Kind kind);
    /// entry: in the keyring. A key for this session has its place there too: without it the next start says so.
    KeySource source(const QString &entry) const;
    /// nullopt: none was typed, or it is kept elsewhere.
    std::optional<Secret> typedKey() const;
    bool isTyped() const { return kind() == Kind::Keyring || kind() == Kind::Session; }
    void forget();
    /// Why the keyring did not take the key. Goes to the key for this session.
    void explainNoKeyring(const QString &reason);

Q_SIGNALS:
    void edited();

private:
    void showKind();

    QComboBox *m_kind;
    QLineEdit *m_key;
    QLineEdit *m_variable;
    QLabel *m_meaning;
    QString m_noKeyring; ///< why
};

} // namespace signalbox
