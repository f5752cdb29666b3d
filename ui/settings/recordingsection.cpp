// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/recordingsection.h"

#include "ui/page/answer.h"
#include "ui/page/commanddialog.h"
#include "ui/settings/configfield.h"
#include "ui/style/appearance.h"
#include "ui/style/card.h"
#include "ui/style/format.h"
#include "ui/style/lamp.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>

namespace signalbox {

namespace {

constexpr double hour = 3'600'000;
constexpr double day = 24 * hour;
constexpr double kibibyte = 1024;

ConfigNumber::Spec duration(const QString &member, Milliseconds MetricsConfig::*value, double perUnit)
{
    ConfigNumber::Spec spec;
    spec.pointer = QStringLiteral("/metrics/") + member;
    spec.value = [value](const Config &config) { return qint64 { (config.metrics.*value).count() }; };
    spec.perUnit = perUnit;
    spec.unit = perUnit == hour ? RecordingSection::tr("h") : RecordingSection::tr("days");
    spec.decimals = 3;
    return spec;
}

} // namespace

RecordingSection::RecordingSection(Console &console, QWidget *parent)
    : Section(QStringLiteral("recording"), tr("Recording"), console, parent)
{
    Card *card = addCard(tr("History on disk"));
    addState(card);
    add(card,
        new ConfigCheck(
            console,
            { QStringLiteral("recording"), tr("&Record requests and events"),
              tr("Without a recording, charts and replays reach back to the start of Signalbox only. Keys "
                 "are never recorded."),
              tr("history database disk logging") },
            { QStringLiteral("/metrics/recording"), [](const Config &config) { return config.metrics.recording; } }));
    ConfigNumber::Spec size;
    size.pointer = QStringLiteral("/metrics/maxMegabytes");
    size.value = [](const Config &config) { return qint64 { config.metrics.maxMegabytes }; };
    size.unit = tr("MiB");
    size.step = 256;
    add(card,
        new ConfigNumber(console,
                         { QStringLiteral("maxMegabytes"), tr("&Largest file"),
                           tr("Past it the oldest bodies and requests go first."), tr("size disk limit megabytes") },
                         size));
    addTimes();
    addBodies();
}

void RecordingSection::addState(Card *card)
{
    m_lamp = new LampWidget(console().appearance(), card);
    m_state = new QLabel(card);
    m_state->setObjectName(QStringLiteral("recordingState"));
    m_state->setWordWrap(true);
    m_state->setTextFormat(Qt::PlainText);
    m_delete = new QPushButton(tr("&Delete all…"), card);
    m_delete->setObjectName(QStringLiteral("deleteHistory"));
    connect(m_delete, &QPushButton::clicked, this, &RecordingSection::askToDelete);
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(m_lamp);
    row->addWidget(m_state, 1);
    row->addWidget(m_delete);
    card->body()->addLayout(row);
}

void RecordingSection::addTimes()
{
    Card *card = addCard(tr("How long it is kept"));
    ConfigNumber::Spec requests = duration(QStringLiteral("retentionMs"), &MetricsConfig::retentionMs, hour);
    requests.variable = QStringLiteral("METRICS_RETENTION");
    add(card,
        new ConfigNumber(console(),
                         { QStringLiteral("retention"), tr("Re&quests"), tr("Each request with its attempts."),
                           tr("retention history") },
                         requests));
    add(card,
        new ConfigNumber(console(),
                         { QStringLiteral("stateRetention"), tr("Eve&nts"),
                           tr("State changes, and what a replay of thresholds needs."),
                           tr("retention journal states") },
                         duration(QStringLiteral("stateRetentionMs"), &MetricsConfig::stateRetentionMs, day)));
    add(card,
        new ConfigNumber(
            console(),
            { QStringLiteral("secondsRetention"), tr("Figures by the se&cond"), {}, tr("retention roll-up charts") },
            duration(QStringLiteral("secondsRetentionMs"), &MetricsConfig::secondsRetentionMs, hour)));
    add(card,
        new ConfigNumber(
            console(),
            { QStringLiteral("minutesRetention"), tr("Figures by the &minute"), {}, tr("retention roll-up charts") },
            duration(QStringLiteral("minutesRetentionMs"), &MetricsConfig::minutesRetentionMs, day)));
    add(card,
        new ConfigNumber(console(),
                         { QStringLiteral("hoursRetention"), tr("Figures by the ho&ur"),
                           tr("What charts of a week and more are drawn from."), tr("retention roll-up charts") },
                         duration(QStringLiteral("hoursRetentionMs"), &MetricsConfig::hoursRetentionMs, day)));
}

void RecordingSection::addBodies()
{
    Card *card = addCard(tr("Bodies"));
    CommandQuestion question;
    question.title = tr("Record what tools and providers say?");
    question.consequence =
        tr("Prompts and answers then stand in the history file until they expire. Keys in them are masked, but nothing "
           "else is. A provider's own setting goes before this one.");
    question.verb = tr("Record bodies");
    add(card,
        new ConfigCheck(console(),
                        { QStringLiteral("capture"), tr("Record &bodies of requests and answers"),
                          tr("Off: the inspector shows headers and figures, never what was said."),
                          tr("capture prompts content privacy") },
                        { QStringLiteral("/capture/enabled"),
                          [](const Config &config) { return config.capture.enabled; },
                          [question](bool on) { return on ? std::optional(question) : std::nullopt; } }));
    ConfigNumber::Spec cap;
    cap.pointer = QStringLiteral("/capture/capBytes");
    cap.value = [](const Config &config) { return qint64 { config.capture.capBytes }; };
    cap.unit = tr("KiB");
    cap.perUnit = kibibyte;
    cap.step = 64;
    add(card,
        new ConfigNumber(console(),
                         { QStringLiteral("captureCap"), tr("Largest bod&y"), tr("What is longer is cut."),
                           tr("capture size limit") },
                         cap));
    add(card,
        new ConfigNumber(console(),
                         { QStringLiteral("captureRetention"), tr("&Keep bodies for"), {}, tr("capture retention") },
                         duration(QStringLiteral("captureRetentionMs"), &MetricsConfig::captureRetentionMs, hour)));
}

void RecordingSection::refresh()
{
    Section::refresh();
    const RecordingSnapshot &recording = snapshot().recording;
    m_delete->setEnabled(recording.state != RecordingState::Off && !console().age().isStale());
    QString text;
    switch (recording.state) {
    case RecordingState::Recording:
        m_lamp->setShape(LampShape::Circle);
        text = tr("Recording. The file has %1.")
                   .arg(QLocale().formattedDataSize(static_cast<qint64>(recording.fileBytes), 1));
        break;
    case RecordingState::Stopped:
        m_lamp->setShape(LampShape::Square);
        text = tr("Cannot record, requests still pass: %1").arg(recording.reason);
        break;
    case RecordingState::Off:
        m_lamp->setShape(LampShape::SlashedCircle);
        text = recording.reason.isEmpty() ? tr("Off.") : tr("Off: %1").arg(recording.reason);
        break;
    }
    if (recording.droppedEvents > 0)
        text += QLatin1Char(' ') +
            tr("%1 events did not get into it.").arg(QLocale().toString(qulonglong { recording.droppedEvents }));
    if (m_state->text() != text)
        m_state->setText(text);
}

void RecordingSection::askToDelete()
{
    CommandQuestion question;
    question.title = tr("Delete everything that was recorded?");
    question.consequence = tr("All requests, bodies, events and figures are deleted from disk and from memory. This "
                              "cannot be undone. Breakers, alarms and counters since the start stay as they are.");
    question.verb = tr("Delete all");
    auto *dialog = new CommandDialog(question, window());
    connect(dialog, &QDialog::accepted, this, &RecordingSection::deleteAll);
    dialog->open();
}

void RecordingSection::deleteAll()
{
    m_delete->setEnabled(false);
    onAnswer(console().engine().deleteHistory(), this, [this](const Status &status) {
        if (status) {
            console().forgetRecorded();
            console().tell(tr("Everything that was recorded is deleted."));
        } else {
            console().reportFailure(tr("The recording was not deleted: %1").arg(status.error().reason));
        }
        console().refresh();
        refresh();
    });
}

} // namespace signalbox
