// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/firstrun/providerstep.h"

#include "ui/firstrun/keychoice.h"
#include "ui/page/answer.h"
#include "ui/page/console.h"
#include "ui/page/presetnotes.h"
#include "ui/page/undoable.h"
#include "ui/style/format.h"
#include "ui/style/lamp.h"

#include <QComboBox>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPointer>
#include <QPushButton>

namespace signalbox {

namespace {

constexpr qsizetype modelsShown = 6;

QString phasesOf(const ProbeReport &report)
{
    QStringList phases;
    const auto add = [&phases](const QString &name, const std::optional<double> &ms) {
        if (ms)
            phases.append(QStringLiteral("%1 %2").arg(name, formatLatency(ms)));
    };
    add(ProviderStep::tr("name"), report.dnsMs);
    add(ProviderStep::tr("connection"), report.connectMs);
    add(ProviderStep::tr("TLS"), report.tlsMs);
    add(ProviderStep::tr("first byte"), report.firstByteMs);
    add(ProviderStep::tr("in all"), report.totalMs > 0 ? std::optional(report.totalMs) : std::nullopt);
    return phases.join(QStringLiteral(", "));
}

QString modelsOf(const ProbeReport &report)
{
    QString text = QStringList(report.models.mid(0, modelsShown)).join(QStringLiteral(", "));
    const auto more = static_cast<int>(report.models.size() - modelsShown);
    return more > 0 ? ProviderStep::tr("%1 and %n more", nullptr, more).arg(text) : text;
}

} // namespace

ProviderStep::ProviderStep(int number, Console &console, QWidget *parent)
    : StepCard(number, tr("Add a provider"), console.appearance(), parent), m_console(console),
      m_presets(loadPresets()), m_preset(new QComboBox(this)), m_name(new QLineEdit(this)),
      m_baseUrl(new QLineEdit(this)), m_dialect(new QComboBox(this)), m_notes(new QLabel(this)),
      m_key(new KeyChoice(this)), m_test(new QPushButton(tr("&Test"), this)),
      m_add(new QPushButton(tr("&Add provider"), this)), m_lamp(new LampWidget(console.appearance(), this)),
      m_result(new QLabel(this))
{
    body()->addLayout(buildFields());
    body()->addLayout(buildOutcome());
    for (const ProviderPreset &preset : m_presets)
        m_preset->addItem(preset.title);
    m_preset->addItem(tr("Another one"));
    connect(m_preset, &QComboBox::currentIndexChanged, this, &ProviderStep::choosePreset);
    for (QLineEdit *edit : { m_name, m_baseUrl })
        connect(edit, &QLineEdit::textChanged, this, &ProviderStep::forgetTest);
    connect(m_dialect, &QComboBox::currentIndexChanged, this, &ProviderStep::forgetTest);
    connect(m_key, &KeyChoice::edited, this, &ProviderStep::forgetTest);
    connect(m_test, &QPushButton::clicked, this, &ProviderStep::test);
    connect(m_add, &QPushButton::clicked, this, &ProviderStep::add);
    choosePreset();
}

QLayout *ProviderStep::buildFields()
{
    m_preset->setObjectName(QStringLiteral("preset"));
    m_name->setObjectName(QStringLiteral("newName"));
    m_baseUrl->setObjectName(QStringLiteral("newBaseUrl"));
    m_dialect->setObjectName(QStringLiteral("newDialect"));
    m_dialect->setAccessibleName(tr("Dialect"));
    for (const Dialect dialect : { Dialect::OpenAi, Dialect::Anthropic, Dialect::Gemini })
        m_dialect->addItem(dialect == Dialect::OpenAi          ? QStringLiteral("OpenAI")
                               : dialect == Dialect::Anthropic ? QStringLiteral("Anthropic")
                                                               : QStringLiteral("Gemini"),
                           static_cast<int>(dialect));
    m_notes->setObjectName(QStringLiteral("presetNotes"));
    m_notes->setForegroundRole(QPalette::PlaceholderText);
    m_notes->setWordWrap(true);
    auto *grid = new QGridLayout;
    grid->setHorizontalSpacing(8);
    grid->setVerticalSpacing(6);
    const auto add = [this, grid](int row, int column, const QString &text, QWidget *field, int span = 1) {
        auto *label = new QLabel(text, this);
        label->setBuddy(field);
        grid->addWidget(label, row, column);
        grid->addWidget(field, row, column + 1, 1, span);
    };
    add(0, 0, tr("P&rovider:"), m_preset);
    add(0, 2, tr("&Name:"), m_name);
    add(0, 4, tr("&Base URL:"), m_baseUrl);
    grid->addWidget(m_dialect, 0, 6);
    grid->addWidget(m_notes, 1, 1, 1, 6);
    auto *key = new QLabel(tr("&Key:"), this);
    key->setBuddy(m_key->findChild<QComboBox *>());
    grid->addWidget(key, 2, 0, Qt::AlignTop);
    grid->addWidget(m_key, 2, 1, 1, 6);
    grid->setColumnStretch(3, 1);
    grid->setColumnStretch(5, 2);
    return grid;
}

QLayout *ProviderStep::buildOutcome()
{
    m_test->setObjectName(QStringLiteral("testNew"));
    m_add->setObjectName(QStringLiteral("addNew"));
    m_result->setObjectName(QStringLiteral("newResult"));
    m_result->setWordWrap(true);
    m_result->setTextFormat(Qt::PlainText);
    m_result->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_lamp->hide();
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(m_test, 0, Qt::AlignTop);
    row->addWidget(m_add, 0, Qt::AlignTop);
    row->addWidget(m_lamp);
    row->addWidget(m_result, 1);
    return row;
}

void ProviderStep::choosePreset()
{
    const auto at = static_cast<std::size_t>(m_preset->currentIndex());
    const ProviderPreset preset = at < m_presets.size() ? m_presets[at] : ProviderPreset();
    m_name->setText(preset.name);
    m_baseUrl->setText(preset.baseUrl.toString());
    m_dialect->setCurrentIndex(m_dialect->findData(static_cast<int>(preset.dialect)));
    m_notes->setText(at < m_presets.size() ? presetNotes(preset)
                                           : tr("Its base URL is what the vendor's SDK takes; the dialect is the one "
                                                "that it answers in."));
    m_key->setPreset(preset);
    forgetTest();
}

ProviderDraft ProviderStep::draft() const
{
    ProviderDraft draft;
    draft.name = m_name->text().trimmed();
    draft.dialect = static_cast<Dialect>(m_dialect->currentData().toInt());
    draft.baseUrl = m_baseUrl->text().trimmed();
    draft.key = m_key->source(draft.name);
    return draft;
}

/// What was tried is another provider than this one.
void ProviderStep::forgetTest()
{
    ++m_question;
    if (!m_waiting) {
        m_result->clear();
        m_lamp->hide();
    }
    showButtons();
}

void ProviderStep::showButtons()
{
    const bool complete = !m_baseUrl->text().trimmed().isEmpty() && (!m_key->isTyped() || m_key->typedKey());
    m_test->setEnabled(m_editable && !m_waiting && complete);
    m_add->setEnabled(m_editable && !m_waiting && complete && !m_name->text().trimmed().isEmpty());
    for (QWidget *field : std::initializer_list<QWidget *> { m_preset, m_name, m_baseUrl, m_dialect, m_key })
        field->setEnabled(m_editable);
}

void ProviderStep::refresh(const QString &fixedBecause)
{
    m_editable = fixedBecause.isEmpty();
    QStringList names;
    for (const ProviderSnapshot &provider : m_console.snapshot()->providers) {
        if (!provider.simulated)
            names.append(provider.keyMissing ? tr("%1 (key missing: %2)").arg(provider.name, provider.keyProblem)
                                             : provider.name);
    }
    if (!m_editable)
        setState(false, fixedBecause);
    else if (names.isEmpty())
        setState(false, tr("Who answers the requests of your tools."));
    else
        setState(true, tr("There: %1. You can add more.").arg(names.join(QStringLiteral(", "))));
    showButtons();
}

void ProviderStep::say(bool good, const QString &text)
{
    m_lamp->setShape(good ? LampShape::Circle : LampShape::Triangle);
    m_lamp->setVisible(!text.isEmpty());
    m_result->setText(text);
}

void ProviderStep::test()
{
    const quint64 question = ++m_question;
    m_test->setEnabled(false);
    m_lamp->hide();
    m_result->setText(tr("Asking for its model list, which costs nothing…"));
    onAnswer(m_console.engine().testProvider(draft(), m_key->typedKey()), this,
             [this, question](const ProbeReport &report) {
                 if (question == m_question)
                     showReport(report);
             });
}

void ProviderStep::showReport(const ProbeReport &report)
{
    QStringList lines { report.verdict };
    if (const QString phases = phasesOf(report); !phases.isEmpty())
        lines.append(tr("Time: %1.").arg(phases));
    if (!report.models.isEmpty())
        lines.append(tr("Models: %1.").arg(modelsOf(report)));
    say(report.usable, lines.join(QLatin1Char('\n')));
    m_result->setToolTip(report.models.join(QLatin1Char('\n')));
    showButtons();
}

void ProviderStep::add()
{
    const ProviderDraft added = draft();
    m_waiting = true;
    m_lamp->hide();
    m_result->setText(tr("Adding it…"));
    showButtons();
    const std::optional<Secret> key = m_key->typedKey();
    if (key && m_key->kind() == KeyChoice::Kind::Keyring)
        storeThenAdd(added, *key);
    else
        addNow(added, key);
}

void ProviderStep::storeThenAdd(const ProviderDraft &draft, const Secret &key)
{
    onAnswer(m_console.engine().storeKey(draft.key.reference, key), this, [this, draft](const Status &status) {
        if (status)
            return addNow(draft, std::nullopt);
        finish(tr("Not added: the key could not be kept. Choose how to go on."));
        m_key->explainNoKeyring(status.error().reason);
        say(false, tr("Not added: the key could not be kept. Choose how to go on."));
    });
}

void ProviderStep::addNow(const ProviderDraft &draft, const std::optional<Secret> &sessionKey)
{
    const QString name = draft.name;
    const UndoableChange change { tr("add %1").arg(name), [draft](Engine &engine) { return engine.addProvider(draft); },
                                  [name](Engine &engine) { return engine.removeProvider(name); } };
    makeUndoable(m_console, change, [step = QPointer(this), name, sessionKey](const Status &status) {
        if (!step)
            return;
        if (!status)
            return step->finish(tr("Not added: %1").arg(status.error().reason));
        if (!sessionKey)
            return step->finish({});
        onAnswer(step->m_console.engine().setSessionKey(name, *sessionKey), step.data(), [step](const Status &given) {
            step->finish(given ? QString() : tr("Added, but its key is not used: %1").arg(given.error().reason));
        });
    });
}

void ProviderStep::finish(const QString &problem)
{
    m_waiting = false;
    const QString name = m_name->text().trimmed();
    if (problem.isEmpty()) {
        m_key->forget();
        forgetTest();
        say(true, tr("%1 is added.").arg(name));
    } else {
        say(false, problem);
    }
    showButtons();
}

} // namespace signalbox
