// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/firstrun/keychoice.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>

namespace signalbox {

KeyChoice::KeyChoice(QWidget *parent)
    : QWidget(parent), m_kind(new QComboBox(this)), m_key(new QLineEdit(this)), m_variable(new QLineEdit(this)),
      m_meaning(new QLabel(this))
{
    m_kind->setObjectName(QStringLiteral("keyKind"));
    m_kind->setAccessibleName(tr("Where the key is kept"));
    const auto addKind = [this](const QString &text, Kind kind) { m_kind->addItem(text, static_cast<int>(kind)); };
    addKind(tr("Kept in the keyring"), Kind::Keyring);
    addKind(tr("For this session only"), Kind::Session);
    addKind(tr("In an environment variable"), Kind::Environment);
    addKind(tr("The tool's own"), Kind::ToolsOwn);
    addKind(tr("None is needed"), Kind::None);
    m_key->setObjectName(QStringLiteral("newKey"));
    m_key->setAccessibleName(tr("Key"));
    m_key->setEchoMode(QLineEdit::Password);
    m_key->setPlaceholderText(tr("paste the key"));
    m_variable->setObjectName(QStringLiteral("newVariable"));
    m_variable->setAccessibleName(tr("Name of the variable"));
    m_meaning->setObjectName(QStringLiteral("keyMeaning"));
    m_meaning->setForegroundRole(QPalette::PlaceholderText);
    m_meaning->setWordWrap(true);
    auto *fields = new QHBoxLayout;
    fields->setSpacing(8);
    fields->addWidget(m_kind);
    fields->addWidget(m_key, 1);
    fields->addWidget(m_variable, 1);
    fields->addStretch(0);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addLayout(fields);
    layout->addWidget(m_meaning);
    connect(m_kind, &QComboBox::currentIndexChanged, this, [this] {
        showKind();
        Q_EMIT edited();
    });
    connect(m_key, &QLineEdit::textChanged, this, &KeyChoice::edited);
    connect(m_variable, &QLineEdit::textChanged, this, &KeyChoice::edited);
    showKind();
}

void KeyChoice::setPreset(const ProviderPreset &preset)
{
    m_variable->setText(preset.keyVariable);
    if (preset.keyVariable.isEmpty())
        setKind(Kind::None);
    else if (kind() == Kind::None)
        setKind(Kind::Keyring);
    showKind();
}

KeyChoice::Kind KeyChoice::kind() const
{
    return static_cast<Kind>(m_kind->currentData().toInt());
}

void KeyChoice::setKind(Kind kind)
{
    m_kind->setCurrentIndex(m_kind->findData(static_cast<int>(kind)));
}

void KeyChoice::showKind()
{
    m_key->setVisible(isTyped());
    m_variable->setVisible(kind() == Kind::Environment);
    switch (kind()) {
    case Kind::Keyring:
        m_meaning->setText(tr("The desktop's keyring encrypts it. It is never written to a file or a log."));
        break;
    case Kind::Session:
        m_meaning->setText(
            (m_noKeyring.isEmpty() ? QString() : tr("The keyring did not take it: %1 ").arg(m_noKeyring)) +
            tr("In memory until Signalbox ends; then it is asked for again."));
        break;
    case Kind::Environment:
        m_meaning->setText(
            (m_noKeyring.isEmpty() ? QString() : tr("The keyring did not take it: %1 ").arg(m_noKeyring)) +
            tr("Read when Signalbox starts, so it must be set before."));
        break;
    case Kind::ToolsOwn:
        m_meaning->setText(tr("Each request goes on with the credential that the tool sent, to this provider only."));
        break;
    case Kind::None:
        m_meaning->setText(tr("For a server of your own that asks for none."));
        break;
    }
}

KeySource KeyChoice::source(const QString &entry) const
{
    switch (kind()) {
    case Kind::Keyring:
    case Kind::Session:
        return { KeySource::Kind::Keychain, entry };
    case Kind::Environment:
        return { KeySource::Kind::Environment, m_variable->text().trimmed() };
    case Kind::ToolsOwn:
        return { KeySource::Kind::Passthrough, {} };
    case Kind::None:
        break;
    }
    return {};
}

std::optional<Secret> KeyChoice::typedKey() const
{
    const QString key = m_key->text().trimmed();
    if (!isTyped() || key.isEmpty())
        return std::nullopt;
    return Secret(key.toUtf8());
}

void KeyChoice::forget()
{
    m_key->clear();
}

void KeyChoice::explainNoKeyring(const QString &reason)
{
    m_noKeyring = reason;
    setKind(Kind::Session);
    showKind();
    m_key->setFocus();
}

} // namespace signalbox
