// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/keyinput.h"

#include <QComboBox>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace signalbox {

using Kind = KeySource::Kind;

KeyInput::KeyInput(Use use, QWidget *parent) : QWidget(parent), m_use(use), m_kind(new QComboBox(this))
{
    m_kind->setObjectName(named("keySource"));
    m_kind->setAccessibleName(tr("Where the key comes from"));
    addKind(tr("In the desktop's keyring"), Kind::Keychain, buildKeyring());
    addKind(tr("In an environment variable"), Kind::Environment, buildVariable());
    addKind(tr("In a file"), Kind::File, buildFile());
    if (use == Use::Provider)
        addKind(tr("Pass the tool's own credential through"), Kind::Passthrough,
                buildWords(tr("Each tool logs in itself, as with a subscription. Only one provider of a dialect can "
                              "have that.")));
    addKind(tr("No key"), Kind::None,
            buildWords(use == Use::Provider ? tr("For a server on this machine that asks for none.")
                                            : tr("It is called without an Authorization header.")));
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addWidget(m_kind, 0, Qt::AlignLeft);
    for (QWidget *page : m_pages)
        layout->addWidget(page);
    connect(m_kind, &QComboBox::currentIndexChanged, this, &KeyInput::showHints);
    connect(m_kind, &QComboBox::activated, this, [this] {
        showHints();
        Q_EMIT edited();
    });
    for (const QLineEdit *line : { m_key, m_variable, m_file })
        connect(line, &QLineEdit::textEdited, this, &KeyInput::edited);
}

void KeyInput::addKind(const QString &text, Kind kind, QWidget *page)
{
    m_kind->addItem(text, static_cast<int>(kind));
    m_pages.push_back(page);
}

/// Two of them may be on one page.
QString KeyInput::named(const char *name) const
{
    return (m_use == Use::Provider ? QString() : QStringLiteral("webhook-")) + QLatin1String(name);
}

QWidget *KeyInput::buildKeyring()
{
    auto *page = new QWidget(this);
    m_key = new QLineEdit(page);
    m_key->setObjectName(named("key"));
    m_key->setAccessibleName(tr("Key"));
    m_key->setEchoMode(QLineEdit::Password);
    m_key->setInputMethodHints(Qt::ImhSensitiveData | Qt::ImhNoPredictiveText | Qt::ImhNoAutoUppercase);
    m_keyHint = new QLabel(page);
    m_keyHint->setObjectName(named("keyHint"));
    m_keyHint->setWordWrap(true);
    m_keyHint->setForegroundRole(QPalette::PlaceholderText);
    auto *layout = new QVBoxLayout(page);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addWidget(m_key);
    layout->addWidget(m_keyHint);
    return page;
}

QWidget *KeyInput::buildVariable()
{
    auto *page = new QWidget(this);
    m_variable = new QLineEdit(page);
    m_variable->setObjectName(named("keyVariable"));
    m_variable->setAccessibleName(tr("Name of the environment variable"));
    m_variable->setPlaceholderText(QStringLiteral("OPENAI_API_KEY"));
    auto *hint = new QLabel(tr("The variable's name, never the key. It is read when Signalbox starts."), page);
    hint->setWordWrap(true);
    hint->setForegroundRole(QPalette::PlaceholderText);
    auto *layout = new QVBoxLayout(page);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addWidget(m_variable);
    layout->addWidget(hint);
    return page;
}

QWidget *KeyInput::buildFile()
{
    auto *page = new QWidget(this);
    m_file = new QLineEdit(page);
    m_file->setObjectName(named("keyFile"));
    m_file->setAccessibleName(tr("File with the key"));
    auto *browse = new QPushButton(tr("&Choose…"), page);
    browse->setObjectName(named("chooseKeyFile"));
    connect(browse, &QPushButton::clicked, this, &KeyInput::browse);
    auto *hint = new QLabel(tr("It must belong to you alone (mode 0600) and hold the key on its first line."), page);
    hint->setWordWrap(true);
    hint->setForegroundRole(QPalette::PlaceholderText);
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(m_file, 1);
    row->addWidget(browse);
    auto *layout = new QVBoxLayout(page);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addLayout(row);
    layout->addWidget(hint);
    return page;
}

QWidget *KeyInput::buildWords(const QString &text)
{
    auto *page = new QWidget(this);
    auto *label = new QLabel(text, page);
    label->setWordWrap(true);
    label->setForegroundRole(QPalette::PlaceholderText);
    auto *layout = new QVBoxLayout(page);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(label);
    layout->addStretch(1);
    return page;
}

Kind KeyInput::kind() const
{
    return static_cast<Kind>(m_kind->currentData().toInt());
}

QString KeyInput::entry() const
{
    return m_stored.kind == Kind::Keychain ? m_stored.reference : m_newEntry;
}

void KeyInput::setSource(const KeySource &source, const QString &newEntry)
{
    m_stored = source;
    m_newEntry = newEntry;
    forgetTyped();
    m_variable->setText(source.kind == Kind::Environment ? source.reference : QString());
    m_file->setText(source.kind == Kind::File ? source.reference : QString());
    choose(source.kind);
}

void KeyInput::setNewEntry(const QString &name)
{
    m_newEntry = name;
    showHints();
}

KeySource KeyInput::source() const
{
    switch (kind()) {
    case Kind::Keychain:
        return { Kind::Keychain, entry() };
    case Kind::Environment:
        return { Kind::Environment, m_variable->text().trimmed() };
    case Kind::File:
        return { Kind::File, m_file->text().trimmed() };
    case Kind::Passthrough:
    case Kind::None:
        break;
    }
    return { kind(), {} };
}

std::optional<Secret> KeyInput::typedKey() const
{
    const QByteArray key = m_key->text().trimmed().toUtf8();
    return kind() == Kind::Keychain && !key.isEmpty() ? std::optional(Secret(key)) : std::nullopt;
}

bool KeyInput::keepsStoredKey() const
{
    return m_stored.kind == Kind::Keychain;
}

void KeyInput::forgetTyped()
{
    m_key->setText(QString()); // forgets what could be undone too, unlike clear()
}

void KeyInput::choose(Kind kind)
{
    m_kind->setCurrentIndex(m_kind->findData(static_cast<int>(kind)));
    showHints();
}

void KeyInput::focusKey()
{
    m_key->setFocus();
}

void KeyInput::focusReference()
{
    (kind() == Kind::File ? m_file : m_variable)->setFocus();
}

QWidget *KeyInput::first() const
{
    return m_kind;
}

void KeyInput::showHints()
{
    m_key->setPlaceholderText(keepsStoredKey() ? tr("Leave empty to keep the stored key") : tr("Paste the key here"));
    m_keyHint->setText(
        entry().isEmpty()
            ? tr("It goes into the keyring and nowhere else, and is not shown again.")
            : tr("It goes into the keyring as “%1” and nowhere else, and is not shown again.").arg(entry()));
    for (std::size_t i = 0; i < m_pages.size(); ++i)
        m_pages[i]->setVisible(static_cast<int>(i) == m_kind->currentIndex());
}

void KeyInput::browse()
{
    auto *dialog = new QFileDialog(this, tr("File with the key"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString &path) {
        m_file->setText(path);
        Q_EMIT edited();
    });
    dialog->open();
}

} // namespace signalbox
