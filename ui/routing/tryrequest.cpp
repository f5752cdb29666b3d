// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/routing/tryrequest.h"

#include "ui/page/answer.h"
#include "ui/page/console.h"
#include "ui/routing/routewords.h"
#include "ui/style/flattable.h"
#include "ui/style/format.h"

#include <QCheckBox>
#include <QComboBox>
#include <QCompleter>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QSet>
#include <QSpinBox>
#include <QStringListModel>

#include <algorithm>

namespace signalbox {

namespace {

constexpr std::chrono::milliseconds typingPause { 150 };
constexpr int largestKib = 4 * 1024 * 1024;
constexpr int usualKib = 16;

struct Endpoint
{
    Dialect dialect;
    const char *path;
    bool generates; ///< else it is short: a count, a list, an embedding
    bool canStream;
};

constexpr std::array<Endpoint, 7> endpoints { { { Dialect::OpenAi, "chat/completions", true, true },
                                                { Dialect::OpenAi, "responses", true, true },
                                                { Dialect::OpenAi, "embeddings", false, false },
                                                { Dialect::Anthropic, "messages", true, true },
                                                { Dialect::Anthropic, "messages/count_tokens", false, false },
                                                { Dialect::Gemini, "generateContent", true, true },
                                                { Dialect::Gemini, "countTokens", false, false } } };

} // namespace

TryRequest::TryRequest(Console &console, QWidget *parent)
    : QWidget(parent), m_console(console), m_candidates(new CandidateModel(this)), m_endpoint(new QComboBox(this)),
      m_model(new QLineEdit(this)), m_suggestions(new QStringListModel(this)),
      m_stream(new QCheckBox(tr("&Streamed"), this)), m_size(new QSpinBox(this)), m_summary(new QLabel(this)),
      m_table(
          new FlatTable(*m_candidates, console.appearance(), CandidateModel::LampRole, CandidateModel::TintRole, this))
{
    m_table->setObjectName(QStringLiteral("candidates"));
    m_table->setAccessibleName(tr("Providers for this request"));
    m_table->setEmptyText(tr("No provider is configured."));
    m_table->sizeColumns({ QStringLiteral("100"), QStringLiteral("anthropic-eu-west"),
                           QString(tr("Next in line") + QStringLiteral("MM")), QStringLiteral("claude-sonnet-4-5"),
                           QStringLiteral("100"),
                           tr("first byte %1, then gaps of %2").arg(QStringLiteral("90 s"), QStringLiteral("5 min")),
                           QString() });
    m_summary->setObjectName(QStringLiteral("trySummary"));
    m_summary->setWordWrap(true);
    m_summary->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_typing.setSingleShot(true);
    m_typing.setInterval(typingPause);
    connect(&m_typing, &QTimer::timeout, this, &TryRequest::ask);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addLayout(buildQuestion());
    layout->addWidget(m_summary);
    layout->addWidget(m_table, 1);
}

QLayout *TryRequest::buildQuestion()
{
    m_endpoint->setObjectName(QStringLiteral("tryEndpoint"));
    m_endpoint->setAccessibleName(tr("Kind of request"));
    buildEndpoints();
    m_model->setObjectName(QStringLiteral("tryModel"));
    m_model->setAccessibleName(tr("Model"));
    m_model->setPlaceholderText(tr("none named"));
    m_model->setMinimumWidth(160);
    auto *completer = new QCompleter(m_suggestions, m_model);
    completer->setFilterMode(Qt::MatchContains);
    completer->setCaseSensitivity(Qt::CaseInsensitive);
    m_model->setCompleter(completer);
    m_stream->setObjectName(QStringLiteral("tryStream"));
    m_stream->setChecked(true);
    m_size->setObjectName(QStringLiteral("trySize"));
    m_size->setAccessibleName(tr("Size of the request"));
    m_size->setRange(0, largestKib);
    m_size->setValue(usualKib);
    m_size->setSuffix(QStringLiteral("\u202FKiB"));
    m_size->setGroupSeparatorShown(true);
    connect(m_endpoint, &QComboBox::currentIndexChanged, this, &TryRequest::ask);
    connect(m_model, &QLineEdit::textChanged, this, [this] { m_typing.start(); });
    connect(m_model, &QLineEdit::returnPressed, this, &TryRequest::ask);
    connect(m_stream, &QCheckBox::toggled, this, &TryRequest::ask);
    connect(m_size, &QSpinBox::valueChanged, this, &TryRequest::ask);
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    const auto add = [this, row](const QString &text, QWidget *field, int stretch = 0) {
        auto *label = new QLabel(text, this);
        label->setBuddy(field);
        row->addWidget(label);
        row->addWidget(field, stretch);
    };
    add(tr("&Request:"), m_endpoint);
    add(tr("&Model:"), m_model, 1);
    add(tr("Si&ze:"), m_size);
    row->addWidget(m_stream);
    return row;
}

void TryRequest::buildEndpoints()
{
    for (const Endpoint &endpoint : endpoints)
        m_endpoint->addItem(QStringLiteral("%1 %2").arg(dialectTitle(endpoint.dialect), QLatin1String(endpoint.path)));
}

void TryRequest::focusModel()
{
    m_model->setFocus(Qt::ShortcutFocusReason);
    m_model->selectAll();
}

CandidateModel::Wait TryRequest::wait() const
{
    const Endpoint &endpoint = endpoints[static_cast<std::size_t>(m_endpoint->currentIndex())];
    if (!endpoint.generates)
        return CandidateModel::Wait::Other;
    return endpoint.canStream && m_stream->isChecked() ? CandidateModel::Wait::Stream : CandidateModel::Wait::Answer;
}

void TryRequest::refresh()
{
    suggestModels();
    if (!m_typing.isActive())
        ask();
}

void TryRequest::ask()
{
    m_typing.stop();
    const Endpoint &endpoint = endpoints[static_cast<std::size_t>(m_endpoint->currentIndex())];
    m_stream->setEnabled(endpoint.canStream);
    RouteQuery query;
    query.dialect = endpoint.dialect;
    query.model = m_model->text().trimmed().toUtf8();
    const quint64 question = ++m_question;
    onAnswer(m_console.engine().dryRun(query), this, [this, question, model = query.model](const DryRun &run) {
        if (question == m_question)
            show(run, model);
    });
}

void TryRequest::show(const DryRun &run, const QByteArray &model)
{
    m_candidates->setRun(run, model, wait(), *m_console.snapshot()->config);
    m_summary->setText(QStringLiteral("%1 %2").arg(run.summary, remarks()).trimmed());
}

QString TryRequest::remarks() const
{
    const Config &config = *m_console.snapshot()->config;
    const qint64 bytes = qint64 { m_size->value() } * 1024;
    if (bytes > config.limits.bodyBytes)
        return tr("But a request of this size is refused before anyone is asked: the limit is %1 (limits.bodyBytes).")
            .arg(withUnit(formatCount(static_cast<std::uint64_t>(config.limits.bodyBytes / 1024)),
                          QStringLiteral("KiB")));
    QString text = config.proxy.failoverAfterSend ? tr("If it fails before its answer began, the next one is asked.")
                                                  : tr("Once it was sent, no other one is asked.");
    if (wait() == CandidateModel::Wait::Stream)
        text += QLatin1Char(' ') + tr("A stream that has begun is never sent again.");
    return text;
}

/// What clients asked for, and the names in the model maps.
void TryRequest::suggestModels()
{
    QSet<QString> names;
    for (const ProviderSnapshot &provider : m_console.snapshot()->providers) {
        for (const ModelTotals &model : provider.totals.models) {
            if (model.model != QLatin1String("other") && !model.model.isEmpty())
                names.insert(model.model);
        }
    }
    for (const ProviderConfig &provider : m_console.snapshot()->config->providers) {
        for (const ModelMapping &mapping : provider.models) {
            if (!mapping.pattern.contains(QLatin1Char('*')))
                names.insert(mapping.pattern);
        }
    }
    QStringList sorted(names.begin(), names.end());
    sorted.sort();
    if (sorted != m_suggestions->stringList())
        m_suggestions->setStringList(sorted);
}

void TryRequest::hideEvent(QHideEvent *event)
{
    m_typing.stop();
    QWidget::hideEvent(event);
}

} // namespace signalbox
