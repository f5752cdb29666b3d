// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/editorform.h"

#include "ui/page/modelrulestable.h"
#include "ui/page/presetnotes.h"
#include "ui/settings/timeoutsform.h"

#include <QCheckBox>
#include <QComboBox>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QUrl>
#include <QVBoxLayout>

namespace signalbox {

namespace {

constexpr int labelWidth = 144;

/// Scheme, host and port, where a key goes.
QString originText(const QString &url)
{
    const QUrl parsed(url.trimmed());
    const int port = parsed.port(parsed.scheme() == QLatin1String("https") ? 443 : 80);
    return parsed.host().isEmpty() ? QString()
                                   : QStringLiteral("%1://%2:%3").arg(parsed.scheme(), parsed.host()).arg(port);
}

QStringList ownTimeouts(const QString &provider, const SettingOrigins &origins)
{
    QStringList own;
    const QString prefix = QStringLiteral("/providers/%1/timeouts/").arg(provider);
    for (const QString &place : origins.inFile) {
        if (place.startsWith(prefix))
            own.append(place.sliced(prefix.size()));
    }
    return own;
}

QLineEdit *newLine(QWidget *parent, const char *objectName, const QString &name, const QString &placeholder = {})
{
    auto *line = new QLineEdit(parent);
    line->setObjectName(QLatin1String(objectName));
    line->setAccessibleName(name);
    line->setPlaceholderText(placeholder);
    return line;
}

} // namespace

EditorForm::EditorForm(const Appearance &appearance, QWidget *parent)
    : QWidget(parent), m_appearance(appearance), m_presets(loadPresets()), m_grid(new QGridLayout(this))
{
    m_grid->setContentsMargins(0, 0, 8, 0);
    m_grid->setHorizontalSpacing(16);
    m_grid->setVerticalSpacing(8);
    m_grid->setColumnMinimumWidth(0, labelWidth);
    m_grid->setColumnStretch(1, 1);
    buildBasics();
    buildKeyMove();
    buildRest();
    buildAdvanced();
    m_grid->setRowStretch(m_grid->rowCount(), 1);
}

void EditorForm::addRow(const QString &text, QWidget *field, QWidget *buddy)
{
    const int row = m_grid->rowCount();
    if (!text.isEmpty()) {
        auto *label = new QLabel(text, this);
        label->setBuddy(buddy ? buddy : field);
        label->setMinimumHeight(24);
        m_grid->addWidget(label, row, 0, Qt::AlignTop);
    }
    m_grid->addWidget(field, row, 1);
}

void EditorForm::buildBasics()
{
    m_preset = new QComboBox(this);
    m_preset->setObjectName(QStringLiteral("preset"));
    m_preset->setAccessibleName(tr("Start from"));
    m_preset->addItem(tr("Something else"));
    for (const ProviderPreset &preset : m_presets)
        m_preset->addItem(preset.title);
    m_preset->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_presetLabel = new QLabel(tr("Start fro&m"), this);
    m_presetLabel->setBuddy(m_preset);
    m_grid->addWidget(m_presetLabel, 0, 0);
    m_grid->addWidget(m_preset, 0, 1, Qt::AlignLeft);
    m_notes = new QLabel(this);
    m_notes->setWordWrap(true);
    m_notes->setForegroundRole(QPalette::PlaceholderText);
    m_grid->addWidget(m_notes, 1, 1);
    m_name = newLine(this, "providerName", tr("Name"), QStringLiteral("openai"));
    addRow(tr("&Name"), m_name);
    m_dialect = new QComboBox(this);
    m_dialect->setObjectName(QStringLiteral("dialect"));
    m_dialect->setAccessibleName(tr("Dialect"));
    m_dialect->addItem(QStringLiteral("OpenAI"), static_cast<int>(Dialect::OpenAi));
    m_dialect->addItem(QStringLiteral("Anthropic"), static_cast<int>(Dialect::Anthropic));
    m_dialect->addItem(QStringLiteral("Gemini"), static_cast<int>(Dialect::Gemini));
    m_dialect->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    addRow(tr("&Dialect"), m_dialect);
    m_baseUrl = newLine(this, "baseUrl", tr("Base URL"), QStringLiteral("https://api.openai.com/v1"));
    addRow(tr("Base &URL"), m_baseUrl);
    m_key = new KeyInput(KeyInput::Use::Provider, this);
    addRow(tr("&Key"), m_key, m_key->first());
    connect(m_preset, &QComboBox::activated, this, &EditorForm::applyPreset);
    connect(m_name, &QLineEdit::textEdited, this, [this](const QString &name) {
        m_key->setNewEntry(name);
        onEdited();
    });
    connect(m_dialect, &QComboBox::activated, this, &EditorForm::onEdited);
    connect(m_baseUrl, &QLineEdit::textEdited, this, &EditorForm::onEdited);
    connect(m_key, &KeyInput::edited, this, &EditorForm::onEdited);
}

void EditorForm::buildKeyMove()
{
    m_keyMove = new QWidget(this);
    m_keyMoveText = new QLabel(m_keyMove);
    m_keyMoveText->setObjectName(QStringLiteral("keyMoveText"));
    m_keyMoveText->setWordWrap(true);
    m_keyMoveText->setTextFormat(Qt::PlainText);
    m_confirm = new QCheckBox(m_keyMove);
    m_confirm->setObjectName(QStringLiteral("confirmKey"));
    auto *layout = new QVBoxLayout(m_keyMove);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addWidget(m_keyMoveText);
    layout->addWidget(m_confirm);
    addRow({}, m_keyMove);
    connect(m_confirm, &QCheckBox::clicked, this, &EditorForm::onEdited);
}

void EditorForm::buildRest()
{
    m_auth = new QComboBox(this);
    m_auth->setObjectName(QStringLiteral("auth"));
    m_auth->setAccessibleName(tr("How the key is sent"));
    m_auth->addItem(QString());
    for (const AuthScheme scheme :
         { AuthScheme::Bearer, AuthScheme::XApiKey, AuthScheme::XGoogApiKey, AuthScheme::ApiKey })
        m_auth->addItem(scheme == AuthScheme::Bearer ? QStringLiteral("Authorization: Bearer")
                                                     : QString::fromLatin1(toString(scheme)) + QLatin1Char(':'),
                        static_cast<int>(scheme));
    m_auth->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    m_auth->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    addRow(tr("Key is sent &as"), m_auth);
    m_enabled = new QCheckBox(tr("Ena&bled: it gets requests"), this);
    m_enabled->setObjectName(QStringLiteral("providerEnabled"));
    addRow({}, m_enabled);
    m_models = new ModelRulesTable(m_appearance, this);
    m_models->setShownRows(3);
    addRow(tr("Mode&ls"), m_models, m_models->first());
    connect(m_auth, &QComboBox::activated, this, &EditorForm::onEdited);
    connect(m_enabled, &QCheckBox::clicked, this, &EditorForm::onEdited);
    connect(&m_models->model(), &ModelRules::edited, this, &EditorForm::onEdited);
}

void EditorForm::buildAdvanced()
{
    m_more = new QPushButton(tr("&More settings"), this);
    m_more->setObjectName(QStringLiteral("moreSettings"));
    m_more->setCheckable(true);
    m_more->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    addRow({}, m_more);
    m_advanced = new QWidget(this);
    auto *grid = new QGridLayout(m_advanced);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(16);
    grid->setVerticalSpacing(8);
    grid->setColumnMinimumWidth(0, labelWidth);
    grid->setColumnStretch(1, 1);
    const auto add = [this, grid](const QString &text, QWidget *field) {
        auto *label = new QLabel(text, m_advanced);
        label->setBuddy(field);
        grid->addWidget(label, grid->rowCount(), 0, Qt::AlignTop);
        grid->addWidget(field, grid->rowCount() - 1, 1);
    };
    m_proxy = newLine(m_advanced, "forwardProxy", tr("Forward proxy"), QStringLiteral("http://proxy.lan:3128"));
    add(tr("Forwa&rd proxy"), m_proxy);
    m_caFile = newLine(m_advanced, "caFile", tr("File of further trusted authorities"),
                       tr("PEM file; empty: the system's only"));
    add(tr("Trusted &CAs"), m_caFile);
    m_includeUsage = new QCheckBox(tr("Ask for the &usage in streams, and hide it from the tool"), m_advanced);
    m_includeUsage->setObjectName(QStringLiteral("includeUsage"));
    grid->addWidget(m_includeUsage, grid->rowCount(), 1);
    m_timeouts = new TimeoutsForm(m_advanced);
    auto *label = new QLabel(tr("Own timeouts"), m_advanced);
    grid->addWidget(label, grid->rowCount(), 0, Qt::AlignTop);
    grid->addWidget(m_timeouts, grid->rowCount() - 1, 1);
    m_grid->addWidget(m_advanced, m_grid->rowCount(), 0, 1, 2);
    m_advanced->hide();
    connect(m_more, &QPushButton::toggled, m_advanced, &QWidget::setVisible);
    connect(m_proxy, &QLineEdit::textEdited, this, &EditorForm::onEdited);
    connect(m_caFile, &QLineEdit::textEdited, this, &EditorForm::onEdited);
    connect(m_includeUsage, &QCheckBox::clicked, this, &EditorForm::onEdited);
    connect(m_timeouts, &TimeoutsForm::edited, this, &EditorForm::onEdited);
}

void EditorForm::startNew(const Timeouts &global)
{
    m_isNew = true;
    m_before = {};
    m_before.key = { KeySource::Kind::Keychain, {} };
    m_preset->setCurrentIndex(0);
    m_timeouts->setTimeouts(global, global, {});
    fill(m_before);
}

void EditorForm::setProvider(const ProviderConfig &provider, const Timeouts &global, const SettingOrigins &origins)
{
    m_isNew = false;
    m_before = draftOf(provider);
    m_timeoutsBefore = provider.timeouts;
    m_timeouts->setTimeouts(provider.timeouts, global, ownTimeouts(provider.name, origins));
    fill(m_before);
}

void EditorForm::fill(const ProviderDraft &draft)
{
    m_presetLabel->setVisible(m_isNew);
    m_preset->setVisible(m_isNew);
    m_notes->setVisible(m_isNew && !m_notes->text().isEmpty());
    m_name->setText(draft.name);
    m_dialect->setCurrentIndex(m_dialect->findData(static_cast<int>(draft.dialect)));
    m_baseUrl->setText(draft.baseUrl);
    m_key->setSource(m_isNew ? KeySource() : draft.key, draft.name);
    m_key->choose(draft.key.kind);
    m_auth->setCurrentIndex(draft.auth ? m_auth->findData(static_cast<int>(*draft.auth)) : 0);
    m_models->model().setMappings(draft.models);
    m_enabled->setChecked(draft.enabled);
    m_proxy->setText(draft.proxy);
    m_caFile->setText(draft.caFile);
    m_includeUsage->setChecked(draft.includeUsage);
    m_confirm->setChecked(false);
    const bool unusual = !draft.proxy.isEmpty() || !draft.caFile.isEmpty() || draft.includeUsage;
    if (unusual)
        m_more->setChecked(true);
    onEdited();
}

void EditorForm::applyPreset(int index)
{
    if (index <= 0)
        return m_notes->hide();
    const ProviderPreset &preset = m_presets[static_cast<std::size_t>(index - 1)];
    m_notes->setText(presetNotes(preset));
    ProviderDraft draft = draftOf(preset);
    // The vendor's variable is rarely set for a desktop program: the key is better typed. It stays one choice away.
    if (draft.key.kind == KeySource::Kind::Environment)
        draft.key = { KeySource::Kind::Keychain, draft.name };
    fill(draft);
}

void EditorForm::onEdited()
{
    const bool moves = movesKey();
    m_keyMove->setVisible(moves);
    if (moves) {
        m_keyMoveText->setText(tr("The key of %1 was given for %2. It is not sent to another address unless you say "
                                  "so: type it again above, or tick this.")
                                   .arg(m_before.name, originText(m_before.baseUrl)));
        m_confirm->setText(tr("Send the same key to %1").arg(originText(m_baseUrl->text())));
        m_confirm->setEnabled(!m_key->typedKey());
    } else {
        m_confirm->setChecked(false);
    }
    showAuthDefault();
    Q_EMIT edited();
}

void EditorForm::showAuthDefault()
{
    const auto dialect = static_cast<Dialect>(m_dialect->currentData().toInt());
    m_auth->setItemText(
        0, tr("As the vendor expects it (%1)").arg(QString::fromLatin1(toString(defaultAuthScheme(dialect)))));
}

ProviderDraft EditorForm::draft() const
{
    ProviderDraft draft;
    draft.name = m_name->text().trimmed();
    draft.dialect = static_cast<Dialect>(m_dialect->currentData().toInt());
    draft.baseUrl = m_baseUrl->text().trimmed();
    draft.key = m_key->source();
    if (m_auth->currentIndex() > 0)
        draft.auth = static_cast<AuthScheme>(m_auth->currentData().toInt());
    draft.models = m_models->model().mappings();
    draft.enabled = m_enabled->isChecked();
    draft.proxy = m_proxy->text().trimmed();
    draft.caFile = m_caFile->text().trimmed();
    draft.includeUsage = m_includeUsage->isChecked();
    return draft;
}

bool EditorForm::isEdited() const
{
    return draft() != m_before || m_key->typedKey() || m_timeouts->isEdited();
}

bool EditorForm::isOf(const ProviderConfig &provider) const
{
    return m_before == draftOf(provider) && m_timeoutsBefore == provider.timeouts;
}

bool EditorForm::movesKey() const
{
    const KeySource key = m_key->source();
    const bool hasKey = key.kind != KeySource::Kind::None && key.kind != KeySource::Kind::Passthrough;
    const QString origin = originText(m_baseUrl->text());
    return !m_isNew && hasKey && key == m_before.key && !origin.isEmpty() && origin != originText(m_before.baseUrl);
}

bool EditorForm::confirmsKey() const
{
    return movesKey() && (m_confirm->isChecked() || m_key->typedKey());
}

void EditorForm::finishEditing()
{
    m_models->finishEditing();
}

void EditorForm::focusFirst()
{
    if (m_isNew)
        m_preset->setFocus();
    else
        m_name->setFocus();
}

void EditorForm::setReadOnly(bool readOnly)
{
    setEnabled(!readOnly);
}

} // namespace signalbox
