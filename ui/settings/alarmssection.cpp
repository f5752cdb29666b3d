// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/alarmssection.h"

#include "ui/page/answer.h"
#include "ui/page/preferences.h"
#include "ui/page/undoable.h"
#include "ui/settings/configfield.h"
#include "ui/settings/keyinput.h"
#include "ui/settings/preferencefields.h"
#include "ui/style/appearance.h"
#include "ui/style/card.h"
#include "ui/style/lamp.h"

#include <QGridLayout>
#include <QHBoxLayout>
#include <QJsonObject>
#include <QLabel>
#include <QLineEdit>
#include <QPointer>
#include <QPushButton>

namespace signalbox {

namespace {

const QString webhookPlace = QStringLiteral("/alarms/webhook");
const QString keyringEntry = QStringLiteral("alarm-webhook");

/// The whole object, so that one edit makes it and takes it back.
QJsonValue webhookValue(const AlarmsConfig &alarms)
{
    if (alarms.webhookUrl.isEmpty())
        return QJsonValue(QJsonValue::Undefined);
    QJsonObject object { { QStringLiteral("url"), alarms.webhookUrl.toString() } };
    const auto setKey = [&object, &alarms](const QString &member) {
        object.insert(QStringLiteral("key"), QJsonObject { { member, alarms.webhookKey.reference } });
    };
    switch (alarms.webhookKey.kind) {
    case KeySource::Kind::Keychain:
        setKey(QStringLiteral("keychain"));
        break;
    case KeySource::Kind::Environment:
        setKey(QStringLiteral("env"));
        break;
    case KeySource::Kind::File:
        setKey(QStringLiteral("file"));
        break;
    case KeySource::Kind::Passthrough:
    case KeySource::Kind::None:
        break;
    }
    return object;
}

} // namespace

AlarmsSection::AlarmsSection(Console &console, QWidget *parent)
    : Section(QStringLiteral("alarms"), tr("Alarms"), console, parent)
{
    setKeywords(tr("webhook notification address key"));
    Card *desktop = addCard(tr("On this desktop"));
    add(desktop,
        new PreferenceCheck(console,
                            { QStringLiteral("notifications"), tr("&Notify of new alarms"),
                              tr("Of high and medium priority, while the window is not in front; at most one every "
                                 "30 s."),
                              tr("desktop notifications popup bubble") },
                            { &Preferences::notifications, &Preferences::setNotifications }));
    addWebhook();
    load();
}

void AlarmsSection::addWebhook()
{
    Card *card = addCard(tr("Webhook"));
    auto *words = new QLabel(tr("Each change of an alarm is posted there as JSON. The address may be a secret, so it "
                                "is masked and never logged. Without one nobody is told."),
                             card);
    words->setWordWrap(true);
    words->setForegroundRole(QPalette::PlaceholderText);
    card->body()->addWidget(words);
    m_url = new QLineEdit(card);
    m_url->setObjectName(QStringLiteral("webhookUrl"));
    m_url->setAccessibleName(tr("Webhook address"));
    m_url->setPlaceholderText(QStringLiteral("https://hooks.example.com/…"));
    m_url->setEchoMode(QLineEdit::Password);
    m_show = new QPushButton(tr("Sho&w"), card);
    m_show->setObjectName(QStringLiteral("showWebhook"));
    m_show->setCheckable(true);
    m_key = new KeyInput(KeyInput::Use::Webhook, card);
    auto *urlLabel = new QLabel(tr("&Address"), card);
    urlLabel->setBuddy(m_url);
    auto *keyLabel = new QLabel(tr("&Key"), card);
    keyLabel->setBuddy(m_key->first());
    auto *line = new QHBoxLayout;
    line->setSpacing(8);
    line->addWidget(m_url, 1);
    line->addWidget(m_show);
    auto *grid = new QGridLayout;
    grid->setHorizontalSpacing(16);
    grid->setVerticalSpacing(8);
    grid->setColumnMinimumWidth(0, 144);
    grid->setColumnStretch(1, 1);
    grid->addWidget(urlLabel, 0, 0);
    grid->addLayout(line, 0, 1);
    grid->addWidget(keyLabel, 1, 0, Qt::AlignTop);
    grid->addWidget(m_key, 1, 1);
    card->body()->addLayout(grid);
    m_lamp = new LampWidget(console().appearance(), card);
    m_lamp->setShape(LampShape::Triangle);
    m_problem = new QLabel(card);
    m_problem->setObjectName(QStringLiteral("webhookProblem"));
    m_problem->setWordWrap(true);
    m_problem->setTextFormat(Qt::PlainText);
    m_discard = new QPushButton(tr("D&iscard"), card);
    m_discard->setObjectName(QStringLiteral("discardWebhook"));
    m_save = new QPushButton(tr("&Save"), card);
    m_save->setObjectName(QStringLiteral("saveWebhook"));
    auto *bottom = new QHBoxLayout;
    bottom->setSpacing(8);
    bottom->addWidget(m_lamp);
    bottom->addWidget(m_problem, 1);
    bottom->addWidget(m_discard);
    bottom->addWidget(m_save);
    card->body()->addLayout(bottom);
    connect(m_show, &QPushButton::toggled, this,
            [this](bool on) { m_url->setEchoMode(on ? QLineEdit::Normal : QLineEdit::Password); });
    connect(m_url, &QLineEdit::textEdited, this, &AlarmsSection::showButtons);
    connect(m_key, &KeyInput::edited, this, &AlarmsSection::showButtons);
    connect(m_discard, &QPushButton::clicked, this, &AlarmsSection::load);
    connect(m_save, &QPushButton::clicked, this, &AlarmsSection::save);
}

bool AlarmsSection::isEdited() const
{
    return m_url->text().trimmed() != m_before.webhookUrl.toString() || m_key->source() != m_before.webhookKey ||
        m_key->typedKey();
}

void AlarmsSection::load()
{
    m_before = snapshot().config->alarms;
    m_url->setText(m_before.webhookUrl.toString());
    m_key->setSource(m_before.webhookKey, keyringEntry);
    showProblem({});
    showButtons();
}

void AlarmsSection::showButtons()
{
    const bool edited = isEdited() && !m_waiting;
    m_discard->setEnabled(edited);
    m_save->setEnabled(edited && !console().age().isStale());
}

void AlarmsSection::showProblem(const QString &problem)
{
    m_lamp->setVisible(!problem.isEmpty());
    m_problem->setText(problem);
}

void AlarmsSection::refresh()
{
    Section::refresh();
    if (!m_waiting && !isEdited() && m_before != snapshot().config->alarms)
        load();
    showButtons();
}

void AlarmsSection::save()
{
    m_waiting = true;
    showProblem({});
    showButtons();
    const std::optional<Secret> key = m_key->typedKey();
    if (!key)
        return saveEntry();
    onAnswer(console().engine().storeKey(m_key->source().reference, *key), this, [this](const Status &status) {
        if (status)
            return saveEntry();
        m_waiting = false;
        showProblem(tr("The key was not stored, and nothing was saved: %1. An environment variable or a file can hold "
                       "it instead.")
                        .arg(status.error().reason));
        showButtons();
    });
}

void AlarmsSection::saveEntry()
{
    AlarmsConfig after;
    after.webhookUrl = QUrl(m_url->text().trimmed());
    after.webhookKey = m_key->source();
    if (!m_url->text().trimmed().isEmpty() && after.webhookUrl.isEmpty())
        after.webhookUrl = QUrl(QStringLiteral("invalid:")); // the loader says what is wrong with it
    const QJsonValue before = webhookValue(m_before);
    const QJsonValue wanted = webhookValue(after);
    const UndoableChange change { tr("change the webhook"),
                                  [wanted](Engine &engine) {
                                      return engine.applyEdits({ { webhookPlace, wanted } });
                                  },
                                  [before](Engine &engine) {
                                      return engine.applyEdits({ { webhookPlace, before } });
                                  } };
    makeUndoable(console(), change, [this, self = QPointer<AlarmsSection>(this)](const Status &status) {
        if (!self)
            return;
        m_waiting = false;
        console().refresh();
        if (status) {
            load();
            console().tell(tr("The webhook is saved and in use."));
        } else {
            showProblem(tr("Not saved: %1").arg(refusal(status.error(), webhookPlace)));
        }
        showButtons();
    });
}

} // namespace signalbox
